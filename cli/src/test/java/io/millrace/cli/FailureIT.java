package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import io.millrace.testkit.Launcher;
import io.millrace.testkit.Launcher.Result;
import io.millrace.testkit.Launcher.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens around a run: another instance, a database that dies. The table must be that of an undisturbed run. */
class FailureIT {

    private static final int EVENTS = 2_000_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    static Path folder;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedPostgres postgres;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Launcher launcher;

    @BeforeAll
    static void loadUndisturbed() throws Exception {
        postgres = EmbeddedPostgres.start(folder.resolve("server"));
        launcher = Launcher.ofThisTree(folder.resolve("home"))
                .with(
                        "MILLRACE_DATABASE_URL",
                        "postgresql://" + postgres.user() + ":" + postgres.password() + "@127.0.0.1:" + postgres.port()
                                + "/postgres");
        Result made = launcher.run(
                "generate", "revenue", "--events", "" + EVENTS, "--users", "5000", "--out", folder + "/events.jsonl");
        assertThat(made.exitCode()).as(made.toString()).isZero();
        Result run = launcher.run("run", pipeline("undisturbed", "5s").toString());
        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(query("SELECT sum(events) AS n FROM undisturbed")).isEqualTo("" + EVENTS);
    }

    @AfterAll
    static void stopServer() throws Exception {
        postgres.close();
    }

    @Test
    void twoInstancesOfOnePipelineLoadEverythingOnce() throws Exception {
        Path pipeline = pipeline("shared", "20ms");
        try (Running first = launcher.start("run", pipeline.toString());
                Running second = launcher.start("run", pipeline.toString())) {
            Result one = first.await();
            Result two = second.await();
            assertThat(one.exitCode()).as(one.toString()).isZero();
            assertThat(two.exitCode()).as(two.toString()).isZero();
        }
        assertLikeUndisturbed("shared");
    }

    @Test
    void aRunGoesOnByItselfWhenItsDatabaseIsKilledAndComesBack() throws Exception {
        Path pipeline = pipeline("killed", "20ms");
        try (Running run = launcher.start("run", pipeline.toString())) {
            awaitCommits("killed");
            ProcessHandle.of(postgres.pid()).orElseThrow().destroyForcibly();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !run.err().isEmpty());
            postgres.ensureRunning();
            Result result = run.await();
            assertThat(result.exitCode()).as(result.toString()).isZero();
        }
        assertLikeUndisturbed("killed");
    }

    @Test
    void aRunThatIsInterruptedSaysSoAndIsTakenUp() throws Exception {
        Path pipeline = pipeline("interrupted", "20ms");
        try (Running run = launcher.start("run", pipeline.toString())) {
            awaitCommits("interrupted");
            run.signal("INT");
            Result result = run.await();
            assertThat(result.exitCode()).as(result.toString()).isIn(130, 0);
        }
        Result rest = launcher.run("run", pipeline.toString());
        assertThat(rest.exitCode()).as(rest.toString()).isZero();
        assertLikeUndisturbed("interrupted");
    }

    private static void awaitCommits(String pipeline) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !query("SELECT count(*) AS n FROM millrace.ledger WHERE pipeline = '" + pipeline + "'")
                        .equals("0"));
    }

    private static void assertLikeUndisturbed(String table) throws Exception {
        assertThat(query("SELECT count(*) AS n FROM (SELECT * FROM undisturbed EXCEPT SELECT * FROM " + table + ") x"))
                .isEqualTo("0");
        assertThat(query("SELECT count(*) AS n FROM " + table))
                .isEqualTo(query("SELECT count(*) AS n FROM undisturbed"));
        Result ledger = launcher.run("ledger", table);
        assertThat(ledger.exitCode()).as(ledger.toString()).isZero();
    }

    private static String query(String sql) throws Exception {
        Result result = launcher.run("query", sql, "--format", "csv");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return result.out().lines().skip(1).findFirst().orElse("");
    }

    private static Path pipeline(String name, String every) throws Exception {
        return Files.writeString(
                folder.resolve(name + ".yaml"), """
                pipeline: NAME
                from:
                  files: { path: events.jsonl }
                columns: { userId: VARCHAR NOT NULL, name: VARCHAR NOT NULL, value: BIGINT NOT NULL }
                transform: |
                  SELECT userId AS user_id,
                         SUM(CASE name WHEN 'add_revenue' THEN value ELSE -value END) AS revenue,
                         COUNT(*) AS events
                  FROM input
                  GROUP BY userId
                into:
                  postgres: { table: NAME, key: [user_id] }
                commit: { every: EVERY }
                """.replace("NAME", name).replace("EVERY", every));
    }
}
