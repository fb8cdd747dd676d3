package io.millrace.server.gateway;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ends what takes too long. Sockets that virtual threads read from know no time-outs, and a time-out for each read would
 * not stop a client that sends a byte a second; so that deadlines are looked through a few times a second instead, and
 * setting one costs no more than writing a field.
 *
 * <p>Thread-safe. One thread of its own, which ends with {@link #close}.
 */
final class Watch implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(100);

    private final Set<Deadline> deadlines = ConcurrentHashMap.newKeySet();
    private final AtomicLong now = new AtomicLong();
    private final long start = System.nanoTime();
    private final Thread thread;

    Watch() {
        thread = Thread.ofPlatform().daemon().name("gateway-watch").start(this::run);
    }

    /** Milliseconds since the start, as of the last tick. */
    long now() {
        return now.getOpaque();
    }

    /** @param expire what to do, once, when the time is up; called from the watch's thread, so that it must not wait */
    Deadline open(Runnable expire) {
        Deadline deadline = new Deadline(expire);
        deadlines.add(deadline);
        return deadline;
    }

    private void run() {
        while (true) {
            try {
                Thread.sleep(TICK);
            } catch (InterruptedException e) {
                // Nobody but close interrupts this thread.
                return;
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            now.setOpaque(millis);
            for (Deadline deadline : deadlines) {
                deadline.look(millis);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A time that may be moved at any moment, until it has passed. Closed when nobody waits for it any more. */
    final class Deadline implements AutoCloseable {

        private static final long NEVER = Long.MAX_VALUE;

        private final Runnable expire;

        /** In milliseconds of {@link #now}. Opaque: whether it is seen a tick later makes no difference. */
        private final AtomicLong at = new AtomicLong(NEVER);

        private Deadline(Runnable expire) {
            this.expire = expire;
        }

        void in(long millis) {
            at(now() + millis);
        }

        void at(long millis) {
            at.setOpaque(millis);
        }

        void none() {
            at.setOpaque(NEVER);
        }

        private void look(long millis) {
            long due = at.getOpaque();
            if (millis > due && at.compareAndSet(due, NEVER)) {
                deadlines.remove(this);
                expire.run();
            }
        }

        @Override
        public void close() {
            deadlines.remove(this);
        }
    }
}
