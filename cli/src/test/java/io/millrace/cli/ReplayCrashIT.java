package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import io.millrace.testkit.Launcher;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays that are killed, and two at once, load each record once. */
class ReplayCrashIT {

    private static final int RECORDS = 60_000;
    private static final int KILLS = 8;

    private static final String PIPELINE = """
            pipeline: mended
            from:
              files: { path: "events.jsonl" }
            columns:
              id: INTEGER NOT NULL
              n: %s NOT NULL
            transform: |
              SELECT MOD(id, 100) AS part, SUM(CAST(n AS BIGINT)) AS total, COUNT(*) AS events
              FROM input
              GROUP BY MOD(id, 100)
            into:
              postgres: { table: mended, key: [part] }
            """;

    private static Path bad(Path folder) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("events.jsonl"))) {
            for (int i = 0; i < RECORDS; i++) {
                out.write("{\"id\":" + i + ",\"n\":\"" + i + "\"}\n");
            }
        }
        return Files.writeString(folder.resolve("pipeline.yaml"), PIPELINE.formatted("BIGINT"));
    }

    private static void requireExact(Launcher launcher) throws IOException, InterruptedException {
        Launcher.Result table = launcher.run(
                "query",
                "SELECT count(*) AS parts, sum(total) AS total, sum(events) AS events, min(events) AS least FROM mended",
                "--format",
                "csv");
        assertThat(table.out().replace("\r\n", "\n"))
                .isEqualTo("parts,total,events,least\n100," + (long) RECORDS * (RECORDS - 1) / 2 + "," + RECORDS + ","
                        + RECORDS / 100 + "\n");
        Launcher.Result ledger = launcher.run("ledger", "mended");
        assertThat(ledger.exitCode()).as(ledger.toString()).isZero();
        assertThat(ledger.out()).contains("out of the quarantine: replayed 60,000, discarded 0");
        assertThat(launcher.run("quarantine", "ls").out()).contains("The quarantine is empty.");
    }

    @Test
    void theTableIsExactAfterKillsInTheMiddleOfReplays(@TempDir Path folder) throws Exception {
        Launcher launcher = Launcher.ofThisTree(folder.resolve("home"));
        Path pipeline = bad(folder);
        Launcher.Result run = launcher.run("run", pipeline.toString());
        assertThat(run.exitCode()).as(run.toString()).isZero();
        Files.writeString(pipeline, PIPELINE.formatted("VARCHAR"));

        Random random = new Random();
        int hit = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            long delay = 500 + random.nextLong(1_500);
            try (Launcher.Running replay = launcher.start("quarantine", "replay", pipeline.toString())) {
                if (!replay.process().waitFor(delay, TimeUnit.MILLISECONDS)) {
                    replay.kill(kill % 3 == 0);
                    hit++;
                }
            }
        }
        Launcher.Result last = launcher.run("quarantine", "replay", pipeline.toString());

        assertThat(last.exitCode()).as(last.toString()).isZero();
        assertThat(hit).isPositive();
        requireExact(launcher);
    }

    @Test
    void twoReplaysAtOnceShareTheRecords(@TempDir Path folder) throws Exception {
        Launcher launcher = Launcher.ofThisTree(folder.resolve("home"));
        Path pipeline = bad(folder);
        assertThat(launcher.run("run", pipeline.toString()).exitCode()).isZero();
        Files.writeString(pipeline, PIPELINE.formatted("VARCHAR"));
        // Holds the embedded server, as `up` does; the two are beside it.
        try (EmbeddedPostgres _ = EmbeddedPostgres.start(folder.resolve("home"));
                Launcher.Running one = launcher.start("quarantine", "replay", pipeline.toString());
                Launcher.Running other = launcher.start("quarantine", "replay", pipeline.toString())) {
            one.await();
            other.await();
        }
        Launcher.Result last = launcher.run("quarantine", "replay", pipeline.toString());

        assertThat(last.exitCode()).as(last.toString()).isZero();
        requireExact(launcher);
    }
}
