package io.millrace.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where records come from. It tells its splits and opens a reader for one; it keeps no progress of its own, since the
 * destination does.
 *
 * <p>Thread-safe: one thread asks for splits while lanes open and read others.
 */
public interface Source extends AutoCloseable {

    /**
     * The splits that there are to read now. A source may use the progress made so far to recognise what it has seen
     * under another name (a rotated file) and to leave out what is done.
     *
     * @param progress the last committed offset of every split that the destination knows for this pipeline
     * @return splits in the order in which they are best read
     * @throws SourceException where the source can't be read at all, with what to do about it
     */
    List<Split> splits(Map<String, Offset> progress) throws IOException, InterruptedException;

    /**
     * Opens a split.
     *
     * @param split one that {@link #splits} returned
     * @param from where to begin: the last committed offset, null for the beginning
     * @param projection the fields to decode
     */
    SplitReader open(Split split, @Nullable Offset from, Projection projection)
            throws IOException, InterruptedException;

    /**
     * Whether this source goes on: a reader at the end of what there is has not come to the end of its split, and more
     * splits may appear. Each split then keeps a lane of its own, as long as {@link #splits} tells it: one that is left
     * out is no longer read by this process, and another may take it.
     */
    default boolean live() {
        return false;
    }

    /**
     * All splits that can be read again, those that are done included, under the names that their progress has.
     *
     * @param progress the last committed offset of every split that the destination knows for this pipeline
     */
    default List<Split> whole(Map<String, Offset> progress) throws IOException, InterruptedException {
        return splits(Map.of());
    }

    /**
     * Opens a split at the first record of it that is still there, whatever was committed and wherever a run begins.
     *
     * @param split one that {@link #whole} returned
     */
    default SplitReader reopen(Split split, Projection projection) throws IOException, InterruptedException {
        return open(split, null, projection);
    }

    /**
     * Whether a record lies before an offset of its split.
     *
     * @param position as {@link RecordBatch.Origin#position} and {@link Rejection#position} tell it
     * @throws IllegalArgumentException where this source does not write positions or offsets like that
     */
    default boolean isBefore(String position, Offset offset) {
        throw new UnsupportedOperationException("this source does not tell the order of its records");
    }

    /** How many records there are; null where that is not known without decoding them. */
    default @Nullable RecordIndex index() {
        return null;
    }

    /** Things a user should know after a run: a file that ends in half a record, for instance. May be empty. */
    List<String> remarks();

    @Override
    void close() throws IOException;
}
