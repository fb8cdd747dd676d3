package io.millrace.server.gateway;

import static io.millrace.server.gateway.Requests.OPERATION;
import static io.millrace.server.gateway.Requests.direct;
import static io.millrace.server.gateway.Requests.get;
import static io.millrace.server.gateway.Requests.post;
import static io.millrace.server.gateway.Requests.serve;
import static io.millrace.server.gateway.Requests.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.live.PipelineStatus;
import io.millrace.engine.yaml.Problem;
import io.millrace.server.http.Answer;
import io.millrace.server.http.Route;
import io.millrace.server.ops.Balance;
import io.millrace.server.ops.LogWatch;
import io.millrace.server.ops.Observed;
import io.millrace.server.ops.Operations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every request holds for those whose head is known, whatever has changed since it became known. */
@Timeout(60)
class DirectLifeTest {

    @TempDir
    Path folder;

    private TestGateway server() throws Exception {
        return server(TestGateway.limits());
    }

    private TestGateway server(GatewayConfig.Limits limits) throws Exception {
        return Requests.server(folder, limits);
    }

    @Test
    void aClientThatIsDisabledInBetweenIsShutOut() throws Exception {
        try (TestGateway server = server();
                Raw raw = new Raw(server.port())) {
            String request = post(server, "{\"n\":1}");
            for (int i = 0; i < 2; i++) {
                assertThat(raw.say(request).hear().status()).isEqualTo(202);
            }
            server.auth.issuer().orElseThrow().clients().disable("tester");
            org.awaitility.Awaitility.await()
                    .until(() -> raw.say(request).hear().status() == 401);
            Raw.Heard direct = raw.say(request).hear();
            assertThat(direct(raw)).isGreaterThanOrEqualTo(3);
            try (Raw fresh = new Raw(server.port())) {
                Raw.Heard parsed = fresh.say(request).hear();
                assertThat(parsed.status()).isEqualTo(401);
                assertThat(told(direct)).isEqualTo(told(parsed));
            }
        }
    }

    @Test
    void routesThatAreReplacedInBetweenAreThoseThatAnswer() throws Exception {
        try (TestGateway server = server();
                Raw raw = new Raw(server.port())) {
            Route one = new Route("GET", "/r", null, OPERATION, request -> Answer.json("1"));
            Route two = new Route("GET", "/r", null, OPERATION, request -> Answer.json("2"));
            Route other = new Route("POST", "/r", null, OPERATION, request -> Answer.json("3"));
            serve(server, one);
            assertThat(raw.say(get("/r")).hear().body()).isEqualTo("1");
            assertThat(raw.say(get("/r")).hear().body()).isEqualTo("1");
            serve(server);
            assertThat(raw.say(get("/r")).hear().status()).isEqualTo(404);
            serve(server, other);
            Raw.Heard refused = raw.say(get("/r")).hear();
            assertThat(refused.status()).isEqualTo(405);
            assertThat(refused.head()).contains("Allow: POST");
            serve(server, two);
            assertThat(raw.say(get("/r")).hear().body()).isEqualTo("2");
            assertThat(direct(raw)).isEqualTo(4);
        }
    }

    @Test
    void aClientIsHeldToItsRate() throws Exception {
        try (TestGateway server = server(TestGateway.limits(Duration.ofSeconds(30), 1, 1000));
                Raw raw = new Raw(server.port())) {
            String request = post(server, "{}");
            int taken = 0;
            Raw.Heard last = raw.say(request).hear();
            while (last.status() == 202 && taken < 20) {
                taken++;
                last = raw.say(request).hear();
            }
            assertThat(last.status()).isEqualTo(429);
            assertThat(last.head()).contains("Retry-After: 1\r\n");
            assertThat(direct(raw)).isEqualTo(taken);
            assertThat(server.records()).hasSize(taken);
        }
    }

    @Test
    void tracesFollowDirectRequestsAsOthers() throws Exception {
        try (TestGateway server = server();
                Raw raw = new Raw(server.port())) {
            Trail trail = new Trail();
            server.telemetry.tracing(trail);
            for (String body : List.of("{}", "{}", "{", "{}")) {
                raw.say(post(server, body)).hear();
            }
            List<String> one = List.of("POST /events", "append 1 to events", "stored in 0", "appended", "end 202");
            List<String> expected = new ArrayList<>();
            expected.addAll(one);
            expected.addAll(one);
            expected.addAll(List.of("POST /events", "end 400"));
            expected.addAll(one);
            server.telemetry.tracing(null);
            assertThat(direct(raw)).isEqualTo(3);
            assertThat(trail.heard).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 60, 10_000})
    void aClientThatStopsWithinARequestIsCut(int missing) throws Exception {
        try (TestGateway server = server(TestGateway.limits(Duration.ofMillis(300), null, 1000));
                Raw raw = new Raw(server.port())) {
            String request = post(server, "{}");
            for (int i = 0; i < 2; i++) {
                assertThat(raw.say(request).hear().status()).isEqualTo(202);
            }
            // The head of an announced body that does not come, a part of the head, or nothing.
            raw.say(missing < request.length() ? request.substring(0, request.length() - missing) : "");
            assertThat(raw.rest()).isEmpty();
            assertThat(server.records()).hasSize(2);
        }
    }

    /** A handler that can be held up, and how often it was called. */
    private static final class Slow {
        final Semaphore called = new Semaphore(0);
        final CountDownLatch end = new CountDownLatch(1);
        private boolean first = true;

        Route route() {
            return new Route("GET", "/slow", null, OPERATION, request -> {
                if (first) {
                    first = false;
                    return Answer.of(200);
                }
                called.release();
                end.await();
                return Answer.json(Integer.toString(((Exchange) request).wire().directRequests()));
            });
        }
    }

    @Test
    void aServerThatStopsEndsWhatIsUnderWayDirectly() throws Exception {
        try (TestGateway server = server()) {
            Slow slow = new Slow();
            serve(server, slow.route());
            try (Raw raw = new Raw(server.port())) {
                assertThat(raw.say(get("/slow")).hear().status()).isEqualTo(200);
                List<Raw> idle = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    idle.add(new Raw(server.port()));
                    assertThat(idle.getLast().say(post(server, "{}")).hear().status())
                            .isEqualTo(202);
                }
                raw.say(get("/slow"));
                slow.called.acquire();
                Thread closing = Thread.ofVirtual().start(server.gateway::close);
                for (Raw each : idle) {
                    assertThat(each.rest()).isEmpty();
                    each.close();
                }
                slow.end.countDown();
                Raw.Heard heard = raw.hear();
                assertThat(heard.status()).isEqualTo(200);
                assertThat(heard.body()).as("it was answered directly").isEqualTo("1");
                assertThat(raw.rest()).isEmpty();
                closing.join();
            }
        }
    }

    /** Mostly: an interrupt that comes while the answer is written closes the connection, which says the same. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTakesLongerThanThereIsToDrainIsToldThatTheServerStops(boolean known) throws Exception {
        Raw.@Nullable Heard answer = null;
        for (int i = 0; i < 20 && answer == null; i++) {
            answer = whatIsHeardOfADrainThatIsTooShort(folder.resolve("home-" + i), known);
        }
        Raw.Heard heard = java.util.Objects.requireNonNull(answer, "no answer in any of 20 times");
        assertThat(heard.status()).isEqualTo(503);
        assertThat(heard.head()).contains("Retry-After: 5\r\n").contains("application/problem+json");
        assertThat(TestGateway.object(heard.body()))
                .containsEntry("type", "urn:millrace:problem:stopping")
                .containsEntry("title", "The server is shutting down");
    }

    /** Null where the connection was closed. */
    private static Raw.@Nullable Heard whatIsHeardOfADrainThatIsTooShort(Path home, boolean known) throws Exception {
        TestGateway.Setting usual = TestGateway.Setting.usual();
        TestGateway.Setting hasty = new TestGateway.Setting(
                new GatewayConfig("127.0.0.1", 0, null, TestGateway.limits(), Duration.ofMillis(200)),
                usual.logOptions(),
                1,
                null);
        java.nio.file.Files.createDirectories(home);
        try (TestGateway server = new TestGateway(home, hasty)) {
            Slow slow = new Slow();
            serve(server, slow.route());
            try (Raw raw = new Raw(server.port())) {
                assertThat(raw.say(get("/slow", known ? "X: 1" : "X: 2")).hear().status())
                        .isEqualTo(200);
                raw.say(get("/slow", "X: 1"));
                slow.called.acquire();
                server.gateway.close();
                Raw.Heard heard;
                try {
                    heard = raw.hear();
                } catch (java.io.IOException e) {
                    return null;
                }
                assertThat(raw.rest()).isEmpty();
                return heard;
            }
        }
    }

    private static final class NoPipelines implements Observed {
        @Override
        public Map<String, Balance> balances() {
            return Map.of();
        }

        @Override
        public List<PipelineStatus> statuses() {
            return List.of();
        }

        @Override
        public Map<Path, List<Problem>> refused() {
            return Map.of();
        }

        @Override
        public Optional<String> unreadable() {
            return Optional.empty();
        }

        @Override
        public Map<String, String> streams() {
            return Map.of();
        }
    }

    @Test
    void metricsCountDirectRequestsAsOthers() throws Exception {
        try (TestGateway server = server();
                Operations operations = new Operations(
                        server.telemetry,
                        server.log,
                        new LogWatch(server.telemetry, folder),
                        server.auth,
                        new NoPipelines(),
                        InstantSource.system(),
                        true,
                        null);
                Raw raw = new Raw(server.port())) {
            operations.start();
            serve(server, operations.routes().toArray(new Route[0]));
            for (String body : List.of("{}", "{}", "{", "[{},{}]", "{}")) {
                raw.say(post(server, body)).hear();
            }
            assertThat(direct(raw)).isEqualTo(4);
            List<String> counts = raw.say(get("/metrics"))
                    .hear()
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("http_server_request_duration_seconds_count")
                            && line.contains("\"/events\""))
                    .map(line -> line.replaceAll(".*status_code=\"(\\d+)\".* (\\d+).*", "$1: $2"))
                    .sorted()
                    .toList();
            assertThat(counts).containsExactly("202: 4", "400: 1");
        }
    }
}
