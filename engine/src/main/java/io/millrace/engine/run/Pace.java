package io.millrace.engine.run;

import java.time.Duration;

/**
 * Tells a live run when to commit: at once where a commit costs little, and the more rarely the more it costs, so that
 * results are fresh when little comes and the destination is not kept busy when much does.
 *
 * <p>A commit of some rows is expected to take a fixed time and a time for each row, both learnt from those before. It is
 * due when that time has passed since the last one, or its square over {@link #CHEAP} where it is longer than that: of a
 * commit that takes 3 ms every 3 ms, of 20 ms every 40 ms, of 200 ms every 4 s. Used by the committer and, for
 * {@link #gap}, by lanes.
 */
final class Pace {

    private static final double CHEAP = Duration.ofMillis(10).toNanos();

    /** Commits of fewer rows tell what a commit costs that has none. */
    private static final long FEW_ROWS = 64;

    /** How much a commit changes what was learnt. */
    private static final double WEIGHT = 0.2;

    private final double longest;

    /** Nanoseconds. */
    private record Cost(double base, double eachRow) {}

    /** Replaced by the committer only. */
    private volatile Cost learnt = new Cost(Duration.ofMillis(2).toNanos(), 1_000);

    /** @param longest the longest time between two commits */
    Pace(Duration longest) {
        this.longest = longest.toNanos();
    }

    /** Learns from a commit. */
    void took(long rows, long nanos) {
        Cost before = learnt;
        learnt = rows < FEW_ROWS
                ? new Cost(before.base + WEIGHT * (nanos - before.base), before.eachRow)
                : new Cost(
                        before.base,
                        before.eachRow + WEIGHT * (Math.max(0, nanos - before.base) / rows - before.eachRow));
    }

    /** How many nanoseconds should lie between the end of a commit and the next, which has so many rows. */
    long gap(long rows) {
        Cost of = learnt;
        double cost = of.base + rows * of.eachRow;
        return (long) Math.min(longest, cost * Math.max(1, cost / CHEAP));
    }
}
