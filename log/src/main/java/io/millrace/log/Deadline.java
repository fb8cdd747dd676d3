package io.millrace.log;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Until when a caller waits, by {@link System#nanoTime}: that of a clock could be set back. */
final class Deadline {
    static final Deadline NONE = new Deadline(0, true);

    /** Longer is the same as for ever, and does not overflow. */
    private static final Duration LONGEST = Duration.ofDays(10_000);

    private final long nanoTime;
    private final boolean never;

    private Deadline(long nanoTime, boolean never) {
        this.nanoTime = nanoTime;
        this.never = never;
    }

    static Deadline in(@Nullable Duration timeout) {
        return timeout == null || timeout.compareTo(LONGEST) > 0
                ? NONE
                : new Deadline(System.nanoTime() + timeout.toNanos(), false);
    }

    /** Nanoseconds left; none or less when it is over. */
    long left() {
        return never ? Long.MAX_VALUE / 2 : nanoTime - System.nanoTime();
    }

    /** Waits for a notification of a monitor that the caller holds; false where the time is up. */
    boolean await(Object monitor) throws InterruptedException {
        long left = left();
        if (left <= 0) {
            return false;
        }
        TimeUnit.NANOSECONDS.timedWait(monitor, left);
        return true;
    }
}
