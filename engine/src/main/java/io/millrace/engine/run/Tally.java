package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Commit.Move;
import io.millrace.api.Rejection;
import io.millrace.api.Split;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What a run has come to so far, over all its attempts, and whether it was asked to stop. Thread-safe. */
final class Tally {

    private final String run;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final LongAdder received = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    /** Guarded by this. */
    private final Map<String, Long> reasons = new TreeMap<>();
    /** Guarded by this. */
    private Counts counts = Counts.NONE;
    /** Guarded by this. */
    private long commits;

    Tally(String run) {
        this.run = run;
    }

    /** The run's name in the ledger. */
    String run() {
        return run;
    }

    void requestStop() {
        stop.countDown();
    }

    boolean stopRequested() {
        return stop.getCount() == 0;
    }

    /** Waits; true as soon as the run is asked to stop. */
    boolean stoppedWithin(long nanos) throws InterruptedException {
        return stop.await(nanos, TimeUnit.NANOSECONDS);
    }

    void read(long moreReceived, long moreRejected, long moreBytes) {
        received.add(moreReceived);
        rejected.add(moreRejected);
        bytes.add(moreBytes);
    }

    synchronized void committed(Commit commit) {
        commits++;
        for (Move move : commit.moves()) {
            counts = counts.plus(move.counts());
            for (Rejection rejection : move.rejected()) {
                reasons.merge(rejection.code(), 1L, Long::sum);
            }
        }
    }

    void splitFailed(Split split, IOException e) {
        String what = e instanceof NoSuchFileException ? "no such file: " + e.getMessage() : e.getMessage();
        failures.add(split.id() + ": " + (what == null ? e.getClass().getSimpleName() : what));
    }

    /** What was read by an attempt that was thrown away does not count as read. */
    void beginAttempt() {
        received.reset();
        rejected.reset();
        bytes.reset();
        failures.clear();
        synchronized (this) {
            received.add(counts.received());
            rejected.add(counts.quarantined());
        }
    }

    long bytes() {
        return bytes.sum();
    }

    long received() {
        return received.sum();
    }

    long rejected() {
        return rejected.sum();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    synchronized Counts counts() {
        return counts;
    }

    synchronized long commits() {
        return commits;
    }

    synchronized Map<String, Long> reasons() {
        return Map.copyOf(reasons);
    }
}
