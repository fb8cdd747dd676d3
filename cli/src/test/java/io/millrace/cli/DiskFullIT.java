package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.testkit.Launcher;
import io.millrace.testkit.Launcher.Result;
import io.millrace.testkit.Launcher.Running;
import io.millrace.testkit.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up while a table is loaded, and has room again later. */
class DiskFullIT {

    private static final int EVENTS = 1_000_000;

    /** Room for the programs, an empty database and its log, and for the table once there is nothing else. */
    private static final int DISK_MEGABYTES = 500;

    private static final long LEFT_BYTES = 30L << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void aRunWaitsForRoomOnTheDiskOfItsDatabaseAndThenLosesNothing() throws Exception {
        assumeThat(SmallDisk.possible(folder)).as("a tmpfs can be mounted here").isTrue();
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), DISK_MEGABYTES)) {
            Launcher launcher = Launcher.ofThisTree(disk.folder().resolve("home"));
            expect(launcher.run(
                    "generate",
                    "revenue",
                    "--events",
                    "" + EVENTS,
                    "--users",
                    "" + EVENTS,
                    "--out",
                    folder + "/all.jsonl"));
            Path events = Files.writeString(folder.resolve("events.jsonl"), "");
            Path pipeline = pipeline();
            expect(launcher.run("run", pipeline.toString()));

            Path filler = disk.fill(LEFT_BYTES);
            Files.move(folder.resolve("all.jsonl"), events, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            try (Running run = launcher.start("run", pipeline.toString())) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> run.err().contains("Trying again until it is back"));
                Files.delete(filler);
                expect(run.await());
            }
            Result sums =
                    expect(launcher.run("query", "SELECT sum(events) AS events FROM each_user", "--format", "csv"));
            assertThat(sums.out()).contains("\n" + EVENTS);
            expect(launcher.run("ledger", "each-user"));
        }
    }

    private static Result expect(Result result) {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return result;
    }

    private Path pipeline() throws Exception {
        return Files.writeString(folder.resolve("pipeline.yaml"), """
                pipeline: each-user
                from:
                  files: { path: events.jsonl }
                columns: { userId: VARCHAR NOT NULL, value: BIGINT NOT NULL }
                transform: |
                  SELECT userId AS user_id, SUM(value) AS revenue, COUNT(*) AS events FROM input GROUP BY userId
                into:
                  postgres: { table: each_user, key: [user_id] }
                """);
    }
}
