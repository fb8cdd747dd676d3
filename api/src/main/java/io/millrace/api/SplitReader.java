package io.millrace.api;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one split in order. Used by one thread. */
public interface SplitReader extends AutoCloseable {

    /**
     * The next records, or null at the end of the split. Records that came before a failure are handed over before it
     * is thrown.
     *
     * @throws SourceException where going on needs a person: a truncated archive, a file that is gone
     */
    @Nullable
    RecordBatch next() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
