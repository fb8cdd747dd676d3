package io.millrace.formats;

import io.millrace.api.Projection;

/** How records are written in bytes. Immutable and thread-safe. */
public interface Format {

    /**
     * A new decoder.
     *
     * @param projection the fields to decode
     * @param header the first bytes of the input as {@link #headerLength} measured them; empty where there is no header
     * @throws IllegalArgumentException where the header does not name a field of the projection, with the names it has
     */
    Decoder decoder(Projection projection, byte[] header);

    /**
     * The length of the header at the start of an input, its terminator included: 0 for formats without one, -1 where
     * more bytes are needed to tell. A byte order mark belongs to the header.
     *
     * @param end whether the input ends at {@code length}
     */
    int headerLength(byte[] bytes, int length, boolean end);

    /** Whether every newline ends a record, so that a reader may begin after any of them. */
    boolean splittable();
}
