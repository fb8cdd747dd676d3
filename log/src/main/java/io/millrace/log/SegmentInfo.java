package io.millrace.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What there is of a segment.
 *
 * @param start offset of its first byte
 * @param bytes bytes of records
 * @param indexBytes bytes of its index
 * @param chunks how many index entries are sound
 * @param records how many records those tell of
 * @param first when the first chunk was received; null where there is none
 * @param last when the last chunk was received; null where there is none
 */
public record SegmentInfo(
        long start,
        long bytes,
        long indexBytes,
        long chunks,
        long records,
        @Nullable Instant first,
        @Nullable Instant last) {

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
