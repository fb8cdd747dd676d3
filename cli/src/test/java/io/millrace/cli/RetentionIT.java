package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Launcher.Running;
import io.millrace.testkit.LiveSystem;
import io.millrace.testkit.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} drops old segments of the log, after they were loaded and never before. */
class RetentionIT {

    private static final int EVENTS = 5_000;

    /** Longer than records are kept, and than the server takes to look again. */
    private static final Duration TWO_LOOKS = Duration.ofSeconds(11);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void oldSegmentsAreDroppedAfterTheyWereLoadedAndANewPipelineReadsWhatIsLeft() throws Exception {
        int port = Ports.free();
        try (LiveSystem system = LiveSystem.in(folder)) {
            Path pipelines = Files.createDirectory(folder.resolve("pipelines"));
            Path example = system.example().resolve("user-revenue.yaml");
            Files.copy(example, pipelines.resolve("user-revenue.yaml"));
            Files.copy(example.resolveSibling("event.schema.json"), pipelines.resolve("event.schema.json"));
            Path config = Files.writeString(folder.resolve("millrace.yaml"), """
                    log:
                      segment_size: 64KiB
                      keep: 1s
                    """);
            Running server = system.start(
                    "up", pipelines.toString(), "--port", Integer.toString(port), "--config", config.toString());
            LiveSystem.awaitListening(server, port);
            LiveSystem.expect(system.send(system.events("first", EVENTS, 1), port, 1_000_000)
                    .await());
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> first(system) > 0);

            // What can't be loaded may not go, however old it is.
            system.database().kill();
            List<Path> before = segments(system);
            LiveSystem.expect(system.launcher()
                    .run(
                            "send",
                            system.events("second", EVENTS, 2).toString(),
                            "--to",
                            "http://127.0.0.1:" + port + "/liveEvent",
                            "--batch",
                            "200"));
            List<Path> unread = segments(system).stream()
                    .filter(segment -> !before.contains(segment))
                    .toList();
            assertThat(unread).hasSizeGreaterThan(2);
            Awaitility.await()
                    .during(TWO_LOOKS)
                    .atMost(TWO_LOOKS.plusSeconds(5))
                    .until(() -> segments(system).containsAll(unread));

            system.database().start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> segments(system).stream().noneMatch(unread::contains));
            system.checkExact(2 * EVENTS);

            Files.writeString(
                    pipelines.resolve("late.yaml"),
                    Files.readString(example)
                            .replace("pipeline: user-revenue", "pipeline: late")
                            .replace("live_users_revenue", "late")
                            .replaceAll("(?s)\nserve:.*", "\n"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> server.err().contains("pipeline late begins at byte " + first(system)));
            try (Poster poster = Poster.to(system, port)) {
                assertThat(poster.post().statusCode()).isEqualTo(202);
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> system.launcher()
                            .run("query", "SELECT sum(events) AS n FROM late", "--format", "csv")
                            .out()
                            .contains("\n1"));
            assertThat(server.err()).doesNotContain("had to be cut");
        }
    }

    /** The offset that the log begins at. */
    private static long first(LiveSystem system) throws Exception {
        return Long.parseLong(
                segments(system).getFirst().getFileName().toString().replace(".ndjson", ""));
    }

    /** The data files of the stream, the oldest first. */
    private static List<Path> segments(LiveSystem system) throws Exception {
        try (Stream<Path> files = Files.list(system.launcher().home().resolve("log/liveEvent/0-0"))) {
            return files.filter(file -> file.toString().endsWith(".ndjson"))
                    .sorted()
                    .toList();
        }
    }
}
