package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Launcher;
import io.millrace.testkit.Launcher.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What people feed a pipeline by mistake: a clear message or a quarantined record, the right exit code, nothing lost. */
class BadInputIT {

    private static final String GOOD = "{\"userId\":\"u\",\"name\":\"add_revenue\",\"value\":1}\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    static Path home;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Launcher launcher;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private String name;

    @BeforeAll
    static void findLauncher() {
        launcher = Launcher.ofThisTree(home);
    }

    @AfterAll
    static void theLedgerOfEveryPipelineAddsUp() throws Exception {
        Result ledger = launcher.run(
                "query",
                "SELECT count(*) AS n FROM millrace.ledger WHERE received <> loaded + filtered + quarantined",
                "--format",
                "csv");
        assertThat(ledger.out()).as(ledger.toString()).contains("n", "0");
    }

    @BeforeEach
    void nameTable(TestInfo test) {
        name = "t" + Integer.toHexString(test.getDisplayName().hashCode());
    }

    @Test
    void anEmptyFileIsNothingToDo() throws Exception {
        Result result = run("");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).containsPattern("received\\s+0");
    }

    @Test
    void linesMayEndInCrLfAndTheLastInNothing() throws Exception {
        Result result = run("\ufeff" + GOOD.replace("\n", "\r\n") + "\r\n" + GOOD + GOOD.strip());
        assertLoaded(result, 3, 0);
    }

    @Test
    void aLineOfFiftyMegabytesCostsItsNeighboursNothing() throws Exception {
        byte[] huge = new byte[50 << 20];
        Arrays.fill(huge, (byte) 'x');
        write(GOOD.getBytes(StandardCharsets.UTF_8));
        append(huge);
        append(("\n" + GOOD).getBytes(StandardCharsets.UTF_8));
        Result result = launch();
        assertLoaded(result, 2, 1);
        assertThat(result.out()).contains("record_too_large");
    }

    @Test
    void binaryGarbageIsQuarantined() throws Exception {
        byte[] garbage = new byte[100_000];
        new Random(1).nextBytes(garbage);
        write(GOOD.getBytes(StandardCharsets.UTF_8));
        append(garbage);
        append(("\n" + GOOD).getBytes(StandardCharsets.UTF_8));
        Result result = launch();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).containsPattern("loaded\\s+2");
    }

    @Test
    void eachBadRecordIsQuarantinedForItsOwnReason() throws Exception {
        Result result = run(GOOD
                + "{\"userId\":\"u\",\"name\":\"add_revenue\"}\n"
                + "{\"userId\":\"u\",\"name\":\"add_revenue\",\"value\":null}\n"
                + "{\"userId\":\"u\",\"name\":\"add_revenue\",\"value\":\"1\"}\n"
                + "{\"userId\":5,\"name\":\"add_revenue\",\"value\":1}\n"
                + "{\"userId\":\"u\",\"name\":\"add_revenue\",\"value\":9223372036854775808}\n"
                + "{\"userId\":\"u\",\"name\":\"add_revenue\",\"value\":1e400000000}\n"
                + "{\"userId\":\"u\",\"name\":\"multiply_revenue\",\"value\":1}\n"
                + "{\"userId\":\"u\",\"name\":\"add_revenue\",\"value\":01}\n"
                + "{\"userId\":\"a\\u0000b\",\"name\":\"add_revenue\",\"value\":1}\n"
                + "[1,2]\n"
                + GOOD);
        assertLoaded(result, 2, 10);
        assertThat(result.out())
                .contains("missing_field", "null_field", "wrong_type", "number_out_of_range", "rejected_by_query")
                .contains("malformed_json", "text_with_nul", "not_an_object");
    }

    @Test
    void theLastOfDuplicateNamesCounts() throws Exception {
        Result result = run("{\"userId\":\"u\",\"name\":\"add_revenue\",\"value\":1,\"value\":5}\n");
        assertLoaded(result, 1, 0);
        assertThat(result.out()).containsPattern("u\\s+5\\s+1");
    }

    @Test
    void aTruncatedArchiveLoadsWhatIsThereAndFails() throws Exception {
        Path whole = folder.resolve("whole.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
            for (int i = 0; i < 20_000; i++) {
                out.write(GOOD.replace("\"u\"", "\"u" + i + "\"").getBytes(StandardCharsets.UTF_8));
            }
        }
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(folder.resolve("events.jsonl.gz"), Arrays.copyOf(bytes, bytes.length / 2));
        Result cut = launchOn("events.jsonl.gz");
        assertThat(cut.exitCode()).as(cut.toString()).isEqualTo(1);
        assertThat(cut.out() + cut.err()).contains("events.jsonl.gz");

        Files.write(folder.resolve("events.jsonl.gz"), bytes);
        Result complete = launchOn("events.jsonl.gz");
        assertThat(complete.exitCode()).as(complete.toString()).isZero();
        assertThat(sum("events")).isEqualTo("20000");
    }

    @Test
    void aFolderIsNoFile() throws Exception {
        Files.createDirectory(folder.resolve("events.jsonl"));
        Result result = launch();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).contains("events.jsonl");
    }

    @Test
    void aMissingFileIsSaidToBe() throws Exception {
        Files.writeString(folder.resolve("event.jsonl"), GOOD);
        Result result = launch();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).contains("events.jsonl", "event.jsonl");
    }

    @Test
    void aTableOfAnotherShapeIsRefused() throws Exception {
        assertLoaded(run(GOOD), 1, 0);
        Files.writeString(
                pipeline(),
                Files.readString(pipeline())
                        .replace("pipeline: " + name, "pipeline: " + name + "-other")
                        .replace("COUNT(*) AS events", "COUNT(*) AS happenings"));
        Result result = launcher.run("run", pipeline().toString());
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).contains("happenings").contains(name);
    }

    @Test
    void aWrongPasswordIsSaidToBeWithoutSayingIt() throws Exception {
        launcher.run("query", "SELECT 1");
        write(GOOD.getBytes(StandardCharsets.UTF_8));
        writePipeline("events.jsonl");
        try (var postgres = io.millrace.connectors.postgres.embedded.EmbeddedPostgres.start(home)) {
            Result result = launcher.with(
                            "MILLRACE_DATABASE_URL",
                            "postgresql://millrace:open-sesame@127.0.0.1:" + postgres.port() + "/postgres")
                    .run("run", pipeline().toString());
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
            assertThat(result.err()).contains("password").doesNotContain("open-sesame");
        }
    }

    @Test
    void unknownKeysAreNamedWithTheirPlaceAndTheNearest() throws Exception {
        writePipeline("events.jsonl");
        Files.writeString(pipeline(), Files.readString(pipeline()).replace("table:", "tabel:"));
        for (String command : new String[] {"lint", "run"}) {
            Result result = launcher.run(command, pipeline().toString());
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(2);
            assertThat(result.out() + result.err()).contains("pipeline.yaml:", "tabel", "table");
        }
    }

    @Test
    void aYamlBombIsRefused() throws Exception {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        Files.writeString(pipeline(), bomb);
        Result result = launcher.run("lint", pipeline().toString());
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(2);
    }

    // The pipeline of a test, with a table of its own

    private Path pipeline() {
        return folder.resolve("pipeline.yaml");
    }

    private void writePipeline(String path) throws IOException {
        Files.writeString(pipeline(), """
                pipeline: NAME
                from:
                  files: { path: PATH }
                columns:
                  userId: VARCHAR NOT NULL
                  name: VARCHAR NOT NULL
                  value: BIGINT NOT NULL
                transform: |
                  SELECT userId AS user_id,
                         SUM(CASE name WHEN 'add_revenue' THEN value
                                       WHEN 'subtract_revenue' THEN -value
                                       ELSE REJECT('unknown event name') END) AS revenue,
                         COUNT(*) AS events
                  FROM input
                  GROUP BY userId
                into:
                  postgres: { table: NAME, key: [user_id] }
                """.replace("NAME", name).replace("PATH", path));
    }

    private Result run(String events) throws Exception {
        write(events.getBytes(StandardCharsets.UTF_8));
        return launch();
    }

    private void write(byte[] bytes) throws IOException {
        Files.write(folder.resolve("events.jsonl"), bytes);
    }

    private void append(byte[] bytes) throws IOException {
        Files.write(folder.resolve("events.jsonl"), bytes, StandardOpenOption.APPEND);
    }

    private Result launch() throws Exception {
        return launchOn("events.jsonl");
    }

    private Result launchOn(String path) throws Exception {
        writePipeline(path);
        return launcher.run("run", pipeline().toString());
    }

    private static void assertLoaded(Result result, int loaded, int quarantined) {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out())
                .containsPattern("received\\s+" + (loaded + quarantined) + "\\b")
                .containsPattern("loaded\\s+" + loaded + "\\b")
                .containsPattern("quarantined\\s+" + quarantined + "\\b");
    }

    private String sum(String column) throws Exception {
        Result result = launcher.run("query", "SELECT sum(" + column + ") AS s FROM " + name, "--format", "csv");
        return result.out().lines().skip(1).findFirst().orElse("");
    }
}
