package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Launcher.Running;
import io.millrace.testkit.LiveSystem;
import io.millrace.testkit.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two {@code up} on one database and one home share the work by leases. */
class TwoServersIT {

    private static final int EVENTS = 30_000;
    private static final int RATE = 8_000;

    /** The lease, and the time for which what belongs to a process that lives is left to it. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(20);

    private static final Duration GIVEN_BACK = Duration.ofSeconds(25);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private int firstPort;
    private int secondPort;

    @BeforeEach
    void ports() throws Exception {
        firstPort = Ports.free();
        secondPort = Ports.free();
    }

    @Test
    void bothTakeEventsAndWhenOneIsKilledTheOtherTakesOver() throws Exception {
        try (LiveSystem system = LiveSystem.in(folder)) {
            Path one = system.events("one", EVENTS, 1);
            Path two = system.events("two", EVENTS, 2);
            Running first = system.up(firstPort);
            system.up(secondPort);
            try (Running toFirst = system.send(one, firstPort, RATE);
                    Running toSecond = system.send(two, secondPort, RATE)) {
                awaitHolders(system, 2, Duration.ofSeconds(20));

                first.kill(false);

                LiveSystem.expect(toSecond.await());
                awaitOneHoldsAll(system);
                first = system.up(firstPort);
                LiveSystem.expect(toFirst.await());
            }
            system.checkExact(2L * EVENTS);
            awaitHolders(system, 2, GIVEN_BACK);
        }
    }

    @Test
    void oneThatWasPausedForLongerThanItsLeaseIsFencedAndTakesPartAgain() throws Exception {
        try (LiveSystem system = LiveSystem.in(folder)) {
            Path one = system.events("one", EVENTS, 3);
            Path two = system.events("two", EVENTS, 4);
            Running first = system.up(firstPort);
            system.up(secondPort);
            try (Running toFirst = system.send(one, firstPort, RATE);
                    Running toSecond = system.send(two, secondPort, RATE)) {
                awaitHolders(system, 2, Duration.ofSeconds(20));

                first.signal("STOP");

                LiveSystem.expect(toSecond.await());
                awaitOneHoldsAll(system);
                first.signal("CONT");
                LiveSystem.expect(toFirst.await());
            }
            assertThat(first.process().isAlive()).isTrue();
            system.checkExact(2L * EVENTS);
            awaitHolders(system, 2, GIVEN_BACK);
        }
    }

    /** Waits until so many processes hold splits by leases that have not run out. */
    private static void awaitHolders(LiveSystem system, int count, Duration atMost) {
        Awaitility.await().atMost(atMost).until(() -> holders(system), holders -> holders.size() == count);
    }

    private static void awaitOneHoldsAll(LiveSystem system) {
        Awaitility.await().atMost(TAKEN_OVER).until(() -> List.copyOf(holders(system).values()).equals(List.of(2)));
    }

    /** How many splits each process holds. */
    private static Map<String, Integer> holders(LiveSystem system) throws Exception {
        Map<String, Integer> holders = new TreeMap<>();
        LiveSystem.expect(system.launcher()
                        .run(
                                "query",
                                "SELECT holder FROM millrace.lease WHERE expires_at > clock_timestamp()",
                                "--format",
                                "csv"))
                .out()
                .lines()
                .skip(1)
                .forEach(holder -> holders.merge(holder, 1, Integer::sum));
        return holders;
    }
}
