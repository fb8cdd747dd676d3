package io.millrace.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Forces the two files of a segment to disk at the same time: the data on the calling thread, the index on a thread of
 * its own, so that the file system can do both with one commit of its journal. What was measured is in
 * {@code docs/decisions/0005-event-log.md}.
 *
 * <p>Used by one committer at a time.
 */
final class IndexForcer implements AutoCloseable {
    private final Thread thread;
    private volatile @Nullable Request request;
    private volatile boolean closing;

    IndexForcer(String name) {
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Returns when both are on disk; where one fails, when both have ended. */
    void forceBoth(FileChannel data, FileChannel index) throws IOException {
        Request mine = new Request(index, Thread.currentThread());
        request = mine;
        LockSupport.unpark(thread);
        IOException failure = null;
        try {
            data.force(false);
        } catch (IOException e) {
            failure = e;
        }
        while (!mine.done) {
            LockSupport.park(this);
        }
        if (mine.failure != null) {
            if (failure == null) {
                failure = mine.failure;
            } else {
                failure.addSuppressed(mine.failure);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void run() {
        while (!closing) {
            Request mine = request;
            if (mine == null) {
                LockSupport.park(this);
                continue;
            }
            request = null;
            try {
                mine.index.force(false);
            } catch (IOException e) {
                mine.failure = e;
            } catch (RuntimeException | Error e) {
                mine.failure = new IOException("Forcing the index failed", e);
            }
            mine.done = true;
            LockSupport.unpark(mine.caller);
        }
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        join(thread);
    }

    /** Waits for the end of a thread that was told to end; an interrupt is kept for later. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One force of an index. */
    private static final class Request {
        private final FileChannel index;
        private final Thread caller;

        /** Written before {@link #done}, read after it. */
        private @Nullable IOException failure;

        private volatile boolean done;

        Request(FileChannel index, Thread caller) {
            this.index = index;
            this.caller = caller;
        }
    }
}
