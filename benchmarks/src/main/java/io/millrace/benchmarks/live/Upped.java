package io.millrace.benchmarks.live;

import io.millrace.testkit.Launcher;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code millrace up}, ready. */
final class Upped implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("listening at (http://\\S+)");
    private static final long POLL_MILLIS = 2;
    private static final long POLL_TABLE_MILLIS = 20;

    private final Launcher launcher;
    private final Launcher.Running process;
    private final String jdbc;
    private final URI address;
    private final double readySeconds;

    private Upped(Launcher launcher, Launcher.Running process, String jdbc, URI address, double readySeconds) {
        this.launcher = launcher;
        this.process = process;
        this.jdbc = jdbc;
        this.address = address;
        this.readySeconds = readySeconds;
    }

    static Upped start(Launcher launcher, String jdbc, Path pipelines) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Launcher.Running process = launcher.start("up", pipelines.toString(), "--port", "0");
        while (true) {
            Matcher matcher = ADDRESS.matcher(process.err());
            if (matcher.find()) {
                return new Upped(launcher, process, jdbc, URI.create(matcher.group(1)), seconds(start));
            }
            if (!process.process().isAlive()) {
                throw new IOException("up ended: " + process.await());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }

    URI address() {
        return address;
    }

    /** From the start of the process until it listened. */
    double readySeconds() {
        return readySeconds;
    }

    String token() throws IOException, InterruptedException {
        Launcher.Result token = launcher.run("token", "--client", "demo");
        if (token.exitCode() != 0) {
            throw new IOException(token.toString());
        }
        return token.out().strip();
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbc);
    }

    /** How many events are in the table. */
    static long loaded(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT coalesce(sum(events), 0) FROM live_users_revenue")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Waits until so many events are in the table. */
    static void awaitLoaded(Connection connection, long events) throws SQLException, InterruptedException, IOException {
        long start = System.nanoTime();
        try (Statement statement = connection.createStatement()) {
            for (long loaded = loaded(statement); loaded != events; loaded = loaded(statement)) {
                if (loaded > events || seconds(start) > TimeUnit.MINUTES.toSeconds(2)) {
                    throw new IOException(loaded + " events are in the table; expected " + events);
                }
                Thread.sleep(POLL_TABLE_MILLIS);
            }
        }
    }

    /** Memory of the process that is in use, in millions of bytes, as the kernel counts it. */
    double residentMegabytes() throws IOException {
        for (String line :
                Files.readAllLines(Path.of("/proc/" + process.process().pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
            }
        }
        throw new IOException("the kernel does not say how much memory is in use");
    }

    @Override
    public void close() throws IOException {
        process.process().destroy();
        try {
            process.await();
        } catch (InterruptedException e) {
            process.process().destroyForcibly();
            Thread.currentThread().interrupt();
        }
        process.close();
    }
}
