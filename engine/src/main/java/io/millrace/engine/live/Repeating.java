package io.millrace.engine.live;

import io.millrace.engine.run.ThreadEnd;
import java.time.Duration;

/**
 * Does something again and again, an interval after it was done before, on a thread of its own. Thread-safe.
 */
public final class Repeating implements AutoCloseable {

    private final Thread thread;

    /** What is done. It deals with its own failures: one that it throws ends the repetition. */
    public interface Action {
        /** @throws InterruptedException when it is closed; it need not be awaited any more */
        void run() throws InterruptedException;
    }

    /**
     * Begins with {@link #start}, for the first time after one interval.
     *
     * @param name of the thread
     */
    public Repeating(String name, Duration every, Action action) {
        thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> {
            try {
                while (true) {
                    Thread.sleep(every);
                    action.run();
                }
            } catch (InterruptedException e) {
                // Closed.
            }
        });
    }

    public Repeating start() {
        thread.start();
        return this;
    }

    /** Interrupts the action and returns when it is not done any more; an interrupt meanwhile is kept for later. */
    @Override
    public void close() {
        thread.interrupt();
        ThreadEnd.await(thread);
    }
}
