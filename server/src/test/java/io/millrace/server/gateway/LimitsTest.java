package io.millrace.server.gateway;

import static io.millrace.server.gateway.TestGateway.limits;
import static io.millrace.server.gateway.TestGateway.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.api.ByteSize;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.StuckDisk;
import io.millrace.server.auth.Scope;
import io.millrace.server.http.Answer;
import io.millrace.server.http.Operation;
import io.millrace.server.http.Route;
import io.millrace.testkit.SmallDisk;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Those who send too much, too slowly or too often, and a disk that is full: the others go on. */
@Timeout(60)
class LimitsTest {

    @TempDir
    Path folder;

    private static final Duration SHORT = Duration.ofMillis(800);

    private TestGateway impatient() throws Exception {
        return new TestGateway(folder, TestGateway.Setting.usual().with(limits(SHORT, null, 1000)));
    }

    @Test
    void aConnectionThatSaysNothingIsEnded() throws Exception {
        try (TestGateway server = impatient();
                Raw raw = new Raw(server.port())) {
            assertThat(raw.rest()).isEmpty();
        }
    }

    @Test
    void aConnectionThatIsIdleIsEnded() throws Exception {
        try (TestGateway server = impatient();
                Raw raw = new Raw(server.port())) {
            raw.say(Raw.head(server.token, "Content-Length: 2") + "\r\n{}");
            assertThat(raw.hear().status()).isEqualTo(202);
            assertThat(raw.rest()).isEmpty();
        }
    }

    @Test
    void aHeadThatComesByteByByteIsCutThoughEachByteIsInTime() throws Exception {
        try (TestGateway server = impatient()) {
            List<Raw> slow = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                slow.add(new Raw(server.port()).say("POST /events HTTP/1.1\r\nX-Padding: "));
            }
            List<Raw> open = new ArrayList<>(slow);
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                open.removeIf(raw -> !saysOneMore(raw));
                // The others are served all the while.
                return server.json("{}").statusCode() == 202 && open.isEmpty();
            });
            for (Raw raw : slow) {
                raw.close();
            }
        }
    }

    private static boolean saysOneMore(Raw raw) {
        try {
            raw.say("x");
            return true;
        } catch (java.io.IOException e) {
            // It was cut, which is what is waited for.
            return false;
        }
    }

    @Test
    void aBodyThatStopsIsCutAndItsMemoryIsFree() throws Exception {
        try (TestGateway server = impatient();
                Raw raw = new Raw(server.port())) {
            raw.say(Raw.head(server.token, "Content-Length: 100000") + "\r\n{\"half\":");
            assertThat(raw.rest()).isEmpty();
            assertThat(server.records()).isEmpty();
        }
    }

    @Test
    void aBodyThatTricklesIsAnsweredWith408() throws Exception {
        try (TestGateway server = impatient();
                Raw raw = new Raw(server.port())) {
            raw.say(Raw.head(server.token, "Content-Length: 100000") + "\r\n");
            Thread trickle = Thread.ofVirtual().start(() -> {
                while (saysOneMore(raw)) {
                    java.util.concurrent.locks.LockSupport.parkNanos(
                            Duration.ofMillis(20).toNanos());
                }
            });
            Raw.Heard heard = raw.hear();
            assertThat(heard.status()).isEqualTo(408);
            assertThat(heard.body()).contains("at least 1000 bytes a second");
            raw.socket.shutdownOutput();
            trickle.join();
        }
    }

    @Test
    void anAnswerThatNobodyTakesIsCut() throws Exception {
        try (TestGateway server = impatient();
                Raw raw = new Raw(server.port())) {
            server.gateway.routes(Routes.NONE.and(new Route(
                    "GET",
                    "/large",
                    null,
                    Operation.of("test", "A test"),
                    request -> Answer.text("text/plain", "x".repeat(50_000_000)))));
            raw.say("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
            String got = raw.hearAfter(SHORT.multipliedBy(4));
            assertThat(got.length()).isLessThan(50_000_000);
        }
    }

    @Test
    void moreConnectionsThanAllowedWaitUntilOthersEnd() throws Exception {
        try (TestGateway server =
                new TestGateway(folder, TestGateway.Setting.usual().with(limits(Duration.ofSeconds(30), null, 2)))) {
            String request = Raw.head(server.token, "Content-Length: 2") + "\r\n{}";
            Raw first = new Raw(server.port());
            Raw second = new Raw(server.port());
            assertThat(first.say(request).hear().status()).isEqualTo(202);
            assertThat(second.say(request).hear().status()).isEqualTo(202);
            try (Raw third = new Raw(server.port())) {
                third.say(request);
                assertThat(third.quietFor(Duration.ofMillis(300))).isTrue();
                first.close();
                assertThat(third.hear().status()).isEqualTo(202);
            }
            second.close();
        }
    }

    @Test
    void aClientThatAsksTooOftenIs429AndOthersAreNot() throws Exception {
        try (TestGateway server =
                new TestGateway(folder, TestGateway.Setting.usual().with(limits(Duration.ofSeconds(30), 1, 1000)))) {
            List<Integer> statuses = new ArrayList<>();
            HttpResponse<String> last = server.json("{}");
            for (int i = 0; i < 6 && last.statusCode() == 202; i++) {
                statuses.add(last.statusCode());
                last = server.json("{}");
            }
            assertThat(statuses).hasSizeGreaterThanOrEqualTo(3);
            assertThat(last.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(last.headers().firstValue("Retry-After").orElseThrow()))
                    .isEqualTo(1);
            assertThat(object(last.body())).containsEntry("type", "urn:millrace:problem:too-many-requests");
            String other = server.token("other", Set.of(Scope.EVENTS_WRITE));
            assertThat(server.json("{}", "Authorization", "Bearer " + other).statusCode())
                    .isEqualTo(202);
            await().until(() -> server.json("{}").statusCode() == 202);
        }
    }

    @Test
    void bodiesUnderWayTakeNoMoreMemoryThanThereIsForThem() throws Exception {
        GatewayConfig.Limits tight = new GatewayConfig.Limits(
                new ByteSize(200_000),
                new ByteSize(10_000),
                1000,
                new ByteSize(500_000),
                null,
                1,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                1000,
                Duration.ofSeconds(30));
        try (TestGateway server =
                new TestGateway(folder, TestGateway.Setting.usual().with(tight))) {
            List<Raw> holding = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Raw raw = new Raw(server.port());
                raw.say(Raw.head(server.token, "Content-Length: 190000") + "\r\n" + " ".repeat(189_999));
                holding.add(raw);
            }
            await().untilAsserted(() -> {
                HttpResponse<String> answer = server.ndjson(" ".repeat(150_000) + "\n{}");
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            });
            // A small one needs none of it.
            assertThat(server.json("{}").statusCode()).isEqualTo(202);
            for (Raw raw : holding) {
                raw.close();
            }
            await().until(() -> server.ndjson("{}\n".repeat(50_000)).statusCode() == 202);
        }
    }

    @Test
    void anAppendThatIsLargerThanTheLogTakesIsABodyThatIsTooLarge() throws Exception {
        try (TestGateway server = new TestGateway(
                folder, TestGateway.Setting.usual().with(LogOptions.DEFAULTS.withMaxWaitingBytes(1000)))) {
            assertThat(server.ndjson("x".repeat(999)).statusCode()).isEqualTo(202);
            assertThat(server.ndjson("x".repeat(1000)).statusCode()).isEqualTo(413);
        }
    }

    @Test
    void aFullDiskIs503UntilThereIsSpace() throws Exception {
        Assumptions.assumeTrue(SmallDisk.possible(folder), "no tmpfs can be mounted here");
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 4);
                TestGateway server = new TestGateway(
                        folder, TestGateway.Setting.usual().logIn(disk.folder().resolve("log")))) {
            assertThat(server.json("{\"n\":1}").statusCode()).isEqualTo(202);
            Path filler = disk.fill(20_000);
            HttpResponse<String> full = server.ndjson("{\"n\":2}\n".repeat(20_000));
            assertThat(full.statusCode()).isEqualTo(503);
            assertThat(full.headers().firstValue("Retry-After")).contains("5");
            assertThat(object(full.body())).containsEntry("type", "urn:millrace:problem:disk-full");
            Files.delete(filler);
            assertThat(server.json("{\"n\":3}").statusCode()).isEqualTo(202);
            assertThat(server.records()).containsExactly("{\"n\":1}", "{\"n\":3}");
        }
    }

    @Test
    void aDiskThatIsSlowerThanClientsIs503UntilItHasCaughtUp() throws Exception {
        StuckDisk disk = new StuckDisk();
        try (TestGateway server = new TestGateway(folder);
                Log log = disk.open(folder.resolve("stuck"), LogOptions.DEFAULTS.withMaxWaitingBytes(1000));
                disk) {
            server.gateway.routes(Routes.NONE.and(new Intake("/events", log.writer("events", 1))));
            String record = "\"" + "x".repeat(600) + "\"";
            assertThat(server.ndjson(record).statusCode()).isEqualTo(202);
            disk.hold();
            CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return server.ndjson(record);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            disk.awaitHeld();
            HttpResponse<String> full = server.ndjson(record);
            assertThat(full.statusCode()).isEqualTo(503);
            assertThat(full.headers().firstValue("Retry-After")).contains("1");
            assertThat(object(full.body())).containsEntry("type", "urn:millrace:problem:queue-full");
            assertThat(waiting).isNotDone();
            disk.release();
            assertThat(waiting.get().statusCode()).isEqualTo(202);
            assertThat(server.ndjson(record).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void aLogThatIsClosedIs503() throws Exception {
        try (TestGateway server = new TestGateway(folder)) {
            server.stream.close();
            HttpResponse<String> answer = server.json("{}");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
    }
}
