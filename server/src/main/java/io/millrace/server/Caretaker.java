package io.millrace.server;

import java.io.IOException;
import java.time.Duration;

/** Does what is to be done now and then, from a thread of its own. */
final class Caretaker implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Thread thread;

    /** A task that is done again later where it fails. */
    interface Task {
        void run() throws IOException;
    }

    Caretaker(Task task) {
        thread = Thread.ofPlatform().name("caretaker").daemon().unstarted(() -> {
            try {
                while (true) {
                    Thread.sleep(EVERY);
                    attempt(task);
                }
            } catch (InterruptedException e) {
                // Closed.
            }
        });
    }

    private static void attempt(Task task) {
        try {
            task.run();
        } catch (IOException e) {
            System.getLogger(Caretaker.class.getName())
                    .log(System.Logger.Level.WARNING, "The log could not be looked after; trying again", e);
        }
    }

    void start() {
        thread.start();
    }

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
