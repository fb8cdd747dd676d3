package io.millrace.log;

/** What became of an append. */
public sealed interface AppendResult {

    /**
     * The records are on disk.
     *
     * @param partition where
     * @param offset of the first byte
     */
    record Stored(PartitionName partition, long offset) implements AppendResult {}

    /**
     * The records came before under the same idempotency key, are on disk since, and were not stored again.
     *
     * @param partition where they are: of another slot where another process took them
     * @param offset of the first byte
     */
    record Repeated(PartitionName partition, long offset) implements AppendResult {}

    /**
     * Other records came before under the same idempotency key. Nothing was stored.
     *
     * @param partition where those are
     * @param offset of their first byte
     */
    record Conflict(PartitionName partition, long offset) implements AppendResult {}

    /** Too many bytes wait for the disk, and the time to wait for space among them is up. Nothing was stored. */
    record Busy() implements AppendResult {}
}
