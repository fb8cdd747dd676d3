package io.millrace.tests;

import io.millrace.formats.Format;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that a test gives. What is null is as the test says for all.
 *
 * @param number which of the given it is, from 1
 * @param bytes the record, without what ends it
 * @param form how it is written
 * @param at when it was received
 * @param source the split in which it lies
 * @param offset where it lies there
 * @param client who sent it
 */
record Given(
        int number,
        byte[] bytes,
        Form form,
        @Nullable Instant at,
        @Nullable String source,
        @Nullable String offset,
        @Nullable String client) {

    /**
     * How records are written; those of one file share one.
     *
     * @param header the first line of the file they are from; empty where it means nothing
     * @param alone whether each must be decoded alone, since a mistake in one could reach into the next
     */
    record Form(Format format, byte[] header, boolean alone) {}

    /** How messages, and the query, name its place. */
    String position() {
        return offset == null ? Integer.toString(number) : offset;
    }
}
