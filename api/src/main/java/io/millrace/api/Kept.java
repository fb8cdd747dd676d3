package io.millrace.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that was kept aside and is to be read again.
 *
 * @param position where it lies in its split, as text
 * @param bytes the whole of it, as it arrived or as somebody has mended it
 * @param since when it was put aside, which is about when it was received
 * @param arrived its bytes as they arrived, where it was mended since; null where it was not
 */
public record Kept(String position, byte[] bytes, Instant since, byte @Nullable [] arrived) {

    /** The bytes by which its source can recognise it. */
    public byte[] asItArrived() {
        return arrived == null ? bytes : arrived;
    }
}
