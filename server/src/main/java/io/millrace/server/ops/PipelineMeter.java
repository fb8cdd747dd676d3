package io.millrace.server.ops;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Counts;
import java.time.Duration;
import java.util.ArrayDeque;

/** What a pipeline has committed since the server was started, also over its restarts. Thread-safe. */
final class PipelineMeter {

    /** Over how many samples rates are taken. */
    private static final int SAMPLES = 10;

    final Histogram commitNanos = Histogram.ofNanos(Histogram.WORK_SECONDS);
    final Histogram commitRows = Histogram.of(Histogram.ROWS);

    // Guarded by this.
    private Counts counts = Counts.NONE;
    private long commits;
    private Duration lastCommit = Duration.ZERO;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, Counts counts) {}

    /**
     * Everything at one moment.
     *
     * @param lastCommit how long the last one took; zero where there was none
     */
    record Totals(Counts counts, long commits, Duration lastCommit) {}

    /** Records a second, over the last ten seconds. */
    record Rates(double received, double loaded) {}

    void committed(Commit commit, long rows, Duration took) {
        commitNanos.add(took.toNanos());
        commitRows.add(rows);
        synchronized (this) {
            commits++;
            lastCommit = took;
            for (Commit.Move move : commit.moves()) {
                counts = counts.plus(move.counts());
            }
        }
    }

    synchronized Totals totals() {
        return new Totals(counts, commits, lastCommit);
    }

    /** Called once a second. */
    synchronized void sample(long nanos) {
        samples.addLast(new Sample(nanos, counts));
        if (samples.size() > SAMPLES + 1) {
            samples.removeFirst();
        }
    }

    synchronized Rates rates() {
        if (samples.size() < 2) {
            return new Rates(0, 0);
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        double seconds = (last.nanos() - first.nanos()) / 1e9;
        return new Rates(
                (last.counts().received() - first.counts().received()) / seconds,
                (last.counts().loaded() - first.counts().loaded()) / seconds);
    }
}
