package io.millrace.cli.send;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A token bucket: so many events a second, evenly. The bucket holds a tenth of a second's tokens, to make good for a
 * moment in which nothing could be sent. Used by the one thread that reads.
 */
final class Pace {

    private static final double NANOS = 1e9;
    private static final double BUCKET_NANOS = NANOS / 10;

    /** 0 where there is no limit. */
    private final double eventsPerSecond;

    private final LongSupplier nanoTime;
    private final long start;
    /** When all that was taken is paid for, in nanoseconds from the start. */
    private double paid;

    /** @param nanoTime a clock as {@link System#nanoTime} is one */
    Pace(double eventsPerSecond, LongSupplier nanoTime) {
        this.eventsPerSecond = eventsPerSecond;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /** Takes the tokens for some events, and tells how long to wait before these are sent. */
    Duration take(int events) {
        if (eventsPerSecond == 0) {
            return Duration.ZERO;
        }
        double now = nanoTime.getAsLong() - start;
        double due = Math.max(paid, now - BUCKET_NANOS);
        paid = due + events / eventsPerSecond * NANOS;
        return Duration.ofNanos((long) Math.max(0, due - now));
    }
}
