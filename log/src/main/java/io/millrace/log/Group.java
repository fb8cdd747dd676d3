package io.millrace.log;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Appends that are forced to disk together, and the threads that wait for that. Threads join under the partition's lock;
 * the committer ends the group when none can join any more.
 */
final class Group {
    private Thread[] waiting = new Thread[16];
    private int count;

    /** Written before {@link #done}, read after it. */
    private long base;

    private @Nullable LogException failure;
    private volatile boolean done;

    /** How many wait. */
    int size() {
        return count;
    }

    void join(Thread thread) {
        if (count == waiting.length) {
            waiting = Arrays.copyOf(waiting, count * 2);
        }
        waiting[count++] = thread;
    }

    /** @param offset where the group begins in the partition */
    void stored(long offset) {
        base = offset;
        end();
    }

    void failed(LogException cause) {
        failure = cause;
        end();
    }

    private void end() {
        done = true;
        for (int i = 0; i < count; i++) {
            LockSupport.unpark(waiting[i]);
        }
    }

    /**
     * Waits for the end, also where the thread is interrupted: bytes on the way to the disk can't be called back, so
     * only their outcome tells the caller something. The interrupt is kept.
     *
     * @return where the group begins in the partition
     * @throws LogException where it was not stored; each caller gets one of its own
     */
    long await() throws LogException {
        boolean interrupted = false;
        while (!done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure.again();
        }
        return base;
    }
}
