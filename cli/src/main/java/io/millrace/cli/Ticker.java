package io.millrace.cli;

import java.time.Duration;

/** Does something ten times a second, in a thread of its own, until it is closed. */
final class Ticker implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(100);

    private final Thread thread;

    private Ticker(Thread thread) {
        this.thread = thread;
    }

    static Ticker start(Runnable action) {
        return new Ticker(Thread.ofPlatform().name("progress").daemon().start(() -> repeat(action)));
    }

    private static void repeat(Runnable action) {
        try {
            while (true) {
                Thread.sleep(EVERY);
                action.run();
            }
        } catch (InterruptedException e) {
            // It is closed.
        }
    }

    /** Returns when the action is not done any more. */
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
