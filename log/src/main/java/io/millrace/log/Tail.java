package io.millrace.log;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** How far a partition that this process writes is on disk, and who waits for more. Thread-safe. */
final class Tail {
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private volatile long end;

    Tail(long end) {
        this.end = end;
    }

    /** The offset up to which everything is on disk. */
    long end() {
        return end;
    }

    void publish(long offset) {
        end = offset;
        if (!waiting.isEmpty()) {
            waiting.forEach(LockSupport::unpark);
        }
    }

    /** Waits until there is something after an offset, but no longer than this, and perhaps less: the caller looks. */
    void await(long offset, long nanos) {
        Thread me = Thread.currentThread();
        waiting.add(me);
        try {
            if (end <= offset) {
                LockSupport.parkNanos(this, nanos);
            }
        } finally {
            waiting.remove(me);
        }
    }
}
