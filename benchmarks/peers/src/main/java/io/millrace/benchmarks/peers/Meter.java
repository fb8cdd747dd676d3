package io.millrace.benchmarks.peers;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Runs one process at a time and says what it took. Not thread-safe, but for {@link #close}. */
final class Meter implements AutoCloseable {

    /** Often enough to see the peak of a process shortly before its end; takes under 1 % of one core. */
    private static final long SAMPLE_MILLIS = 5;

    private static final Duration QUIET_SAMPLE = Duration.ofMillis(500);
    private static final double QUIET_LOAD = 0.05;

    private final ProcessHandle server;
    private final Duration limit;
    private final Duration patience;

    /** The process under way; null between runs. */
    private volatile @org.jspecify.annotations.Nullable Process running;

    /**
     * @param server the server that the processes use; its time is accounted for beside theirs
     * @param limit how long a process may run
     * @param patience how long to wait for other work on the machine to end before each run
     */
    Meter(ProcessHandle server, Duration limit, Duration patience) {
        this.server = server;
        this.limit = limit;
        this.patience = patience;
    }

    /** What a process took and how it ended. */
    record Run(int exitCode, Usage usage) {}

    /** Waits until the machine has nothing else to do, or patience ends. */
    void awaitQuiet() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            long start = System.nanoTime();
            double busy = Kernel.busySeconds();
            Thread.sleep(QUIET_SAMPLE);
            if ((Kernel.busySeconds() - busy) / capacity(start) < QUIET_LOAD) {
                return;
            }
        }
    }

    /** Runs a process to its end; one that takes longer than the limit is killed. */
    Run run(ProcessBuilder builder) throws IOException, InterruptedException {
        double busy = Kernel.busySeconds();
        double own = Kernel.ownSeconds();
        double serverSeconds = Kernel.secondsOfFamily(server);
        double children = Kernel.secondsOfEndedChildren();
        long start = System.nanoTime();
        Process process = builder.start();
        running = process;
        try {
            long peak = 0;
            while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
                OptionalLong sample = Kernel.peakRssBytes(process.pid());
                peak = Math.max(peak, sample.orElse(0));
                if (System.nanoTime() - start > limit.toNanos()) {
                    process.destroyForcibly().waitFor();
                    throw new IOException("still running after " + limit.toSeconds() + " s");
                }
            }
            double wall = (System.nanoTime() - start) / 1e9;
            double used = Kernel.secondsOfEndedChildren() - children;
            double serverUsed = Kernel.secondsOfFamily(server) - serverSeconds;
            double known = used + serverUsed + (Kernel.ownSeconds() - own);
            double others = Math.max(0, (Kernel.busySeconds() - busy - known) / capacity(start));
            return new Run(process.exitValue(), new Usage(wall, used, serverUsed, peak, others));
        } finally {
            running = null;
        }
    }

    /** Kills the process under way. */
    @Override
    public void close() {
        Process process = running;
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static double capacity(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9 * Runtime.getRuntime().availableProcessors();
    }
}
