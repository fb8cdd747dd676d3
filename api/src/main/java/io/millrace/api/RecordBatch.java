package io.millrace.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SplitReader} hands over in one go: the decoded rows, where each came from, and the records that could
 * not be decoded. Valid until the next call of the reader, as its batch is.
 *
 * @param rows the decoded records, one row each, in the order of the split
 * @param origin tells the identity and the raw bytes of each row
 * @param rejected the records of this stretch that could not be decoded
 * @param end the offset after the last of them: to resume from here is to go on without a gap or a repeat
 * @param bytes how many bytes of input the stretch covers, for progress reports
 */
public record RecordBatch(Batch rows, Origin origin, List<Rejection> rejected, Offset end, long bytes) {

    /** How many records arrived. */
    public int received() {
        return rows.rows() + rejected.size();
    }

    /** Where the rows of a batch came from. Asked only for rows that go wrong or columns that need it. */
    public interface Origin {
        /** The place of a row's record in its split, as text. */
        String position(int row);

        /** The bytes of a row's record as they arrived, cut at {@link Rejection#MAX_RAW_BYTES}. */
        byte[] raw(int row);

        /**
         * A row's record as one JSON text, where it lies, as long as its batch is valid.
         */
        default Text json(int row) {
            byte[] raw = raw(row);
            return new Text(raw, 0, raw.length, false);
        }

        /**
         * When a row's record was received, in microseconds since 1970 UTC; {@link #NOT_TOLD} where the source does not
         * know: then it is the time of reading.
         */
        default long receivedAtMicros(int row) {
            return NOT_TOLD;
        }

        /** Who sent a row's record; null where nobody is known. */
        default @Nullable String client(int row) {
            return null;
        }

        long NOT_TOLD = Long.MIN_VALUE;
    }

    /**
     * A record as a JSON text in a buffer.
     *
     * @param bytes the buffer; not to be changed
     * @param from the index of the first
     * @param to the index after the last
     * @param textual whether all values are texts, because the format that they come from has no other kind
     */
    public record Text(byte[] bytes, int from, int to, boolean textual) {}
}
