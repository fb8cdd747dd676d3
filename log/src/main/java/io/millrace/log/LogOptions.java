package io.millrace.log;

import java.time.Duration;

/**
 * How a log is written and read.
 *
 * @param segmentBytes a segment is ended before its data grows beyond this; one append larger than that has a segment of
 *     its own
 * @param segmentAge a segment is ended when its first chunk is older than this and another arrives
 * @param maxWaitingBytes how many bytes of one partition may wait for the disk; also the most that one append may hold
 * @param idempotencyWindow for how long an idempotency key is remembered
 * @param maxIdempotencyKeys how many keys of one stream are remembered; beyond it the oldest are forgotten early, which
 *     is counted
 * @param pollInterval how often a reader looks for more in a partition that another process writes
 */
public record LogOptions(
        long segmentBytes,
        Duration segmentAge,
        int maxWaitingBytes,
        Duration idempotencyWindow,
        int maxIdempotencyKeys,
        Duration pollInterval) {

    public static final LogOptions DEFAULTS = new LogOptions(
            256L << 20, Duration.ofDays(1), 16 << 20, Duration.ofHours(1), 2_000_000, Duration.ofMillis(20));

    public LogOptions {
        positive("segmentBytes", segmentBytes);
        positive("segmentAge", segmentAge.toMillis());
        positive("maxWaitingBytes", maxWaitingBytes);
        positive("idempotencyWindow", idempotencyWindow.toMillis());
        positive("maxIdempotencyKeys", maxIdempotencyKeys);
        positive("pollInterval", pollInterval.toMillis());
        if (maxWaitingBytes > 1 << 30) {
            throw new IllegalArgumentException("maxWaitingBytes is " + maxWaitingBytes + "; at most 1 GiB is possible");
        }
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be more than 0");
        }
    }

    public LogOptions withSegmentBytes(long bytes) {
        return new LogOptions(bytes, segmentAge, maxWaitingBytes, idempotencyWindow, maxIdempotencyKeys, pollInterval);
    }

    public LogOptions withSegmentAge(Duration age) {
        return new LogOptions(segmentBytes, age, maxWaitingBytes, idempotencyWindow, maxIdempotencyKeys, pollInterval);
    }

    public LogOptions withMaxWaitingBytes(int bytes) {
        return new LogOptions(segmentBytes, segmentAge, bytes, idempotencyWindow, maxIdempotencyKeys, pollInterval);
    }

    public LogOptions withIdempotency(Duration window, int maxKeys) {
        return new LogOptions(segmentBytes, segmentAge, maxWaitingBytes, window, maxKeys, pollInterval);
    }
}
