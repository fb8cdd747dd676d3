package io.millrace.cli.send;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a failed request is tried again: twice as long each time, and each time by chance up to half
 * of that less, so that many senders that failed together do not come back together.
 *
 * @param first the longest wait before the first repetition, more than 0
 * @param longest the longest wait of all
 */
record Backoff(Duration first, Duration longest) {

    static final Backoff USUAL = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(20));

    /** @param failures how often it has failed, from 1 */
    Duration wait(int failures, RandomGenerator random) {
        // 2^40 times the first wait is more than any longest one, and does not overflow a double.
        double nanos = Math.min(first.toNanos() * Math.pow(2, Math.min(failures - 1, 40)), (double) longest.toNanos());
        return Duration.ofNanos((long) (nanos * (0.5 + random.nextDouble() / 2)));
    }
}
