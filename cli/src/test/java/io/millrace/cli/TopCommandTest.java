package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.log.LogOptions;
import io.millrace.log.Retention;
import io.millrace.server.OutputConfig.Format;
import io.millrace.server.Server;
import io.millrace.server.ServerOptions;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.gateway.GatewayConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code millrace top} and the lines of {@code up}, with a whole server and its database in this process. */
@Timeout(120)
class TopCommandTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void oneTableShowsWhatThePipelinesHaveDoneAndUpSaysWhatHappens() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(said, true, StandardCharsets.UTF_8),
                false,
                false,
                80);
        UpReport report = new UpReport(
                new Journal(terminal, Format.JSON, InstantSource.system()), new Invocation("millrace", List.of()));
        Path home = folder.resolve("home");
        Path pipelines = Files.createDirectories(folder.resolve("pipelines"));
        for (String file : List.of("user-revenue.yaml", "event.schema.json")) {
            Files.copy(Path.of("../examples/revenue", file), pipelines.resolve(file));
        }
        Files.writeString(pipelines.resolve("wrong.yaml"), "pipeline: wrong\n");
        Map<String, String> environment = Map.of("MILLRACE_HOME", home.toString());
        ServerOptions options = new ServerOptions(
                home,
                pipelines,
                Map.of(),
                Map.of(),
                new GatewayConfig("127.0.0.1", 0, null, GatewayConfig.Limits.defaults(), Duration.ofSeconds(2)),
                AuthConfig.BuiltIn.defaults(),
                LogOptions.DEFAULTS,
                new Retention(Duration.ofDays(1), Long.MAX_VALUE),
                false);
        String address;
        try (Server server = Server.start(options, report)) {
            report.listening(server);
            address = server.address().toString();
            Captured sent = Captured.of(
                    environment,
                    "send",
                    "../examples/revenue/events.jsonl",
                    "--to",
                    address + "/liveEvent",
                    "--verify");
            assertThat(sent.exitCode()).as(sent.toString()).isEqualTo(ExitCode.DONE);

            Captured top = Captured.of(environment, "top", "--once", "--to", address);
            assertThat(top.exitCode()).as(top.toString()).isEqualTo(ExitCode.DONE);
            List<String> lines = top.out().lines().toList();
            assertThat(lines.get(0)).matches("PIPELINE +STATE +RECEIVED +RECEIVED/S .* LAST");
            assertThat(lines.get(1)).matches("user-revenue +running +48 +.* 0 +\\d+ +\\d.*s");
            assertThat(lines.get(2)).endsWith("wrong.yaml: the file can't be used as it is");
            assertThat(lines).hasSize(3);

            // Without a token that allows it there is an error and not an empty table.
            Captured refused = Captured.of(
                    Map.of("MILLRACE_HOME", home.toString(), "MILLRACE_TOKEN", "forged"),
                    "top",
                    "--once",
                    "--to",
                    address);
            assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(refused.err()).contains("401");
            assertThat(server.demo()).isPresent();
            assertThat(said.toString(StandardCharsets.UTF_8))
                    .doesNotContain(server.demo().orElseThrow().secret());
        }
        Captured gone = Captured.of(environment, "top", "--once", "--to", address);
        assertThat(gone.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(gone.err()).contains("nothing listens there");

        List<JsonNode> lines = said.toString(StandardCharsets.UTF_8)
                .lines()
                .map(JSON::readTree)
                .toList();
        assertThat(lines)
                .extracting(line -> line.path("event").stringValue())
                .contains("pipeline.started", "pipeline.refused", "server.listening", "pipeline.stopped");
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.path("time").stringValue()).endsWith("Z");
            assertThat(line.path("level").stringValue()).isIn("info", "warning", "error");
            assertThat(line.path("message").stringValue()).isNotEmpty();
        });
        assertThat(lines)
                .anyMatch(line -> "user-revenue".equals(line.path("pipeline").stringValue("")));
    }

    @Test
    void libraryWarningsComeOutInTheSameFormWithoutValues() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(said, true, StandardCharsets.UTF_8),
                false,
                false,
                80);
        new Journal(terminal, Format.JSON, InstantSource.system()).takeOverLoggers();
        System.Logger logger = System.getLogger("io.helidon.webserver.Something");
        logger.log(System.Logger.Level.INFO, "not for an operator");
        logger.log(
                System.Logger.Level.ERROR,
                "It\nbroke",
                new IllegalStateException("duplicate key somebody@example.com", new java.io.IOException("disk gone")));
        await().until(() -> said.size() > 0);
        JsonNode line = JSON.readTree(said.toString(StandardCharsets.UTF_8));
        assertThat(line.path("level").stringValue()).isEqualTo("error");
        assertThat(line.path("event").stringValue()).isEqualTo("logged");
        assertThat(line.path("message").stringValue())
                .startsWith("io.helidon.webserver.Something: It broke: java.lang.IllegalStateException at ")
                .contains("caused by java.io.IOException: disk gone")
                .doesNotContain("somebody");
    }
}
