package io.millrace.engine.run;

import java.time.Duration;

/**
 * Tells a live run when to commit: at once where a commit costs little, and the more rarely the more it costs, so that
 * results are fresh when little comes and the destination is not kept busy when much does.
 *
 * <p>A commit of some rows is expected to take a fixed time and a time for each row, both learnt from those before. It is
 * due when a part of that time has passed since the last one ({@link #REST}). Where rows come so fast that the destination
 * would be kept busy by that ({@link #BUSY}), it is due when the square of the time over {@link #CHEAP} has passed, one of
 * 20 ms after 40 ms, one of 50 ms after 250 ms, until more rows of the same keys have become one.
 *
 * <p>The square must not be taken for a load that the destination can follow: what has come during one slow commit would
 * make the next one wait, more would come meanwhile, and it would never be quick again. Used by the committer and, for
 * {@link #gap}, by lanes.
 */
final class Pace {

    private static final double CHEAP = Duration.ofMillis(10).toNanos();

    /** How long the destination rests between two commits, of the time of one, where it can follow. */
    private static final double REST = 0.25;

    /** How much of the time the work for each row may take for the destination to follow. */
    private static final double BUSY = 0.1;

    /** How many times more, or less, than expected a commit may say that it costs. */
    private static final double BELIEVED = 4;

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

    /**
     * Learns from a commit. What was not expected is put down to what costs more of it, the commit as such or its rows, and
     * is believed up to a point only: one commit may have waited for a checkpoint, or have been the first.
     */
    void took(long rows, long nanos) {
        Cost before = learnt;
        double work = rows * before.eachRow;
        learnt = work <= before.base
                ? new Cost(towards(before.base, nanos - work), before.eachRow)
                : new Cost(before.base, towards(before.eachRow, (nanos - before.base) / rows));
    }

    private static double towards(double expected, double seen) {
        return expected + WEIGHT * (Math.clamp(seen, expected / BELIEVED, expected * BELIEVED) - expected);
    }

    /**
     * How many nanoseconds should lie between the end of a commit and the next.
     *
     * @param rows how many the next one would have now
     * @param nanos in what time they have come, which is since the last one began
     */
    long gap(long rows, long nanos) {
        Cost of = learnt;
        double work = rows * of.eachRow;
        double cost = of.base + work;
        boolean follows = work <= BUSY * nanos;
        return (long) Math.min(longest, follows ? REST * cost : cost * Math.max(1, cost / CHEAP));
    }
}
