package io.millrace.testkit;

import static io.millrace.testkit.LiveSystem.check;

import io.millrace.testkit.Launcher.Result;
import io.millrace.testkit.Launcher.Running;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Strikes a live system at random moments, again and again, while clients send to it with retries: each event must be
 * counted exactly once in the end. It goes in rounds: in each, every client sends a file of its own, and when all have
 * ended the table is compared with a batch load of all files so far.
 */
public final class LiveTorture {

    /** The lease that a live process has on its splits, and some time for the other to take over. */
    private static final long PAUSE_MILLIS = 11_000;

    private static final int PAUSE_SPREAD_MILLIS = 3_000;
    private static final int EVENTS_BESIDE = 2_000;
    private static final int EVENTS_BESIDE_RATE = 1_000_000;

    /** One in so many strikes falls on a server that has not come up yet. */
    private static final int EARLY_STRIKES = 5;

    private static final int STRIKES_TOLD = 25;

    /** What can be done to a system. */
    public enum Strike {
        /** SIGKILL to the server. */
        KILL_SERVER,
        /** SIGKILL to all processes of PostgreSQL. */
        KILL_DATABASE,
        /** SIGTERM to the server, which must end in order and with exit code 0. */
        RESTART_SERVER,
        /** SIGSTOP to the server for longer than its lease, while another serves the same home and database. */
        PAUSE_SERVER
    }

    /**
     * What a run is like.
     *
     * @param strikes what is done and, of so many in all, how often
     * @param clients how many send at a time
     * @param events that each client sends in a round
     * @param rate at which each client sends, in events a second
     * @param gapMillis the longest time between a start and the next strike
     */
    public record Plan(Map<Strike, Integer> strikes, int clients, int events, int rate, int gapMillis) {

        /** All that can be done, for as long as one likes. */
        public static Plan everything() {
            return new Plan(
                    Map.of(
                            Strike.KILL_SERVER, 12,
                            Strike.KILL_DATABASE, 5,
                            Strike.RESTART_SERVER, 2,
                            Strike.PAUSE_SERVER, 1),
                    3,
                    40_000,
                    1_000,
                    1_200);
        }
    }

    /** What came of it so far. */
    public record Outcome(Map<Strike, Integer> strikes, int rounds, long events) {
        public int total() {
            return strikes.values().stream().mapToInt(Integer::intValue).sum();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            strikes.forEach((strike, times) -> text.append(times)
                    .append(" x ")
                    .append(strike.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '))
                    .append(", "));
            return text + "%,d events in %d rounds, each counted once".formatted(events, rounds);
        }
    }

    private final LiveSystem system;
    private final Plan plan;
    private final Random random;
    private final PrintStream log;
    private final int port;
    private final Map<Strike, Integer> struck = new EnumMap<>(Strike.class);
    private final List<Strike> dice = new ArrayList<>();

    private long events;
    private int rounds;
    private int beside;

    /**
     * @param seed makes the same events and the same plan of strikes (though not the same timing)
     * @param log told of each round
     */
    public LiveTorture(LiveSystem system, Plan plan, long seed, PrintStream log) throws IOException {
        this.system = system;
        this.plan = plan;
        this.random = new Random(seed);
        this.log = log;
        this.port = Ports.free();
        for (Strike strike : Strike.values()) {
            for (int i = 0; i < plan.strikes().getOrDefault(strike, 0); i++) {
                dice.add(strike);
            }
        }
    }

    /** What was proved until now: rounds that are not over do not count. */
    public synchronized Outcome outcome() {
        return new Outcome(Map.copyOf(struck), rounds, events);
    }

    /**
     * Runs until the system has been struck so often while clients were sending.
     *
     * @throws AssertionError where anything is not exactly as it must be
     */
    public Outcome run(int strikes) throws IOException, InterruptedException {
        Running server = system.up(port);
        while (struckSoFar() < strikes) {
            server = round(server, strikes);
            system.checkExact(events);
            log.printf("round %d: %d strikes, %,d events, exact%n", rounds, struckSoFar(), events);
        }
        terminate(server);
        return outcome();
    }

    private synchronized int struckSoFar() {
        return outcome().total();
    }

    /** Returns the server that is up in the end. */
    private Running round(Running first, int strikes) throws IOException, InterruptedException {
        Running server = first;
        List<Running> clients = new ArrayList<>();
        for (int client = 0; client < plan.clients(); client++) {
            Path file = system.events(rounds + "-" + client, plan.events(), random.nextLong());
            clients.add(system.send(file, port, plan.rate()));
        }
        long beforeBeside = beside;
        while (struckSoFar() < strikes
                && clients.stream().anyMatch(client -> client.process().isAlive())) {
            Thread.sleep(random.nextInt(plan.gapMillis()));
            Strike strike = dice.get(random.nextInt(dice.size()));
            server = strike(strike, server);
            count(strike);
        }
        LiveSystem.awaitListening(server, port);
        for (Running client : clients) {
            LiveSystem.expect(client.await());
            client.close();
        }
        synchronized (this) {
            events += (long) plan.clients() * plan.events() + (beside - beforeBeside) * EVENTS_BESIDE;
            rounds++;
        }
        return server;
    }

    private void count(Strike strike) {
        int total;
        synchronized (this) {
            struck.merge(strike, 1, Integer::sum);
            total = struckSoFar();
        }
        if (total % STRIKES_TOLD == 0) {
            log.printf("%d strikes%n", total);
        }
    }

    private Running strike(Strike strike, Running server) throws IOException, InterruptedException {
        check(server.process().isAlive(), "the server ended by itself: " + server.err());
        return switch (strike) {
            case KILL_SERVER -> {
                server.kill(false);
                server.close();
                yield again();
            }
            case KILL_DATABASE -> {
                system.database().kill();
                Thread.sleep(random.nextInt(plan.gapMillis()));
                system.database().start();
                yield server;
            }
            case RESTART_SERVER -> {
                LiveSystem.awaitListening(server, port);
                terminate(server);
                yield again();
            }
            case PAUSE_SERVER -> {
                LiveSystem.awaitListening(server, port);
                pause(server);
                yield server;
            }
        };
    }

    private Running again() throws IOException, InterruptedException {
        return random.nextInt(EARLY_STRIKES) == 0 ? system.launch(port) : system.up(port);
    }

    private static void terminate(Running server) throws IOException, InterruptedException {
        server.signal("TERM");
        long asked = System.nanoTime();
        Result end = LiveSystem.expect(server.await());
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - asked);
        check(seconds < 10, "it took " + seconds + " s to stop: " + end);
        server.close();
    }

    /** Another takes over, and takes events of its own; in the end the paused one wakes beside it. */
    private void pause(Running server) throws IOException, InterruptedException {
        long until =
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS + random.nextInt(PAUSE_SPREAD_MILLIS));
        server.signal("STOP");
        int otherPort = Ports.free();
        Running other = system.up(otherPort);
        Path file = system.events("beside-" + beside, EVENTS_BESIDE, random.nextLong());
        beside++;
        try (Running client = system.send(file, otherPort, EVENTS_BESIDE_RATE)) {
            LiveSystem.expect(client.await());
        }
        Thread.sleep(Math.max(0, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())));
        server.signal("CONT");
        Thread.sleep(random.nextInt(plan.gapMillis()));
        if (random.nextBoolean()) {
            terminate(other);
        } else {
            other.kill(false);
            other.close();
        }
    }
}
