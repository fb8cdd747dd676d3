package io.millrace.engine.run;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How the owner of a thread waits for it: until it has ended, whatever happens, so that nothing that it uses is closed
 * before. An interrupt meanwhile is kept for later.
 */
public final class ThreadEnd {

    private ThreadEnd() {}

    /** Waits for as long as it takes. */
    public static void await(Thread thread) {
        await(thread, Duration.ofNanos(Long.MAX_VALUE));
    }

    /** @param patience then the thread is interrupted, again and again until it has ended */
    public static void await(Thread thread, Duration patience) {
        boolean interrupted = false;
        long start = System.nanoTime();
        while (thread.isAlive()) {
            try {
                long left = patience.toNanos() - (System.nanoTime() - start);
                if (left <= 0) {
                    thread.interrupt();
                }
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
