package io.millrace.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Something that a log has to say beyond the answers to its callers. */
public sealed interface LogEvent {

    /**
     * The end of a partition was not whole when it was opened, as a crash leaves it. What was cut off was never
     * acknowledged, unless the files were damaged by something else.
     *
     * @param partition whose
     * @param offset where the partition ends now
     * @param bytes bytes of records that were cut off
     * @param indexBytes bytes of the index that were cut off
     * @param keptIn the files that hold what was cut off
     * @param reason what was wrong with it
     */
    record TornTail(PartitionName partition, long offset, long bytes, long indexBytes, List<Path> keptIn, String reason)
            implements LogEvent {
        public TornTail {
            keptIn = List.copyOf(keptIn);
        }
    }

    /**
     * A group of appends could not be written; its callers have been told.
     *
     * @param partition whose
     * @param cause what happened
     * @param repaired whether what was partly written is cut off already; where not, the next append tries again first
     */
    record WriteFailed(PartitionName partition, LogException cause, boolean repaired) implements LogEvent {}

    /**
     * Idempotency keys were forgotten before their time, because there were more than are kept. Told at most once in a
     * second for each stream.
     *
     * @param stream whose
     * @param total how many since the stream was opened
     */
    record KeysForgotten(String stream, long total) implements LogEvent {}

    /**
     * Closing found something that it could not put right.
     *
     * @param partition whose
     * @param cause what happened
     */
    record CloseFailed(PartitionName partition, IOException cause) implements LogEvent {}
}
