package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Commit.Move;
import io.millrace.api.Offset;
import io.millrace.api.Rejection;
import io.millrace.api.RejectionLimit;
import io.millrace.api.Split;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a run has come to so far, over all its attempts, and whether it was asked to stop. Thread-safe. */
final class Tally {

    private final String run;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final LongAdder received = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    /** What could not be read, by split; the source itself under no name. */
    private final Map<String, String> failures = new ConcurrentSkipListMap<>();

    /** Guarded by this. */
    private final Map<String, Long> reasons = new TreeMap<>();
    /** Guarded by this. */
    private Counts counts = Counts.NONE;
    /** Guarded by this. */
    private long commits;
    /** Guarded by this. */
    private long lastCommitNanos;
    /** Guarded by this. */
    private long committedBytes;
    /** Guarded by this. */
    private final Map<String, Offset> offsets = new HashMap<>();

    private final @Nullable Halting halting;

    /** @param stopWhen how many rejected records end the run; null where it goes on whatever comes */
    Tally(String run, @Nullable RejectionLimit stopWhen) {
        this.run = run;
        this.halting = stopWhen == null ? null : new Halting(stopWhen);
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

    /** Whether no more is to be read, because somebody has asked for it or since too many records are rejected. */
    boolean ending() {
        return stopRequested() || halted();
    }

    /** Whether too many of the records that are read now are rejected. */
    boolean halted() {
        return halting != null && halting.halted();
    }

    /** Why the run was halted and what to do; null where it was not. */
    @Nullable
    String halt(String pipeline) {
        return halting == null || !halting.halted() ? null : halting.message(pipeline, reasons());
    }

    /** Waits; true as soon as the run is asked to stop. */
    boolean stoppedWithin(long nanos) throws InterruptedException {
        return stop.await(nanos, TimeUnit.NANOSECONDS);
    }

    void read(long moreReceived, long moreRejected, long moreBytes) {
        received.add(moreReceived);
        rejected.add(moreRejected);
        bytes.add(moreBytes);
        if (halting != null) {
            halting.read(moreReceived, moreRejected);
        }
    }

    /** Records that were read as good turned out to be refused by the destination. */
    void refused(long records) {
        if (records > 0) {
            read(0, records, 0);
        }
    }

    /** @param input how many bytes of input it covers */
    synchronized void committed(Commit commit, long input, long nanos) {
        commits++;
        committedBytes += input;
        lastCommitNanos = nanos;
        for (Move move : commit.moves()) {
            counts = counts.plus(move.counts());
            if (halting != null) {
                halting.committed(move.counts().received(), move.counts().quarantined());
            }
            offsets.put(move.split(), move.to());
            for (Rejection rejection : move.rejected()) {
                reasons.merge(rejection.code(), 1L, Long::sum);
            }
        }
    }

    /** What the destination said of where splits stand. */
    synchronized void standsAt(Map<String, Offset> progress) {
        offsets.putAll(progress);
    }

    synchronized Map<String, Offset> offsets() {
        return Map.copyOf(offsets);
    }

    synchronized Run.Standing standing() {
        return new Run.Standing(offsets(), counts, commits, Duration.ofNanos(lastCommitNanos), failures());
    }

    void splitFailed(Split split, IOException e) {
        failures.put(split.id(), split.id() + ": " + words(e));
    }

    /** A live source could not tell its splits. */
    void sourceFailed(IOException e) {
        failures.put("", words(e));
    }

    /** A live source has told its splits; those that failed are tried again. */
    void sourceFound() {
        failures.remove("");
    }

    /** A split that may have failed before is read. */
    void splitRead(String split) {
        failures.remove(split);
    }

    private static String words(IOException e) {
        String what = e instanceof NoSuchFileException ? "no such file: " + e.getMessage() : e.getMessage();
        return what == null ? e.getClass().getSimpleName() : what;
    }

    /** What was read by an attempt that was thrown away does not count as read. */
    void beginAttempt() {
        received.reset();
        rejected.reset();
        bytes.reset();
        failures.clear();
        if (halting != null) {
            halting.beginAttempt();
        }
        synchronized (this) {
            received.add(counts.received());
            rejected.add(counts.quarantined());
            bytes.add(committedBytes);
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
        return List.copyOf(failures.values());
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
