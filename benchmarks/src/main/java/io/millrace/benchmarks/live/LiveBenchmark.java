package io.millrace.benchmarks.live;

import io.millrace.benchmarks.ScratchFolder;
import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import io.millrace.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What issue and README say of live events, measured: how fast they are taken and loaded, how soon one is visible, how long
 * a file takes over HTTP, and what a server that idles needs. Prints Markdown.
 */
final class LiveBenchmark {

    private static final List<String> PARTS = List.of("load", "latency", "file", "idle");

    private final EmbeddedPostgres postgres;
    private final Path folder;
    private final Path tree;
    private final int seconds;
    private int number;

    private LiveBenchmark(EmbeddedPostgres postgres, Path folder, Path tree, int seconds) {
        this.postgres = postgres;
        this.folder = folder;
        this.tree = tree;
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws Exception {
        int seconds = 10;
        List<String> parts = PARTS;
        for (int i = 0; i < arguments.length; i += 2) {
            if (arguments[i].equals("--seconds") && i + 1 < arguments.length) {
                seconds = Integer.parseInt(arguments[i + 1]);
            } else if (arguments[i].equals("--only") && i + 1 < arguments.length) {
                parts = Arrays.asList(arguments[i + 1].split(",", -1));
            } else {
                System.err.println("live: options are --seconds N and --only " + String.join(",", PARTS));
                System.exit(2);
            }
        }
        Path folder = Files.createTempDirectory(Path.of(System.getProperty("millrace.work")), "live");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"))) {
            Launcher launcher = Launcher.ofThisTree(folder);
            // Builds what is not built yet.
            launcher.run("version");
            Path tree = Objects.requireNonNull(launcher.script().getParent());
            LiveBenchmark benchmark = new LiveBenchmark(postgres, folder, tree, seconds);
            for (String part : parts) {
                switch (part) {
                    case "load" -> benchmark.load();
                    case "latency" -> benchmark.latency();
                    case "file" -> benchmark.file();
                    case "idle" -> benchmark.idle();
                    default -> throw new IllegalArgumentException("no part is called " + part);
                }
                System.out.println();
            }
        } finally {
            ScratchFolder.remove(folder);
        }
    }

    /** A server with a home and a database of its own. */
    private Upped up(Place place, boolean reject) throws Exception {
        Path pipelines = Files.createDirectories(place.home().resolve("pipelines"));
        String pipeline = Files.readString(tree.resolve("examples/revenue/user-revenue.yaml"));
        Files.writeString(
                pipelines.resolve("user-revenue.yaml"),
                reject ? pipeline.replace("contract:\n", "contract:\n  on_violation: reject\n") : pipeline);
        Files.copy(tree.resolve("examples/revenue/event.schema.json"), pipelines.resolve("event.schema.json"));
        return Upped.start(place.launcher(), place.jdbc(), pipelines);
    }

    private record Place(Launcher launcher, Path home, String jdbc) {}

    private Place place() throws Exception {
        String name = "live" + ++number;
        try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        String account = postgres.user() + ":" + postgres.password();
        Path home = Files.createDirectories(folder.resolve(name));
        return new Place(
                Launcher.ofThisTree(home)
                        .with(
                                "MILLRACE_DATABASE_URL",
                                "postgresql://" + account + "@127.0.0.1:" + postgres.port() + "/" + name),
                home,
                "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/" + name + "?user=" + postgres.user()
                        + "&password=" + postgres.password());
    }

    private void load() throws Exception {
        System.out.println("Batches of 1,000 over 4 connections, with a token, for " + seconds + " s a run\n");
        System.out.println("| users | a violation is | accepted/s | loaded/s | behind at the end |");
        System.out.println("|---|---|---|---|---|");
        for (int users : new int[] {10, 100_000}) {
            for (boolean reject : new boolean[] {true, false}) {
                try (Upped server = up(place(), reject);
                        Connection connection = server.connect()) {
                    Load load = new Load(server, users);
                    long warm = load.run(seconds / 3.0);
                    Upped.awaitLoaded(connection, warm);
                    long start = System.nanoTime();
                    long sent = load.run(seconds);
                    double taken = Upped.seconds(start);
                    Upped.awaitLoaded(connection, warm + sent);
                    double loaded = Upped.seconds(start);
                    System.out.printf(
                            "| %,d | %s | %,.0f | %,.0f | %.2f s |%n",
                            users, reject ? "rejected" : "quarantined", sent / taken, sent / loaded, loaded - taken);
                }
            }
        }
    }

    private void latency() throws Exception {
        try (Upped server = up(place(), false);
                Connection connection = server.connect();
                PreparedStatement look =
                        connection.prepareStatement("SELECT events FROM live_users_revenue WHERE user_id = 'probe'")) {
            try (Load.Steady load = new Load(server, 100_000).steady(20_000);
                    Poster poster = new Poster(server.address())) {
                byte[] event = Poster.request(
                        server.address(),
                        server.token(),
                        "/liveEvent",
                        "application/json",
                        "{\"userId\":\"probe\",\"name\":\"add_revenue\",\"value\":1}"
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                int warm = 100;
                double[] millis = new double[20 * seconds];
                for (int i = -warm; i < millis.length; i++) {
                    poster.post(event);
                    long answered = System.nanoTime();
                    awaitProbe(look, i + warm + 1);
                    if (i >= 0) {
                        millis[i] = (System.nanoTime() - answered) / 1e6;
                    }
                    // At any moment of the commits' rhythm.
                    Thread.sleep(30 + i * 7919L % 20);
                }
                Arrays.sort(millis);
                System.out.printf("From 202 to visible at %,.0f events/s, %d events%n%n", load.rate(), millis.length);
                System.out.println("| p50 | p90 | p99 | most |");
                System.out.println("|---|---|---|---|");
                System.out.printf(
                        "| %.1f ms | %.1f ms | %.1f ms | %.1f ms |%n",
                        millis[millis.length / 2],
                        millis[millis.length * 9 / 10],
                        millis[millis.length * 99 / 100],
                        millis[millis.length - 1]);
            }
        }
    }

    private static void awaitProbe(PreparedStatement look, int events) throws Exception {
        long start = System.nanoTime();
        while (true) {
            try (ResultSet row = look.executeQuery()) {
                if (row.next() && row.getLong(1) >= events) {
                    return;
                }
            }
            if (Upped.seconds(start) > TimeUnit.MINUTES.toSeconds(1)) {
                throw new IOException("an event is not in the table after a minute");
            }
            TimeUnit.MICROSECONDS.sleep(300);
        }
    }

    private void file() throws Exception {
        Path events = folder.resolve("events.jsonl");
        Launcher.Result made = Launcher.ofThisTree(folder)
                .run(
                        "generate",
                        "revenue",
                        "--events",
                        "2000000",
                        "--users",
                        "100000",
                        "--seed",
                        "7",
                        "--out",
                        events.toString());
        if (made.exitCode() != 0) {
            throw new IOException(made.toString());
        }
        System.out.println("2 million events of 100,000 users from a file, by `millrace send`\n");
        System.out.println("| round | until sent and visible |");
        System.out.println("|---|---|");
        for (int round = 1; round <= 3; round++) {
            Place place = place();
            try (Upped server = up(place, false);
                    Connection connection = server.connect()) {
                long start = System.nanoTime();
                Launcher.Result sent =
                        place.launcher().run("send", events.toString(), "--to", server.address() + "/liveEvent");
                if (sent.exitCode() != 0) {
                    throw new IOException(sent.toString());
                }
                Upped.awaitLoaded(connection, 2_000_000);
                System.out.printf("| %d | %.2f s |%n", round, Upped.seconds(start));
            }
        }
    }

    private void idle() throws Exception {
        Place place = place();
        try (Upped server = up(place, false);
                Connection connection = server.connect()) {
            Upped.awaitLoaded(connection, new Load(server, 100_000).run(1));
        }
        System.out.println("A server on existing data, without load\n");
        System.out.println("| round | ready after | resident |");
        System.out.println("|---|---|---|");
        for (int round = 1; round <= 3; round++) {
            try (Upped server = up(place, false)) {
                Thread.sleep(TimeUnit.SECONDS.toMillis(3));
                System.out.printf(
                        "| %d | %.2f s | %.0f MB |%n", round, server.readySeconds(), server.residentMegabytes());
            }
        }
    }
}
