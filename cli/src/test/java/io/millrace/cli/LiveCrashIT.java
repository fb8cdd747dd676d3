package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import io.millrace.testkit.Launcher;
import io.millrace.testkit.Launcher.Result;
import io.millrace.testkit.Launcher.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed at random moments while clients send: what was acknowledged is counted exactly once, and after the
 * clients have ended, so is everything.
 */
class LiveCrashIT {

    private static final int KILLS = 30;
    private static final int EVENTS = 240_000;
    private static final int RATE = 10_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    static Path folder;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedPostgres postgres;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Launcher launcher;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start(folder.resolve("server"));
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void events() throws Exception {
        launcher = Launcher.ofThisTree(folder.resolve("home"))
                .with(
                        "MILLRACE_DATABASE_URL",
                        "postgresql://" + postgres.user() + ":" + postgres.password() + "@127.0.0.1:" + postgres.port()
                                + "/postgres");
        for (int client = 0; client < 2; client++) {
            expect(launcher.run(
                    "generate",
                    "revenue",
                    "--events",
                    Integer.toString(EVENTS / 2),
                    "--users",
                    "1000",
                    "--seed",
                    Integer.toString(client),
                    "--out",
                    events(client).toString()));
        }
    }

    private static Path events(int client) {
        return folder.resolve("events-" + client + ".jsonl");
    }

    @Test
    void everyEventIsCountedOnceThoughTheServerIsKilledThirtyTimes() throws Exception {
        Random random = new Random(30);
        int port = freePort();
        Running server = up(port);
        try (Running first = send(port, 0);
                Running second = send(port, 1)) {
            int kills = 0;
            while (kills < KILLS
                    && (first.process().isAlive() || second.process().isAlive())) {
                Thread.sleep(random.nextInt(600));
                server.process().destroyForcibly().waitFor();
                kills++;
                server.close();
                server = up(port);
            }
            Result one = first.await();
            Result two = second.await();
            assertThat(one.exitCode()).as(one.toString()).isZero();
            assertThat(two.exitCode()).as(two.toString()).isZero();
            assertThat(kills).as("kills before all was sent").isEqualTo(KILLS);
            assertThat(query("SELECT sum(events) AS n FROM live_users_revenue")).isEqualTo(Integer.toString(EVENTS));
            assertLikeLoadedFromFiles();
            expect(launcher.run("ledger", "user-revenue"));
        } finally {
            server.process().destroy();
            server.await();
            server.close();
        }
    }

    /** The table is what the same events make of it when they come from files. */
    private void assertLikeLoadedFromFiles() throws Exception {
        expect(launcher.run(
                "run",
                tree().resolve("examples/revenue-batch/pipeline.yaml").toString(),
                "--set",
                "file=" + folder + "/events-*.jsonl"));
        assertThat(query(
                        "SELECT count(*) AS n FROM (SELECT * FROM live_users_revenue EXCEPT SELECT * FROM users_revenue)"
                                + " x"))
                .isEqualTo("0");
        assertThat(query("SELECT count(*) AS n FROM live_users_revenue"))
                .isEqualTo(query("SELECT count(*) AS n FROM users_revenue"));
    }

    private Path tree() {
        return Objects.requireNonNull(launcher.script().getParent());
    }

    private Running up(int port) throws Exception {
        Running server =
                launcher.start("up", tree().resolve("examples/revenue").toString(), "--port", Integer.toString(port));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    assertThat(server.process().isAlive())
                            .as("the server ended: " + server.err())
                            .isTrue();
                    return listens(port);
                });
        return server;
    }

    private Running send(int port, int client) throws Exception {
        return launcher.start(
                "send",
                events(client).toString(),
                "--to",
                "http://127.0.0.1:" + port + "/liveEvent",
                "--batch",
                "200",
                "--rate",
                Integer.toString(RATE / 2),
                "--verify");
    }

    private String query(String sql) throws Exception {
        Result result = expect(launcher.run("query", sql, "--format", "csv"));
        return result.out().lines().skip(1).findFirst().orElse("");
    }

    private static Result expect(Result result) {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return result;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            // Not yet.
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
