package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.testkit.Launcher.Result;
import io.millrace.testkit.Launcher.Running;
import io.millrace.testkit.LiveSystem;
import io.millrace.testkit.Ports;
import io.millrace.testkit.SmallDisk;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a live system needs goes away while clients send, and comes back: nothing is lost and nothing comes twice. */
class LiveOutageIT {

    private static final int DISK_MEGABYTES = 64;
    private static final long LEFT_BYTES = 400_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void eventsAreTakenWhilePostgresIsKilledAgainAndAgainAndAreInTheTableAfterwards() throws Exception {
        int events = 60_000;
        int port = Ports.free();
        try (LiveSystem system = LiveSystem.in(folder)) {
            Path file = system.events("sent", events, 1);
            Running server = system.up(port);
            try (Poster poster = Poster.to(system, port);
                    Running client = system.send(file, port, 8_000)) {
                for (int kill = 0; kill < 4; kill++) {
                    awaitMore(system, poster);
                    system.database().kill();
                    for (int i = 0; i < 10; i++) {
                        assertThat(poster.post().statusCode()).isEqualTo(202);
                    }
                    system.database().start();
                    assertThat(poster.post().statusCode()).isEqualTo(202);
                }
                Result sent = LiveSystem.expect(client.await());
                assertThat(sent.out()).containsPattern("refused +0\\b").containsPattern("retried +0\\b");
                awaitEvents(system, events + poster.taken());
                system.checkExact(events + poster.taken());
            }
            assertThat(server.process().isAlive()).isTrue();
            assertThat(server.err()).contains("waits for its destination").contains("its destination is back");
        }
    }

    @Test
    void aServerStartsAndTakesEventsWhileItsPostgresIsDown() throws Exception {
        int port = Ports.free();
        try (LiveSystem system = LiveSystem.in(folder)) {
            system.database().kill();
            Running server = system.up(port);
            try (Poster poster = Poster.to(system, port)) {
                assertThat(poster.post().statusCode()).isEqualTo(202);
                assertThat(server.process().isAlive()).isTrue();
                system.database().start();
                awaitEvents(system, 1);
                system.checkExact(1);
            }
        }
    }

    @Test
    void aFullDiskIsAnsweredWith503UntilThereIsSpaceAgainAndNothingAcknowledgedIsLost() throws Exception {
        assumeThat(SmallDisk.possible(folder)).as("a tmpfs can be mounted here").isTrue();
        int events = 60_000;
        int port = Ports.free();
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), DISK_MEGABYTES);
                LiveSystem whole = LiveSystem.in(folder)) {
            LiveSystem system = whole.withHome(disk.folder().resolve("home"));
            Path file = system.events("sent", events, 2);
            Running server = system.up(port);
            try (Poster poster = Poster.to(system, port)) {
                assertThat(poster.post().statusCode()).isEqualTo(202);
                Path filler = disk.fill(LEFT_BYTES);
                try (Running client = system.send(file, port, 20_000)) {
                    HttpResponse<String> refused = Awaitility.await()
                            .atMost(Duration.ofSeconds(30))
                            .until(poster::post, answer -> answer.statusCode() != 202);
                    assertThat(refused.statusCode()).isEqualTo(503);
                    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
                    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
                    assertThat(refused.body()).contains("disk-full").contains("\"status\":503");
                    assertThat(server.process().isAlive()).isTrue();
                    assertThat(client.process().isAlive()).isTrue();

                    Files.delete(filler);

                    LiveSystem.expect(client.await());
                    assertThat(poster.post().statusCode()).isEqualTo(202);
                }
                awaitEvents(system, events + poster.taken());
                system.checkExact(events + poster.taken());
            }
            assertThat(server.process().isAlive()).isTrue();
            server.signal("TERM");
            LiveSystem.expect(server.await());
        }
    }

    /** Events reach the table; one is posted for it, since the client may have sent all of its own by now. */
    private static void awaitMore(LiveSystem system, Poster poster) throws Exception {
        String now = events(system);
        assertThat(poster.post().statusCode()).isEqualTo(202);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !events(system).equals(now));
    }

    private static void awaitEvents(LiveSystem system, long events) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> events(system).equals(Long.toString(events)));
    }

    private static String events(LiveSystem system) throws Exception {
        return system.launcher()
                .run("query", "SELECT sum(events) AS n FROM live_users_revenue", "--format", "csv")
                .out()
                .lines()
                .skip(1)
                .findFirst()
                .orElse("");
    }
}
