package io.millrace.testkit;

import io.millrace.testkit.Launcher.Result;
import io.millrace.testkit.Launcher.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A database, any number of {@code millrace up} over the revenue example, and clients that send to them, all of them
 * processes of their own; and what has to hold in the end, whatever was done to them.
 *
 * <p>Used by one thread, but for {@link #close}, which ends all that runs.
 */
public final class LiveSystem implements AutoCloseable {

    private static final long START_SECONDS = 60;
    private static final int USERS = 1000;

    private final Path folder;
    private final DatabaseServer database;
    private final Launcher launcher;

    /** Whatever was started and may still run. Guarded by itself. */
    private final List<Running> started = new ArrayList<>();

    private LiveSystem(Path folder, DatabaseServer database, Launcher launcher) {
        this.folder = folder;
        this.database = database;
        this.launcher = launcher;
    }

    /** Starts the database, and nothing else yet. */
    public static LiveSystem in(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        DatabaseServer database = DatabaseServer.start(folder.resolve("database"));
        Launcher launcher = Launcher.ofThisTree(folder.resolve("home")).with("MILLRACE_DATABASE_URL", database.url());
        return new LiveSystem(folder, database, launcher);
    }

    /** The same with another home folder for all that is started from now on. */
    public LiveSystem withHome(Path home) {
        return new LiveSystem(folder, database, new Launcher(launcher.script(), home, launcher.environment()));
    }

    public Path folder() {
        return folder;
    }

    public DatabaseServer database() {
        return database;
    }

    public Launcher launcher() {
        return launcher;
    }

    /** The pipelines that run where nothing else is said. */
    public Path example() {
        return tree().resolve("examples/revenue");
    }

    private Path tree() {
        return Objects.requireNonNull(launcher.script().getParent());
    }

    /** A file of new events, which is found by {@link #checkExact} as long as it lies in this folder. */
    public Path events(String name, int events, long seed) throws IOException, InterruptedException {
        Path file = folder.resolve("events-" + name + ".jsonl");
        expect(launcher.run(
                "generate",
                "revenue",
                "--events",
                Integer.toString(events),
                "--users",
                Integer.toString(USERS),
                "--seed",
                Long.toString(seed),
                "--out",
                file.toString()));
        return file;
    }

    /** Starts the example at a port, and returns at once. */
    public Running launch(int port, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("up", example().toString(), "--port", Integer.toString(port)));
        command.addAll(Arrays.asList(options));
        return start(command.toArray(String[]::new));
    }

    /** Starts the example at a port, and returns when it takes events. */
    public Running up(int port, String... options) throws IOException, InterruptedException {
        Running server = launch(port, options);
        awaitListening(server, port);
        return server;
    }

    /** Starts a command that is ended with this at the latest. */
    public Running start(String... arguments) throws IOException {
        synchronized (started) {
            Running running = launcher.start(arguments);
            started.removeIf(other -> !other.process().isAlive());
            started.add(running);
            return running;
        }
    }

    /**
     * Waits until a server says that it listens. It does so a moment before, and a signal to stop would still find it
     * starting.
     *
     * @throws AssertionError where the server ends instead
     */
    public static void awaitListening(Running server, int port) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!server.err().contains("listening at ") || !Ports.listens(port)) {
            check(server.process().isAlive(), "the server ended: " + server.err());
            check(System.nanoTime() < deadline, "the server does not listen: " + server.err());
            Thread.sleep(10);
        }
    }

    /** A client that sends a file at a rate, again and again until each event is taken, and then waits for the table. */
    public Running send(Path events, int port, int rate, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "send",
                events.toString(),
                "--to",
                "http://127.0.0.1:" + port + "/liveEvent",
                "--batch",
                "200",
                "--rate",
                Integer.toString(rate),
                "--verify"));
        command.addAll(Arrays.asList(options));
        return start(command.toArray(String[]::new));
    }

    /** The first value that a query answers. */
    public String query(String sql) throws IOException, InterruptedException {
        return expect(launcher.run("query", sql, "--format", "csv"))
                .out()
                .lines()
                .skip(1)
                .findFirst()
                .orElse("");
    }

    /**
     * The table is what the same events make of it when they come from files, none is in the quarantine, the ledger adds
     * up and the log is sound.
     *
     * @param events how many there are in all files
     * @throws AssertionError where it is not so
     */
    public void checkExact(long events) throws IOException, InterruptedException {
        equal("events in the table", events, query("SELECT sum(events) AS n FROM live_users_revenue"));
        expect(launcher.run(
                "run",
                tree().resolve("examples/revenue-batch/pipeline.yaml").toString(),
                "--set",
                "file=" + folder + "/events-*.jsonl"));
        equal("users whose row is another than by a batch", 0, query("""
                SELECT count(*) AS n FROM (
                  (SELECT * FROM live_users_revenue EXCEPT SELECT * FROM users_revenue) UNION ALL
                  (SELECT * FROM users_revenue EXCEPT SELECT * FROM live_users_revenue)) x
                """));
        equal(
                "records in the quarantine",
                0,
                query("SELECT count(*) AS n FROM millrace.quarantine WHERE pipeline = 'user-revenue'"));
        expect(launcher.run("ledger", "user-revenue"));
        expect(launcher.run("log", "verify"));
    }

    private static void equal(String what, long expected, String found) {
        check(found.equals(Long.toString(expected)), what + ": expected " + expected + ", found " + found);
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** @throws AssertionError where a command failed */
    public static Result expect(Result result) {
        check(result.exitCode() == 0, result.toString());
        return result;
    }

    /** Ends all that runs: SIGKILL, but for the database. */
    @Override
    public void close() throws IOException {
        synchronized (started) {
            for (Running running : started) {
                running.close();
            }
        }
        database.close();
    }
}
