package io.millrace.testkit;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Kills the real launcher at random moments, again and again, while the files that it reads grow and are rotated, and
 * then compares the table with an oracle that added up the same events in a plain loop.
 *
 * <p>Commits are made a few milliseconds apart, so that kills fall before, in and after them. Every third kill takes
 * PostgreSQL with it, which then has to recover from its log. (SQLite's crash tests are the model.)
 */
public final class CrashHarness {

    private static final int USERS = 500;
    private static final String PIPELINE = """
            pipeline: torture
            from:
              files: { path: "events*.jsonl" }
            columns:
              id: BIGINT
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
              WHERE value <> 13
              GROUP BY userId
            into:
              postgres: { table: torture, key: [user_id] }
            commit: { every: 5ms }
            """;
    private static final String DEDUPE = "dedupe: { key: [id], within: 1d }\n";
    private static final int REMEMBERED_LINES = 5_000;

    private final Launcher launcher;
    private final boolean repeats;
    private final Path folder;
    private final Random random;
    private final PrintStream log;

    /** What the table must hold: revenue and events of each user. */
    private final Map<String, long[]> oracle = new TreeMap<>();

    /** Good events, some of which are repeated. */
    private final List<String> lines = new ArrayList<>();

    private long ids;
    private long repeated;
    private long bad;
    private int rotations;

    /**
     * @param launcher what to run; its home must be empty at first
     * @param repeats whether one event in five repeats another, in the same file or an older one, and the pipeline is to
     *     load it once
     * @param folder an empty folder for the pipeline and its events
     * @param seed makes the same events and the same plan of kills (though not the same timing)
     * @param log told of each round
     */
    public CrashHarness(Launcher launcher, boolean repeats, Path folder, long seed, PrintStream log) {
        this.launcher = launcher;
        this.repeats = repeats;
        this.folder = folder;
        this.random = new Random(seed);
        this.log = log;
    }

    /** What came of it. */
    public record Outcome(
            int kills, int killsWhileRunning, int completed, long events, long repeated, long bad, int rotations) {}

    /**
     * Runs until so many kills have hit a running process.
     *
     * @param eventsPerRound events appended before each start
     * @throws AssertionError where the table, the quarantine or the ledger is not exactly as it must be
     */
    public Outcome run(int kills, int eventsPerRound) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path pipeline = Files.writeString(folder.resolve("pipeline.yaml"), repeats ? PIPELINE + DEDUPE : PIPELINE);
        append(eventsPerRound);
        long typical = timeOneRun(pipeline);
        int hit = 0;
        int completed = 0;
        long events = eventsPerRound;
        for (int round = 1; hit < kills; round++) {
            append(eventsPerRound);
            events += eventsPerRound;
            if (random.nextInt(8) == 0) {
                rotate();
            }
            long delay = random.nextLong(typical + typical / 4);
            try (Launcher.Running running = launcher.start("run", pipeline.toString())) {
                if (running.process().waitFor(delay, TimeUnit.MICROSECONDS)) {
                    Launcher.Result result = running.await();
                    check(result.exitCode() == 0, "a run that was not killed failed: " + result);
                    completed++;
                } else {
                    running.kill(round % 3 == 0);
                    hit++;
                }
            }
            if (round % 50 == 0) {
                log.printf("%d kills in %d rounds, %,d events%n", hit, round, events);
            }
        }
        Launcher.Result last = launcher.run("run", pipeline.toString());
        check(last.exitCode() == 0, "the last run failed: " + last);
        compare();
        return new Outcome(hit, hit, completed, events, repeated, bad, rotations);
    }

    /** Microseconds that a run takes that is left alone. */
    private long timeOneRun(Path pipeline) throws IOException, InterruptedException {
        Launcher.Result first = launcher.run("run", pipeline.toString());
        check(first.exitCode() == 0, "the first run failed: " + first);
        long start = System.nanoTime();
        launcher.run("run", pipeline.toString());
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
    }

    private void append(int events) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(
                folder.resolve("events.jsonl"),
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND)) {
            for (int i = 0; i < events; i++) {
                out.write(nextEvent());
                out.write('\n');
            }
        }
    }

    private String nextEvent() {
        if (repeats && !lines.isEmpty() && random.nextInt(5) == 0) {
            repeated++;
            return lines.get(random.nextInt(lines.size()));
        }
        long before = bad;
        String line = newEvent();
        if (bad > before) {
            // Every copy of a bad one is put aside.
            return line;
        }
        if (lines.size() < REMEMBERED_LINES) {
            lines.add(line);
        } else {
            lines.set(random.nextInt(REMEMBERED_LINES), line);
        }
        return line;
    }

    private String newEvent() {
        long id = ++ids;
        String user = "user" + random.nextInt(USERS);
        int value = random.nextInt(100);
        int kind = random.nextInt(100);
        if (kind == 0) {
            bad++;
            return event(id, user, "add_revenue", "01");
        }
        if (kind == 1 && value != 13) {
            bad++;
            return event(id, user, "multiply_revenue", "" + value);
        }
        boolean add = kind % 2 == 0;
        if (value != 13) {
            long[] totals = oracle.computeIfAbsent(user, u -> new long[2]);
            totals[0] += add ? value : -value;
            totals[1]++;
        }
        return event(id, user, add ? "add_revenue" : "subtract_revenue", "" + value);
    }

    private static String event(long id, String user, String name, String value) {
        return "{\"id\":" + id + ",\"userId\":\"" + user + "\",\"name\":\"" + name + "\",\"value\":" + value + "}";
    }

    private void rotate() throws IOException {
        rotations++;
        Files.move(folder.resolve("events.jsonl"), folder.resolve("events-" + rotations + ".jsonl"));
    }

    private void compare() throws IOException, InterruptedException {
        StringBuilder expected = new StringBuilder("user_id,revenue,events\n");
        oracle.forEach((user, totals) -> expected.append(user)
                .append(',')
                .append(totals[0])
                .append(',')
                .append(totals[1])
                .append('\n'));
        Launcher.Result table = launcher.run(
                "query",
                "SELECT user_id, revenue, events FROM torture ORDER BY user_id COLLATE \"C\"",
                "--format",
                "csv");
        check(table.exitCode() == 0, "the table can't be read: " + table);
        check(
                table.out().replace("\r\n", "\n").equals(expected.toString()),
                "the table is not what it must be; expected\n" + expected + "but found\n" + table.out());

        Launcher.Result quarantine = launcher.run(
                "query", "SELECT count(*) AS n FROM millrace.quarantine WHERE pipeline = 'torture'", "--format", "csv");
        check(
                quarantine.out().replace("\r\n", "\n").equals("n\n" + bad + "\n"),
                "expected " + bad + " records in the quarantine, found " + quarantine.out());

        Launcher.Result ledger = launcher.run("ledger", "torture");
        check(ledger.exitCode() == 0, "the ledger does not add up: " + ledger);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
