package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Launcher.Result;
import io.millrace.testkit.Launcher.Running;
import io.millrace.testkit.LiveSystem;
import io.millrace.testkit.Ports;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to a server that clients send to as fast as they can. */
class GracefulStopIT {

    private static final int EVENTS = 150_000;
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void aServerStopsWithinTenSecondsUnderLoadAndNothingThatItAcknowledgedIsLost() throws Exception {
        int port = Ports.free();
        try (LiveSystem system = LiveSystem.in(folder)) {
            Path one = system.events("one", EVENTS, 1);
            Path two = system.events("two", EVENTS, 2);
            Running server = system.up(port);
            try (Running first = system.send(one, port, 30_000);
                    Running second = system.send(two, port, 30_000)) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> first.err().matches("(?s).*[1-9][\\d,]* events.*"));

                long asked = System.nanoTime();
                server.signal("TERM");
                Result end = LiveSystem.expect(server.await());
                Duration took = Duration.ofNanos(System.nanoTime() - asked);

                assertThat(took).as(end.toString()).isLessThan(AT_MOST);
                assertThat(end.err()).endsWith("stopped\n");
                assertThat(first.process().isAlive()).isTrue();
                system.up(port);
                LiveSystem.expect(first.await());
                LiveSystem.expect(second.await());
            }
            system.checkExact(2L * EVENTS);
        }
    }

    @Test
    void aServerStopsWithinTenSecondsThoughItsDatabaseIsAway() throws Exception {
        int port = Ports.free();
        try (LiveSystem system = LiveSystem.in(folder)) {
            Running server = system.up(port);
            try (Poster poster = Poster.to(system, port)) {
                assertThat(poster.post().statusCode()).isEqualTo(202);
                system.database().kill();
                assertThat(poster.post().statusCode()).isEqualTo(202);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> server.err().contains("waits for its destination"));

                long asked = System.nanoTime();
                server.signal("TERM");
                Result end = LiveSystem.expect(server.await());

                assertThat(Duration.ofNanos(System.nanoTime() - asked))
                        .as(end.toString())
                        .isLessThan(AT_MOST);
                system.database().start();
                system.up(port);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> system.query("SELECT sum(events) AS n FROM live_users_revenue")
                                .equals("2"));
                system.checkExact(2);
            }
        }
    }
}
