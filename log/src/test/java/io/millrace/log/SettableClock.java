package io.millrace.log;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until time passes, or somebody sets it. */
final class SettableClock implements InstantSource {
    private final AtomicLong nanoTime = new AtomicLong();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    /** Time passes. */
    void advance(Duration by) {
        now = now.plus(by);
        nanoTime.addAndGet(by.toNanos());
    }

    /** It is set, without any time passing; back by a negative duration. */
    void set(Duration by) {
        now = now.plus(by);
    }

    /** As {@link System#nanoTime}: how much time has passed. */
    long nanoTime() {
        return nanoTime.get();
    }
}
