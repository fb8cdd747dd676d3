package io.millrace.server.auth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one caller through in each interval; the others pass by without waiting. Safe for use by many threads. */
final class Periodic {

    private final long intervalMillis;
    private final InstantSource clock;

    /** In milliseconds. */
    private final AtomicLong last;

    Periodic(Duration interval, InstantSource clock) {
        this.intervalMillis = interval.toMillis();
        this.clock = clock;
        this.last = new AtomicLong(clock.millis());
    }

    /** True once an interval. */
    boolean due() {
        long now = clock.millis();
        long before = last.get();
        // A clock that was set back must not silence it until that time comes again.
        boolean early = now >= before && now - before < intervalMillis;
        return !early && last.compareAndSet(before, now);
    }
}
