package io.millrace.engine.run;

import io.millrace.api.Offset;
import io.millrace.api.RecordBatch;
import io.millrace.api.Sink;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.sql.exec.Aggregator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Does everything for the splits it works on up to the commit: read, decode, transform, aggregate. Confined to one thread but for
 * {@link #giveBack}.
 *
 * <p>Of a live source it has one split and waits at its end for more. It then hands over what it has as soon as the
 * committer has nothing to do and {@link Pace} finds it worth while; until then it goes on adding.
 *
 * <p>Two shares go round: while one is being committed the other is filled. When the committer falls behind, the lane
 * waits for a share, and so the source is read no faster than the destination takes.
 */
final class Lane implements Runnable {

    private static final int SHARES = 2;

    /** How long to wait for more at the end of a live split, and for the committer where there is something for it. */
    private static final Duration WAIT_FOR_RECORDS = Duration.ofMillis(100);

    private static final Duration WAIT_FOR_COMMITTER = Duration.ofMillis(1);

    /** When so long nothing has come, what there is need not wait for more to be worth while. */
    private static final long QUIET_NANOS = Duration.ofMillis(20).toNanos();

    private final Job job;
    private final Attempt attempt;
    private final Screening screening;
    private final long shareBytes;
    private final BlockingQueue<Share> free = new ArrayBlockingQueue<>(SHARES);
    private Share share;
    private final boolean live;
    private final List<String> read = new ArrayList<>();
    private long handedOverAt = System.nanoTime();
    private long receivedAt = System.nanoTime();

    /** Whether the share has anything in it; the committer asks. */
    private volatile boolean rows;

    private volatile boolean last;

    Lane(Evolved evolved, Attempt attempt) {
        this.job = evolved.job();
        this.attempt = attempt;
        this.live = job.source().live();
        this.screening = new Screening(evolved, attempt.seen());
        this.shareBytes = job.commit().bytes() / job.lanes() / SHARES;
        this.share = newShare();
        for (int i = 1; i < SHARES; i++) {
            free.add(newShare());
        }
    }

    private Share newShare() {
        Sink.Staging staging = job.sink().stage(job.shape());
        Aggregator aggregator = job.plan().grouped() ? new Aggregator(job.plan()) : null;
        return attempt.careful() ? Share.withCare(this, staging, aggregator) : Share.of(this, staging, aggregator);
    }

    /** Takes back a share that has been committed. Called by the committer. */
    void giveBack(Share committed) {
        committed.clear();
        free.add(committed);
    }

    @Override
    public void run() {
        try {
            while (!attempt.stopping()) {
                Split split = attempt.nextSplit();
                if (split == null) {
                    break;
                }
                try {
                    read(split);
                } catch (IOException e) {
                    attempt.splitFailed(split, e);
                } catch (FieldsFound e) {
                    attempt.fieldsFound(e);
                }
                if (live) {
                    // The next split has a lane of its own.
                    break;
                }
            }
            handOver(live, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            attempt.laneBroke(e);
        } finally {
            attempt.laneEnded(this, read);
        }
    }

    /** Whether there is something that it has not handed over. */
    boolean hasRows() {
        return rows;
    }

    boolean hasHandedOverItsLast() {
        return last;
    }

    private void read(Split split) throws IOException, InterruptedException {
        read.add(split.id());
        Offset at = attempt.progressOf(split);
        try (SplitReader reader = job.source().open(split, at, job.input())) {
            while (!attempt.stopping() && !attempt.withdrawn(split)) {
                RecordBatch records = reader.next();
                if (records != null) {
                    attempt.awaitKeys();
                    process(split, at, records);
                    at = records.end();
                    receivedAt = System.nanoTime();
                } else if (!live) {
                    return;
                } else if (share.isEmpty()) {
                    reader.await(WAIT_FOR_RECORDS);
                } else if (!worthCommitting()) {
                    reader.await(WAIT_FOR_COMMITTER);
                }
                if (worthCommitting()) {
                    handOver(true, true);
                }
            }
        }
    }

    private void process(Split split, @Nullable Offset from, RecordBatch records) {
        Screening.Screened screened =
                screening.apply(split.id(), records, attempt.clock().instant(), share.staging(), share.keys());
        rows = true;
        share.add(screened, split.id());
        share.advance(split.id(), from, records.end(), screened.counts(), screened.rejected(), records.bytes());
        attempt.read(
                split,
                screened.counts().received(),
                screened.counts().quarantined() + screened.counts().dropped(),
                records.bytes());
    }

    private boolean worthCommitting() {
        if (share.isEmpty()) {
            return false;
        }
        return share.bytes() >= shareBytes
                || share.full()
                || attempt.shareWanted(this)
                || (live
                        ? attempt.dueForCommit(share.rows(), System.nanoTime() - receivedAt > QUIET_NANOS)
                        : System.nanoTime() - handedOverAt
                                >= job.commit().every().toNanos());
    }

    private void handOver(boolean urgent, boolean more) throws InterruptedException {
        handedOverAt = System.nanoTime();
        last = !more;
        if (share.isEmpty()) {
            return;
        }
        rows = false;
        attempt.submit(share, urgent);
        if (more) {
            share = free.take();
        }
    }
}
