package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job through the real launcher, as its users see it. */
class LauncherIT {

    private static final String PIPELINE = "examples/revenue-batch/pipeline.yaml";
    private static final String TOTAL =
            "SELECT sum(revenue) AS revenue, sum(events) AS events, count(*) AS users FROM users_revenue";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Shell shell;

    @BeforeEach
    void openShell() throws IOException {
        shell = Shell.in(folder);
    }

    @AfterEach
    void closeShell() throws IOException {
        shell.close();
    }

    @Test
    void aFileBecomesATableOnce() throws IOException, InterruptedException {
        Shell.Outcome first = shell.run("./millrace", "run", PIPELINE);
        assertThat(first.exitCode()).as(first.printed()).isZero();
        assertThat(first.printed())
                .contains("received     48", "loaded       48", "filtered      0", "quarantined   0")
                .contains("user6       -243       4")
                .contains("./millrace query", "./millrace psql");

        Shell.Outcome second = shell.run("./millrace", "run", PIPELINE);
        assertThat(second.exitCode()).as(second.printed()).isZero();
        assertThat(second.printed()).contains("received     0", "nothing new", "user6       -243       4");

        Files.writeString(folder.resolve("examples/revenue-batch/events.jsonl"), """
                {"userId":"user6","name":"add_revenue","value":300}
                {"userId":"user9","name":"add_revenue","value":1}
                """, StandardOpenOption.APPEND);
        Shell.Outcome third = shell.run("./millrace", "run", PIPELINE);
        assertThat(third.exitCode()).as(third.printed()).isZero();
        assertThat(third.printed()).contains("received     2", "user6         57       5", "user9          1       1");

        Shell.Outcome ledger = shell.run("./millrace", "ledger", "revenue-batch");
        assertThat(ledger.exitCode()).as(ledger.printed()).isZero();
        assertThat(ledger.printed())
                .contains("received 50 = loaded 50 + filtered 0 + quarantined 0")
                .doesNotContain("WRONG");
    }

    @Test
    void aRunThatIsInterruptedEndsCleanlyAndTheNextGoesOn() throws IOException, InterruptedException {
        shell.run("./millrace", "run", PIPELINE);
        Path events = folder.resolve("many.jsonl");
        shell.run("./millrace", "generate", "revenue", "--events", "3000000", "--out", events.toString());

        Process run = shell.start("./millrace", "run", PIPELINE, "--set", "file=" + events);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !run.isAlive()
                        || EmbeddedPostgres.running(folder.resolve("data")).isPresent());
        // SIGTERM; Process.destroy would close the stream that we still want to read.
        run.toHandle().destroy();
        String printed = printed(run);
        assertThat(run.waitFor()).as(printed).isEqualTo(ExitCode.INTERRUPTED);

        Shell.Outcome rest = shell.run("./millrace", "run", PIPELINE, "--set", "file=" + events);
        assertThat(rest.exitCode()).as(rest.printed()).isZero();
        Shell.Outcome total = shell.run("./millrace", "query", TOTAL, "--format", "csv");
        assertThat(total.printed()).contains(",3000048,");
        Shell.Outcome ledger = shell.run("./millrace", "ledger", "revenue-batch");
        assertThat(ledger.exitCode()).as(ledger.printed()).isZero();
    }

    @Test
    void aQueryIsAnsweredWhileAnotherProcessHoldsTheDatabase() throws Exception {
        shell.run("./millrace", "run", PIPELINE);
        try (EmbeddedPostgres held = EmbeddedPostgres.start(folder.resolve("data"))) {
            Shell.Outcome answer = shell.run("./millrace", "query", TOTAL, "--format", "json");

            assertThat(answer.exitCode()).as(answer.printed()).isZero();
            assertThat(answer.printed()).isEqualTo("[\n{\"revenue\":1853,\"events\":48,\"users\":8}\n]\n");
            assertThat(held.pid()).isPositive();
        }
    }

    @Test
    void psqlOpensTheSameDatabase() throws IOException, InterruptedException {
        shell.run("./millrace", "run", PIPELINE);
        Shell.Outcome answer = shell.run("./millrace", "psql", "-At", "-c", "SELECT count(*) FROM users_revenue");

        if (answer.exitCode() == 0) {
            assertThat(answer.printed()).isEqualTo("8\n");
        } else {
            assertThat(answer.printed()).contains("psql is not installed");
        }
    }

    @Test
    void anInvalidPipelineEndsWithTwo() throws IOException, InterruptedException {
        Path pipeline = folder.resolve(PIPELINE);
        Files.writeString(pipeline, Files.readString(pipeline).replace("userId AS", "userIds AS"));

        for (String command : new String[] {"lint", "run"}) {
            Shell.Outcome outcome = shell.run("./millrace", command, PIPELINE);
            assertThat(outcome.exitCode()).as(outcome.printed()).isEqualTo(ExitCode.USAGE);
            assertThat(outcome.printed()).contains(PIPELINE + ":", "userIds", "^");
        }
    }

    private static String printed(Process process) throws IOException {
        try (InputStream stream = process.getInputStream()) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
