package io.millrace.server;

import io.millrace.api.ByteSize;
import io.millrace.api.Doc;
import io.millrace.log.LogOptions;
import io.millrace.log.Retention;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the event log is written, in the words of the configuration.
 *
 * @param segmentSize when a segment ends
 * @param segmentAge when a segment ends that does not grow to its size
 * @param maxWaiting how much may wait for the disk
 * @param idempotencyWindow for how long keys are remembered
 * @param idempotencyKeys how many keys are remembered
 * @param keep how long records stay
 * @param keepAtMost how much of a partition stays; null for any amount
 */
@Doc("How the event log in the home folder is written.")
public record LogConfig(
        @Doc(
                value = "A segment, which is a file, ends before it grows beyond this. Retention drops whole segments.",
                byDefault = "256MiB")
        ByteSize segmentSize,

        @Doc(value = "A segment ends when more arrives and its first record is older than this.", byDefault = "1d")
        Duration segmentAge,

        @Doc(
                value =
                        "How many bytes of one partition may wait for the disk; also the most that one request may append,"
                                + " 1GiB at most.",
                byDefault = "16MiB")
        ByteSize maxWaiting,

        @Doc(
                value =
                        "For how long an `Idempotency-Key` is remembered: a request that is repeated within it is stored"
                                + " once. The time in which nothing was received before a start does not count.",
                byDefault = "1h")
        Duration idempotencyWindow,

        @Doc(
                value =
                        "How many idempotency keys of one stream are remembered. Beyond it the oldest are forgotten early.",
                byDefault = "2000000")
        int idempotencyKeys,

        @Doc(
                value = "How long records stay in the log after they were received, and were read by every pipeline.",
                byDefault = "7d")
        Duration keep,

        @Doc("How large a partition of the log may become; then the oldest records go first, read or not.") @Nullable
        ByteSize keepAtMost) {

    private static final long MOST_WAITING_BYTES = 1L << 30;

    public LogConfig {
        positive("segment_size", segmentSize.bytes(), segmentSize);
        positive("segment_age", segmentAge.toMillis(), segmentAge);
        positive("max_waiting", maxWaiting.bytes(), maxWaiting);
        positive("idempotency_window", idempotencyWindow.toMillis(), idempotencyWindow);
        positive("idempotency_keys", idempotencyKeys, idempotencyKeys);
        positive("keep", keep.toMillis(), keep);
        if (maxWaiting.bytes() > MOST_WAITING_BYTES) {
            throw new IllegalArgumentException("max_waiting is " + maxWaiting + "; at most 1GiB is possible");
        }
    }

    private static void positive(String key, long amount, Object value) {
        if (amount <= 0) {
            throw new IllegalArgumentException(key + " is " + value + "; it must be more than 0");
        }
    }

    /** How long the log is kept. */
    public Retention retention() {
        return new Retention(keep, keepAtMost == null ? Long.MAX_VALUE : keepAtMost.bytes());
    }

    /** The same for the log itself. */
    public LogOptions options() {
        return LogOptions.DEFAULTS
                .withSegmentBytes(segmentSize.bytes())
                .withSegmentAge(segmentAge)
                .withMaxWaitingBytes((int) maxWaiting.bytes())
                .withIdempotency(idempotencyWindow, idempotencyKeys);
    }
}
