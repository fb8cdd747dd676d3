package io.millrace.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.server.TestDatabase;
import io.millrace.testkit.SmallDisk;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an operator sees of a whole server, with a real database, a real disk, and both of them failing. */
@Timeout(90)
class OperationsTest {

    private static final String EVENT = "{\"userId\":\"u1\",\"value\":2}\n";

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private RunningServer server() throws Exception {
        return server("127.0.0.1");
    }

    private RunningServer server(String at) throws Exception {
        return new RunningServer(
                new RunningServer.Setting(folder.resolve("home"), folder.resolve("pipelines"), DATABASE, Map.of(), at));
    }

    private static JsonNode part(HttpResponse<String> ready, String name) {
        for (JsonNode part : RunningServer.JSON.readTree(ready.body()).path("parts")) {
            if (part.path("part").stringValue().equals(name)) {
                return part;
            }
        }
        throw new AssertionError("no part " + name + " in " + ready.body());
    }

    @Test
    void aServerIsReadyAndSaysForEachPart() throws Exception {
        try (RunningServer server = server()) {
            assertThat(server.getWithoutToken("/health/live").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = server.getWithoutToken("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.headers().firstValue("Cache-Control")).contains("no-store");
            for (String part : List.of("log", "keys", "folder", "pipeline")) {
                assertThat(part(ready, part).path("ok").booleanValue()).as(part).isTrue();
            }
        }
    }

    @Test
    void whileTheDatabaseIsAwayEventsAreTakenAndTheServerIsReady() throws Exception {
        try (RunningServer server = server()) {
            await().until(() -> server.post(EVENT).statusCode() == 202
                    && server.pipeline().path("loaded").asLong() > 0);
            ProcessHandle.of(DATABASE.server().pid()).orElseThrow().destroyForcibly();
            try {
                int[] posted = {0};
                await().atMost(Duration.ofSeconds(30)).until(() -> {
                    assertThat(server.post(EVENT).statusCode()).isEqualTo(202);
                    posted[0]++;
                    return server.pipeline().path("state").stringValue().equals("waiting");
                });
                JsonNode waiting = server.pipeline();
                assertThat(waiting.path("reason").stringValue()).isNotEmpty();
                assertThat(waiting.path("lag").path("records").asLong()).isPositive();
                assertThat(waiting.path("lag").path("seconds").asDouble()).isPositive();

                HttpResponse<String> ready = server.getWithoutToken("/health/ready");
                assertThat(ready.statusCode()).isEqualTo(200);
                assertThat(part(ready, "pipeline").path("ok").booleanValue()).isFalse();
                assertThat(part(ready, "pipeline").path("needed").booleanValue())
                        .isFalse();
                assertThat(part(ready, "pipeline").path("reason").stringValue()).contains("destination is away");
                // Nothing of where and as whom it is connected to.
                assertThat(ready.body())
                        .doesNotContain(
                                DATABASE.server().password(),
                                String.valueOf(DATABASE.server().port()),
                                DATABASE.server().user());
                Exposition metrics =
                        Exposition.of(server.getWithoutToken("/metrics").body());
                assertThat(metrics.value("millrace_pipeline_state", "millrace_state", "waiting"))
                        .isEqualTo(1);
                // Who waits for its events goes on waiting.
                assertThat(server.get("/events/_progress").body()).doesNotContain("failure");
            } finally {
                DATABASE.server().ensureRunning();
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> server.pipeline().path("state").stringValue().equals("running")
                            && server.pipeline().path("lag").path("records").asLong() == 0);
            assertThat(part(server.getWithoutToken("/health/ready"), "pipeline")
                            .path("ok")
                            .booleanValue())
                    .isTrue();
            assertThat(server.get("/events/_progress").body()).doesNotContain("failure");
        }
    }

    @Test
    void aFullDiskMakesItNotReadyUntilThereIsSpaceWithoutAnyRequest() throws Exception {
        Assumptions.assumeTrue(SmallDisk.possible(folder), "no tmpfs can be mounted here");
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 6);
                RunningServer server = new RunningServer(new RunningServer.Setting(
                        disk.folder().resolve("home"), folder.resolve("pipelines"), DATABASE, Map.of(), "127.0.0.1"))) {
            assertThat(server.post(EVENT).statusCode()).isEqualTo(202);
            assertThat(server.getWithoutToken("/health/ready").statusCode()).isEqualTo(200);
            Path filler = disk.fill(20_000);
            for (int i = 0; i < 3; i++) {
                assertThat(server.post(EVENT.repeat(10_000)).statusCode()).isEqualTo(503);
            }
            await().until(() -> server.getWithoutToken("/health/ready").statusCode() == 503);
            HttpResponse<String> full = server.getWithoutToken("/health/ready");
            assertThat(part(full, "log").path("reason").stringValue()).contains("full");
            assertThat(full.headers().firstValue("Retry-After")).contains("5");
            assertThat(server.getWithoutToken("/health/live").statusCode()).isEqualTo(200);
            assertThat(server.notices)
                    .filteredOn(notice -> notice.event().equals("log.full"))
                    .hasSize(1);

            Files.delete(filler);
            await().until(() -> server.getWithoutToken("/health/ready").statusCode() == 200);
            assertThat(server.post(EVENT).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void countsAreTrueAndKnowNoPerson() throws Exception {
        try (RunningServer server = server()) {
            for (int i = 0; i < 20; i++) {
                assertThat(server.post(EVENT.repeat(5)).statusCode()).isEqualTo(202);
            }
            server.post(EVENT.repeat(3), "Idempotency-Key", "k");
            assertThat(server.post(EVENT.repeat(3), "Idempotency-Key", "k").body())
                    .contains("\"repeated\":true")
                    .contains("\"positions\":{\"0-0\":");
            assertThat(server.post(EVENT + "{\"userId\":\"u1\",\"value\":\"much\"}\n")
                            .statusCode())
                    .isEqualTo(202);
            assertThat(server.post("{\"userId\":\"u1\"}\n").statusCode()).isEqualTo(422);
            await().until(() -> server.get("/userRevenue/u1").body().contains("\"revenue\":208"));
            assertThat(server.get("/userRevenue/somebody").statusCode()).isEqualTo(404);
            assertThat(server.get("/nowhere/somebody").statusCode()).isEqualTo(404);

            await().untilAsserted(() -> {
                String text = server.getWithoutToken("/metrics").body();
                assertThat(text).doesNotContain("somebody").doesNotContain("u1");
                Exposition metrics = Exposition.of(text);
                assertThat(events(metrics, "accepted")).isEqualTo(104);
                assertThat(events(metrics, "repeated")).isEqualTo(3);
                assertThat(events(metrics, "refused")).isEqualTo(2);
                assertThat(metrics.value("millrace_intake_size_bytes_total", "millrace_stream", "events"))
                        .isEqualTo(104.0 * EVENT.length());
                assertThat(records(metrics, "received")).isEqualTo(104);
                assertThat(records(metrics, "loaded")).isEqualTo(104);
                assertThat(records(metrics, "quarantined")).isZero();
                assertThat(requests(metrics, "POST", "/events", "202")).isEqualTo(23);
                assertThat(requests(metrics, "POST", "/events", "422")).isEqualTo(1);
                assertThat(requests(metrics, "GET", "/userRevenue/{user_id}", "404"))
                        .isEqualTo(1);
                assertThat(metrics.type("http_server_request_duration_seconds")).isEqualTo("histogram");
                assertThat(metrics.value("millrace_log_force_duration_seconds_count"))
                        .isBetween(1.0, 22.0);
                assertThat(metrics.value("millrace_log_size_bytes", "millrace_stream", "events"))
                        .isGreaterThan(104.0 * EVENT.length());
                assertThat(metrics.value("millrace_pipeline_lag_records")).isZero();
                assertThat(metrics.value("millrace_pipeline_lag_time_seconds")).isZero();
                assertThat(metrics.value("millrace_pipeline_commit_duration_seconds_count"))
                        .isEqualTo(server.pipeline().path("commits").asDouble());
                assertThat(metrics.value("millrace_pipeline_commit_rows_count")).isPositive();
                assertThat(metrics.value("millrace_pipeline_state", "millrace_state", "running"))
                        .isEqualTo(1);
                assertThat(metrics.value("jvm_memory_used_bytes", "jvm_memory_type", "heap"))
                        .isPositive();
                assertThat(metrics.type("jvm_cpu_time_seconds_total")).isEqualTo("counter");
            });
            assertThat(server.pipeline().path("received").asLong()).isEqualTo(104);
            assertThat(server.pipeline().path("state").stringValue()).isEqualTo("running");
        }
    }

    private static double events(Exposition metrics, String outcome) {
        return metrics.value("millrace_intake_events_total", "millrace_outcome", outcome);
    }

    private static double records(Exposition metrics, String outcome) {
        return metrics.value("millrace_pipeline_records_total", "millrace_outcome", outcome);
    }

    private static double requests(Exposition metrics, String method, String route, String status) {
        return metrics.value(
                "http_server_request_duration_seconds_count",
                "http_request_method",
                method,
                "http_route",
                route,
                "http_response_status_code",
                status);
    }

    @Test
    void filesThatCanNotBeUsedAreListedWithTheirProblems() throws Exception {
        try (RunningServer server = server()) {
            Files.writeString(server.pipelines.resolve("wrong.yaml"), "pipeline: wrong\nfrom: nothing\n");
            await().until(() -> !server.json("/pipelines").path("refused").isEmpty());
            JsonNode refused = server.json("/pipelines").path("refused").path(0);
            assertThat(refused.path("file").stringValue()).endsWith("wrong.yaml");
            assertThat(refused.path("problems").path(0).path("line").asInt()).isPositive();
            assertThat(refused.path("problems").path(0).path("message").stringValue())
                    .isNotEmpty();
            HttpResponse<String> ready = server.getWithoutToken("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(part(ready, "file").path("name").stringValue()).isEqualTo("wrong.yaml");
        }
    }

    @Test
    void aFolderThatIsGoneMakesItNotReady() throws Exception {
        try (RunningServer server = server()) {
            Path elsewhere = folder.resolve("elsewhere");
            Files.move(server.pipelines, elsewhere);
            await().until(() -> server.getWithoutToken("/health/ready").statusCode() == 503);
            assertThat(part(server.getWithoutToken("/health/ready"), "folder")
                            .path("reason")
                            .stringValue())
                    .contains("can't be read");
            Files.move(elsewhere, server.pipelines);
            await().until(() -> server.getWithoutToken("/health/ready").statusCode() == 200);
        }
    }

    @Test
    void onlyHealthIsForEverybody() throws Exception {
        try (RunningServer server = server("0.0.0.0")) {
            assertThat(server.getWithoutToken("/health/ready").statusCode()).isEqualTo(200);
            assertThat(server.getWithoutToken("/pipelines").statusCode()).isEqualTo(401);
            assertThat(server.getWithoutToken("/metrics").statusCode()).isEqualTo(401);
        }
        try (RunningServer server = server("127.0.0.1")) {
            assertThat(server.getWithoutToken("/metrics").statusCode()).isEqualTo(200);
            assertThat(server.getWithoutToken("/pipelines").statusCode()).isEqualTo(401);
        }
    }
}
