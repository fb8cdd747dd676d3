package io.millrace.api;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads one split in order. Used by one thread. */
public interface SplitReader extends AutoCloseable {

    /**
     * The next records, or null at the end of the split; of a {@linkplain Source#live() live} source, null where there
     * are none now. Records that came before a failure are handed over before it
     * is thrown.
     *
     * @throws SourceException where going on needs a person: a truncated archive, a file that is gone
     */
    @Nullable
    RecordBatch next() throws IOException, InterruptedException;

    /**
     * Waits until there may be more records, for a reader of a live source.
     *
     * @param atMost how long
     */
    default void await(Duration atMost) throws IOException, InterruptedException {
        throw new IllegalStateException("this source is not live");
    }

    @Override
    void close() throws IOException;
}
