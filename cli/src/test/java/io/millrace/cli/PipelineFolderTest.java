package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.api.Source;
import io.millrace.connectors.http.HttpConfig;
import io.millrace.connectors.http.HttpConnector;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import io.millrace.engine.live.LiveListener;
import io.millrace.engine.live.LiveOptions;
import io.millrace.engine.live.PipelineFolder;
import io.millrace.engine.live.PipelineStatus;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.run.Job;
import io.millrace.engine.yaml.Problem;
import io.millrace.log.Lines;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.StreamWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines kept running over a real log and a real PostgreSQL. */
class PipelineFolderTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    static Path scratch;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedPostgres postgres;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path home;

    private final List<String> heard = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start(scratch.resolve("server"));
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void folders() throws Exception {
        folder = Files.createTempDirectory(scratch, "pipelines");
        home = Files.createTempDirectory(scratch, "home");
    }

    private static Map<String, String> environment() {
        return Map.of(
                "MILLRACE_DATABASE_URL",
                "postgresql://" + postgres.user() + ":" + postgres.password() + "@127.0.0.1:" + postgres.port()
                        + "/postgres");
    }

    /** What one process runs. */
    private final class Site implements AutoCloseable {
        final Log log;
        final PipelineFolder pipelines;

        Site() throws IOException {
            log = Log.openForWriting(
                    HttpConnector.folder(home), LogOptions.DEFAULTS, InstantSource.system(), event -> {});
            pipelines = new PipelineFolder(
                    folder,
                    new PipelineLoader(Connectors.installed()),
                    new LiveOptions(
                            home,
                            Map.of(),
                            environment(),
                            this::source,
                            new Job.Following(
                                    UUID.randomUUID().toString(), Duration.ofSeconds(3), Duration.ofMillis(100)),
                            () -> UUID.randomUUID().toString(),
                            Duration.ofMillis(50),
                            InstantSource.system(),
                            new Random()),
                    new Heard());
            pipelines.start();
        }

        private Source source(Pipeline pipeline) throws IOException {
            return pipeline.file().from().config() instanceof HttpConfig config
                    ? HttpConnector.follow(config, log, remark -> {})
                    : pipeline.openSource(home);
        }

        @Override
        public void close() throws IOException {
            pipelines.close();
            log.close();
        }
    }

    private final class Heard implements LiveListener {
        @Override
        public void refused(Path file, List<Problem> problems, boolean kept) {
            heard.add("refused " + file.getFileName() + (kept ? ", kept" : ""));
        }

        @Override
        public void started(Pipeline pipeline) {
            heard.add("started " + pipeline.name());
        }

        @Override
        public void halted(String pipeline, String reason) {
            heard.add("halted " + pipeline);
        }

        @Override
        public void stopped(String pipeline) {
            heard.add("stopped " + pipeline);
        }
    }

    private void write(String name, String table, String value) throws IOException {
        Files.writeString(folder.resolve(name + ".yaml"), """
                pipeline: NAME
                from: { http: { path: /STREAM } }
                columns: { user: VARCHAR NOT NULL, value: BIGINT NOT NULL }
                transform: SELECT user AS user_id, SUM(VALUE) AS total, COUNT(*) AS n FROM input GROUP BY user
                into: { postgres: { table: TABLE, key: [user_id] } }
                """.replace("NAME", name)
                .replace("TABLE", table)
                .replace("VALUE", value)
                .replace("STREAM", stream()));
    }

    private String stream() {
        return "s" + Integer.toUnsignedString(home.hashCode());
    }

    private static void post(StreamWriter stream, String user, int value) throws Exception {
        byte[] line = ("{\"user\":\"" + user + "\",\"value\":" + value + "}\n").getBytes(StandardCharsets.UTF_8);
        stream.append(0, "test", null, Lines.of(line, 1));
    }

    private static String query(String sql) throws Exception {
        try (PostgresDestination destination = PostgresDestination.open(environment(), scratch);
                Connection connection = destination.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
        }
    }

    private static void awaitTotal(String table, long total) {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(query("SELECT sum(total) FROM " + table)).isEqualTo(Long.toString(total)));
    }

    @Test
    void filesAreTakenUpChangedRefusedAndDropped() throws Exception {
        write("one", "one_total", "value");
        try (Site site = new Site();
                StreamWriter stream = site.log.writer(stream(), 1)) {
            post(stream, "a", 5);
            post(stream, "b", 7);
            awaitTotal("one_total", 12);

            // Another pipeline on the same stream begins with what is there.
            write("two", "two_total", "value * 10");
            awaitTotal("two_total", 120);

            // A change that is wrong is refused, and the old one goes on.
            write("two", "two_total", "valu * 10");
            await().until(() -> heard.contains("refused two.yaml, kept"));
            assertThat(site.pipelines.refused()).hasSize(1);
            post(stream, "a", 1);
            awaitTotal("two_total", 130);

            // One that is right takes over where the old one stopped.
            write("two", "two_total", "value * 100");
            await().until(() -> heard.stream().filter("started two"::equals).count() == 2);
            post(stream, "a", 1);
            awaitTotal("two_total", 230);
            assertThat(site.pipelines.refused()).isEmpty();

            // The name of another is refused.
            Files.copy(folder.resolve("one.yaml"), folder.resolve("three.yaml"));
            await().until(() -> heard.contains("refused three.yaml"));

            Files.delete(folder.resolve("one.yaml"));
            await().until(() -> heard.contains("stopped one"));
            assertThat(site.pipelines.statuses())
                    .extracting(PipelineStatus::pipeline)
                    .contains("two");
            awaitTotal("one_total", 14);
        }
        assertThat(heard).contains("stopped two");
    }

    @Test
    void twoProcessesShareTheWorkAndOneTakesOverFromAnotherThatIsGone() throws Exception {
        write("shared", "shared_total", "value");
        Site first = new Site();
        StreamWriter ofFirst = first.log.writer(stream(), 1);
        try (Site second = new Site();
                StreamWriter ofSecond = second.log.writer(stream(), 1)) {
            for (int i = 0; i < 50; i++) {
                post(ofFirst, "a", 1);
                post(ofSecond, "b", 1);
            }
            awaitTotal("shared_total", 100);
            // The first stops its pipelines, and then takes some more that nobody reads but the second.
            first.pipelines.close();
            post(ofFirst, "a", 1);
            awaitTotal("shared_total", 101);
        } finally {
            first.close();
        }
        assertThat(query("SELECT sum(received) - sum(loaded) FROM millrace.ledger WHERE pipeline = 'shared'"))
                .isEqualTo("0");
    }

    @Test
    void aPipelineOverFilesFollowsThem() throws Exception {
        Files.writeString(folder.resolve("files.yaml"), """
                pipeline: over-files
                from: { files: { path: "*.jsonl" } }
                transform: SELECT CAST(n AS BIGINT) AS total FROM input
                into: { postgres: { table: from_files } }
                """);
        try (Site site = new Site()) {
            Files.writeString(folder.resolve("a.jsonl"), "{\"n\":1}\n{\"n\":2}\n");
            awaitTotal("from_files", 3);
            Files.writeString(folder.resolve("a.jsonl"), "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
            awaitTotal("from_files", 6);
            Files.writeString(folder.resolve("b.jsonl"), "{\"n\":10}\n");
            awaitTotal("from_files", 16);
            assertThat(site.pipelines.statuses())
                    .extracting(PipelineStatus::state)
                    .containsExactly(PipelineStatus.State.RUNNING);
        }
    }

    @Test
    void aPipelineThatFailsSaysWhyAndIsTriedAgain() throws Exception {
        try (PostgresDestination destination = PostgresDestination.open(environment(), scratch);
                Connection connection = destination.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE taken_total (other int)");
        }
        write("taken", "taken_total", "value");
        try (Site site = new Site();
                StreamWriter stream = site.log.writer(stream(), 1)) {
            post(stream, "a", 5);
            await().until(() -> site.pipelines.statuses().getFirst().state() == PipelineStatus.State.FAILED);
            assertThat(site.pipelines.statuses().getFirst().reason()).contains("does not fit");
            try (PostgresDestination destination = PostgresDestination.open(environment(), scratch);
                    Connection connection = destination.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE taken_total");
            }
            awaitTotal("taken_total", 5);
            assertThat(site.pipelines.statuses().getFirst().state()).isEqualTo(PipelineStatus.State.RUNNING);
        }
    }

    @Test
    void aPipelineWithTooManyRejectedRecordsStaysStoppedUntilItsFileIsTouched() throws Exception {
        write("halting", "halting_total", "value");
        Path file = folder.resolve("halting.yaml");
        Files.writeString(file, "stop_when: rejected > 10 % of 20\n", StandardOpenOption.APPEND);
        try (Site site = new Site();
                StreamWriter stream = site.log.writer(stream(), 1)) {
            for (int i = 0; i < 20; i++) {
                stream.append(0, "test", null, Lines.of("{\"user\":1}\n".getBytes(StandardCharsets.UTF_8), 1));
            }
            await().until(() -> site.pipelines.statuses().getFirst().state() == PipelineStatus.State.HALTED);
            PipelineStatus status = site.pipelines.statuses().getFirst();
            assertThat(status.reason()).contains("rejected > 10 % of 20", "20 of the last 20", "100.0 %");
            assertThat(status.standing().counts().quarantined()).isEqualTo(20);
            assertThat(heard).contains("halted halting");

            // What comes now waits in the log.
            post(stream, "a", 5);

            Files.setLastModifiedTime(
                    file,
                    FileTime.from(Files.getLastModifiedTime(file).toInstant().plusSeconds(1)));
            awaitTotal("halting_total", 5);
            assertThat(site.pipelines.statuses().getFirst().state()).isEqualTo(PipelineStatus.State.RUNNING);
        }
    }
}
