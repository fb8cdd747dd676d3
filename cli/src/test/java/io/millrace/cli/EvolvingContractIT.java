package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Launcher.Running;
import io.millrace.testkit.LiveSystem;
import io.millrace.testkit.Ports;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that come with the records, whatever is killed and however many processes there are. */
class EvolvingContractIT {

    private static final int FILES = 4;
    private static final int RECORDS = 20_000;
    private static final int KILLS = 4;

    private static final String SCHEMA = """
            {"type": "object", "required": ["id", "n"],
             "properties": {"id": {"type": "string"}, "n": {"type": "integer"}}}
            """;

    /**
     * How many rows are not what they must be by their number, since a field was lost or is in the row of another record; how
     * many records there are in all, in the table and the quarantine; and how many had the type that came first, and second.
     */
    private static final String FOUND = """
            SELECT concat_ws(' ',
              (SELECT count(*) FROM growing WHERE wide IS DISTINCT FROM CASE WHEN n % 7 = 0 THEN n END),
              (SELECT sum(received) FROM millrace.ledger),
              (SELECT count(*) FROM growing) + (SELECT count(*) FROM millrace.quarantine),
              (SELECT count(*) FROM growing WHERE mixed IS NOT NULL),
              (SELECT count(*) FROM millrace.quarantine WHERE field = 'mixed')) AS found
            """;

    /** The records of file {@code f} whose number is at least {@code f * 1000} have a field of their own. */
    private static String record(int file, int i, String mixed) {
        StringBuilder record = new StringBuilder("{\"id\":\"" + file + "-" + i + "\",\"n\":" + i);
        if (i % 7 == 0) {
            record.append(",\"wide\":").append(i);
        }
        if (i >= 1_000 * file && i % 11 == 0) {
            record.append(",\"own").append(file).append("_").append(i / 10_000).append("\":\"x\"");
        }
        if (i % 500 == 499) {
            record.append(",\"mixed\":").append(mixed);
        }
        return record.append("}\n").toString();
    }

    private static void write(Path file, int number, int records, String mixed) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < records; i++) {
                out.write(record(number, i, mixed));
            }
        }
    }

    private static Path pipeline(Path folder, String from) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("event.schema.json"), SCHEMA);
        return Files.writeString(folder.resolve("pipeline.yaml"), """
            pipeline: growing
            from:
              %s
            contract: { schema: event.schema.json, additional: evolve }
            transform: |
              SELECT id, n FROM input
            into:
              postgres: { table: growing, key: [id], version: n }
            commit: { every: 100ms }
            """.formatted(from));
    }

    private static Path files(Path folder) throws IOException {
        Path pipeline = pipeline(folder, "files: { path: \"*.jsonl\" }");
        for (int file = 0; file < FILES; file++) {
            write(folder.resolve(file + ".jsonl"), file, RECORDS, file % 2 == 0 ? "\"x\"" : "true");
        }
        return pipeline;
    }

    private static void requireExact(LiveSystem system, int records) throws Exception {
        int half = records / 1_000;
        assertThat(system.query(FOUND)).isEqualTo("0 %1$d %1$d %2$d %2$d".formatted(records, half));
    }

    @Test
    void theTableIsExactAfterKillsInTheMiddleOfRuns(@TempDir Path folder) throws Exception {
        try (LiveSystem system = LiveSystem.in(folder)) {
            Path pipeline = files(folder.resolve("pipeline"));
            Random random = new Random();
            int hit = 0;
            try (Connection database = system.database().connect()) {
                for (int kill = 1; kill <= KILLS; kill++) {
                    long before = received(database);
                    try (Running run = system.start("run", pipeline.toString())) {
                        // In the middle: it has committed something, and may do so again.
                        while (run.process().isAlive() && received(database) == before) {
                            run.process().waitFor(2, TimeUnit.MILLISECONDS);
                        }
                        if (!run.process().waitFor(random.nextLong(50), TimeUnit.MILLISECONDS)) {
                            run.kill(false);
                            hit++;
                        }
                    }
                }
            }
            LiveSystem.expect(system.launcher().run("run", pipeline.toString()));

            assertThat(hit).isPositive();
            requireExact(system, FILES * RECORDS);
        }
    }

    /** How many records the ledger has; 0 where there is none yet. */
    private static long received(Connection database) throws SQLException {
        try (Statement statement = database.createStatement()) {
            try (ResultSet ledger = statement.executeQuery("SELECT to_regclass('millrace.ledger') IS NOT NULL")) {
                ledger.next();
                if (!ledger.getBoolean(1)) {
                    return 0;
                }
            }
            try (ResultSet sum = statement.executeQuery("SELECT coalesce(sum(received), 0) FROM millrace.ledger")) {
                sum.next();
                return sum.getLong(1);
            }
        }
    }

    @Test
    void twoRunsAtOnceAgreeOnTheColumns(@TempDir Path folder) throws Exception {
        try (LiveSystem system = LiveSystem.in(folder)) {
            Path pipeline = files(folder.resolve("pipeline"));
            try (Running one = system.start("run", pipeline.toString());
                    Running other = system.withHome(folder.resolve("other")).start("run", pipeline.toString())) {
                LiveSystem.expect(one.await());
                LiveSystem.expect(other.await());
            }
            requireExact(system, FILES * RECORDS);
        }
    }

    @Test
    void twoServersTakeFieldsThatNobodyKnewAndAgreeOnTheColumns(@TempDir Path folder) throws Exception {
        int firstPort = Ports.free();
        int secondPort = Ports.free();
        try (LiveSystem system = LiveSystem.in(folder)) {
            Path pipelines = folder.resolve("pipelines");
            pipeline(pipelines, "http: { path: /liveEvent }");
            Path one = folder.resolve("one.jsonl");
            Path two = folder.resolve("two.jsonl");
            write(one, 0, RECORDS, "\"x\"");
            write(two, 1, RECORDS, "true");
            Running first = up(system, pipelines, firstPort);
            up(system, pipelines, secondPort);
            try (Running toFirst = system.send(one, firstPort, 8_000);
                    Running toSecond = system.send(two, secondPort, 8_000)) {
                LiveSystem.expect(toFirst.await());
                LiveSystem.expect(toSecond.await());
            }
            requireExact(system, 2 * RECORDS);
            assertThat(first.err()).contains("growing");
        }
    }

    private static Running up(LiveSystem system, Path pipelines, int port) throws Exception {
        Running server = system.start("up", pipelines.toString(), "--port", Integer.toString(port));
        LiveSystem.awaitListening(server, port);
        return server;
    }
}
