package io.millrace.cli.send;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** That the user wants an end: given once, and heard by everyone who waits. Thread-safe. */
final class StopSignal {

    private final CountDownLatch given = new CountDownLatch(1);

    void give() {
        given.countDown();
    }

    boolean isGiven() {
        return given.getCount() == 0;
    }

    /** Waits for as long as that, but no longer than until the signal; tells whether it was given. */
    boolean await(Duration longest) throws InterruptedException {
        return given.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }
}
