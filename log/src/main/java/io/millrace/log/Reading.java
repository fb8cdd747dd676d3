package io.millrace.log;

/** What a reader finds. */
public sealed interface Reading permits Stretch, Reading.Damaged, Reading.Gone, Reading.Idle, Reading.Closed {

    /**
     * A stretch that can't be trusted, and that the reader has gone past.
     *
     * @param damage where it is and what is wrong
     * @param bytes what lies there, as far as it could be read, at most {@link PartitionReader#MAX_DAMAGED_BYTES}
     */
    record Damaged(Damage damage, byte[] bytes) implements Reading {}

    /**
     * The offset to read at was dropped by retention; the reader has gone on to the first there is.
     *
     * @param offset where the reader was
     * @param first the first offset there is
     */
    record Gone(long offset, long first) implements Reading {}

    /** Nothing came in the time given. */
    record Idle() implements Reading {}

    /** The reader was closed. */
    record Closed() implements Reading {}
}
