package io.millrace.formats;

import io.millrace.api.Batch;
import io.millrace.api.RecordBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes records from a buffer into column batches. What it hands out points into the buffer it was given and is valid
 * until the next call. Not thread-safe.
 */
public interface Decoder {

    /**
     * Decodes whole records from {@code bytes[from..to)} until the batch is full or no whole record is left. Blank
     * lines are no records and are passed over.
     *
     * @param end whether the input ends at {@code to}: then what is left without a terminator is taken as a record too,
     *     unless it is the beginning of one ({@link #torn()})
     * @return the index after the last record taken (and its terminator); {@code from} where there is none
     */
    int decode(byte[] bytes, int from, int to, boolean end);

    /** The records decoded by the last call, one row each. */
    Batch batch();

    /** Where the record of a row begins in the buffer. */
    int start(int row);

    /** Where it ends, its terminator left out. */
    int end(int row);

    /** The record of a row as one JSON text; valid until the next call. */
    RecordBatch.Text json(int row);

    /** The records of the last call that could not be decoded, in order. */
    List<Malformed> malformed();

    /**
     * Whether the last call stopped before an unterminated record that is a beginning only (JSON that is not closed).
     * Such a record may be being written just now.
     */
    boolean torn();

    /**
     * A record that could not be decoded.
     *
     * @param start where it begins in the buffer
     * @param end where it ends, its terminator left out
     * @param code the kind of reason, from {@link ReasonCode}
     * @param field the path of the field at fault; null where it is the record
     * @param message what was found (no values), where in the record (byte, from 1), and what was expected
     */
    record Malformed(
            int start, int end, String code, @Nullable String field, String message) {}
}
