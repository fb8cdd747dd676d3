package io.millrace.server.gateway;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that bodies may take all together. Thread-safe. */
final class Budget {

    private final long total;
    private final AtomicLong taken = new AtomicLong();

    Budget(long total) {
        this.total = total;
    }

    /** Takes bytes, where there are as many. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= total) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }
}
