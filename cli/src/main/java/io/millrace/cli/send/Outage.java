package io.millrace.cli.send;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Since when nothing comes through. Thread-safe. */
final class Outage {

    private final LongSupplier nanoTime;
    /** When the first request failed after the last that did not; null while requests come through. */
    private @Nullable Long since;

    Outage(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A request failed; tells for how long nothing has come through. */
    synchronized Duration failed() {
        long now = nanoTime.getAsLong();
        if (since == null) {
            since = now;
        }
        return Duration.ofNanos(now - since);
    }

    /** A request came through; tells whether it is the first one after others did not. */
    synchronized boolean ended() {
        boolean was = since != null;
        since = null;
        return was;
    }
}
