package io.millrace.log;

import java.time.Instant;

/** Where a reader begins. */
public sealed interface Start {

    /** With the first record that is still there. */
    record Earliest() implements Start {}

    /** After the last record there is now. */
    record Latest() implements Start {}

    /**
     * At an offset.
     *
     * @param offset of the first byte of a line, or the end of the partition
     */
    record At(long offset) implements Start {}

    /**
     * With the first chunk received at or after an instant. Where the clock was set back in between, it is a chunk
     * received then, whose predecessor was not.
     *
     * @param instant to the microsecond
     */
    record Since(Instant instant) implements Start {}
}
