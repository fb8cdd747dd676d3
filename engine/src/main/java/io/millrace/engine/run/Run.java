package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.FencedException;
import io.millrace.api.Offset;
import io.millrace.api.RowsRefusedException;
import io.millrace.api.SinkException;
import io.millrace.api.Split;
import io.millrace.engine.run.RunSummary.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Loads what there is to load into the table of one pipeline, exactly once, and ends, or goes on until it is stopped.
 *
 * <p>It may be killed at any moment: whatever was committed is there once, whatever was not is read again by the next
 * run. Several instances may run the same pipeline at once; a commit that comes too late changes nothing and its
 * instance starts over from where the destination then stands.
 *
 * <p>{@link #execute} is called once; {@link #stop} and {@link #progress} at any time from any thread.
 */
public final class Run {

    private final Job job;
    private final RunListener listener;
    private final InstantSource clock;
    private final Tally tally;
    private final Destination destination;
    private final Care care = new Care();
    /** Why fields that the contract does not name can't be columns, by their names. */
    private final Map<String, String> refused = new HashMap<>();

    private volatile long totalBytes = -1;

    /**
     * @param job what to do
     * @param id names the run in the ledger; unique
     * @param listener hears of what happens
     * @param clock tells the time at which records are received
     * @param random spreads retries
     */
    public Run(Job job, String id, RunListener listener, InstantSource clock, RandomGenerator random) {
        this.job = job;
        this.listener = listener;
        this.clock = clock;
        this.tally = new Tally(id, job.stopWhen());
        this.destination = new Destination(job.sink(), tally, listener, random);
    }

    /** How far a run has come. Records are counted when they are read, which is before they are committed. */
    public record Progress(long received, long rejected, long bytes, long totalBytes, long committed) {}

    public Progress progress() {
        return new Progress(
                tally.received(),
                tally.rejected(),
                tally.bytes(),
                totalBytes,
                tally.counts().received());
    }

    /**
     * Where a run stands, for those who watch one that goes on.
     *
     * @param offsets the last offset that is known to be committed, of each split that the run has come across
     * @param counts what became of the records that were committed
     * @param commits how many commits there were
     * @param lastCommit how long the last commit took; zero where there was none
     * @param failures what can't be read at present, one text for each split
     */
    public record Standing(
            Map<String, Offset> offsets,
            Commit.Counts counts,
            long commits,
            Duration lastCommit,
            List<String> failures) {}

    public Standing standing() {
        return tally.standing();
    }

    /** Asks the run to end early: what has been read is committed, no more is read. */
    public void stop() {
        tally.requestStop();
    }

    /**
     * Runs to the end.
     *
     * @throws SinkException where the destination can't take what it is given, with what to do
     * @throws IOException where the source can't be read at all, with what to do
     * @throws InterruptedException where the calling thread was interrupted; nothing of the run goes on
     */
    public RunSummary execute() throws SinkException, IOException, InterruptedException {
        long start = System.nanoTime();
        Job.Following following = job.following();
        try {
            boolean again;
            do {
                again = !attempt()
                        || (following != null
                                && !tally.halted()
                                && !tally.stoppedWithin(following.lookEvery().toNanos()));
            } while (again && !tally.stopRequested());
            if (following != null) {
                destination.release(following.holder());
            }
        } catch (Destination.StoppedException e) {
            // The run was asked to stop and could not commit: the summary says what is committed.
        }
        String halt = tally.halt(job.pipeline());
        Outcome outcome = tally.stopRequested()
                ? Outcome.STOPPED
                : halt == null && tally.failures().isEmpty() ? Outcome.DONE : Outcome.FAILED;
        return new RunSummary(
                outcome,
                tally.counts(),
                tally.commits(),
                tally.bytes(),
                Duration.ofNanos(System.nanoTime() - start),
                tally.reasons(),
                job.source().remarks(),
                tally.failures(),
                halt);
    }

    /** False where it was fenced off, is to go on with more care or with less, or with more columns. */
    private boolean attempt() throws SinkException, IOException, InterruptedException {
        tally.beginAttempt();
        Leases leases = new Leases(job, destination);
        Evolved evolved = Evolved.of(job, destination.evolved(job), refused);
        if (job.following() != null) {
            destination.prepare(evolved.job().shape());
        }
        Map<String, Offset> progress = destination.progress();
        if (!job.source().live() && !leases.takeAll()) {
            // Another process runs this pipeline. It is looked after again later.
            return true;
        }
        List<Split> splits = job.source().live() ? List.of() : job.source().splits(progress);
        tally.standsAt(progress);
        long left = bytesOf(splits);
        totalBytes = left < 0 ? -1 : left + tally.bytes();
        listener.started(splits.size(), totalBytes);
        try {
            return new Attempt(evolved, splits, progress, leases, destination, tally, care, listener, clock).run();
        } catch (RowsRefusedException e) {
            listener.refused(e);
            return false;
        } catch (FencedException e) {
            listener.fenced(e);
            return false;
        } catch (FieldsFound found) {
            refused.putAll(destination.evolve(found.columns()));
            return false;
        }
    }

    private static long bytesOf(List<Split> splits) {
        long bytes = 0;
        for (Split split : splits) {
            if (split.sizeBytes() < 0) {
                return -1;
            }
            bytes += split.sizeBytes();
        }
        return bytes;
    }
}
