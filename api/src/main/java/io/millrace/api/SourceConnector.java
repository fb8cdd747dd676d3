package io.millrace.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes sources of one kind from what a pipeline file says. Found by {@link java.util.ServiceLoader}.
 *
 * @param <C> the config record: its components are the keys under {@link #name()}, in snake_case; those marked
 *     {@code @Nullable} or with a default in their {@link Doc} may be left out
 */
public interface SourceConnector<C extends Record> {

    /** The word under {@code from:}. */
    String name();

    Class<C> config();

    /** What is wrong with the config as far as can be told without touching the world; empty where nothing is. */
    List<Problem> lint(C config);

    /** Whether rows with one key may lie in several splits, so that no order between them is known. */
    boolean keysMaySpanSplits(C config);

    /** Whether whoever sends a record waits for an answer, so that a bad one can be refused instead of stored. */
    default boolean canRefuse() {
        return false;
    }

    /** Where records come from, in a few words for people, without secrets: a path, a topic; empty where there is none. */
    default String place(C config) {
        return "";
    }

    /**
     * What stands in the way of reading, as far as can be told by connecting and looking: all of it, not only what comes
     * first. It creates and changes nothing.
     *
     * @param input the fields that the query reads
     */
    default List<Problem> check(C config, Projection input, Context context) throws InterruptedException {
        return List.of();
    }

    Source open(C config, Context context) throws SourceException;

    /** The kinds of reason for which this source itself rejects records. */
    default List<Reason> reasons() {
        return List.of();
    }

    /**
     * Reads records again that were kept aside, from their bytes. Nothing needs to be there of the source but what its
     * format can't do without, such as the header of a CSV file.
     *
     * @param split the split that they came from
     * @param records any number of them, in any order
     * @param projection the fields to decode
     * @return a reader of these records, in their order, which tells them by their positions. The offsets at the ends of its
     *     batches mean nothing. What is not one record is rejected
     * @throws SourceException where they can't be read again, with what to do about it
     */
    default SplitReader reread(C config, Context context, String split, List<Kept> records, Projection projection)
            throws IOException, InterruptedException {
        throw new SourceException("Records from " + name() + " can't be read again from the quarantine.");
    }

    /** Whether the records that {@link #reread} reads are JSON, so that a mended record is to be JSON too. */
    default boolean json(C config, String split) {
        return true;
    }

    /**
     * Something wrong with a config.
     *
     * @param key the component at fault as the file writes it; may be nested, {@code csv.delimiter}
     * @param message what was found, what was expected, what to do
     */
    record Problem(String key, String message) {}

    /**
     * @param pipeline the name of the pipeline
     * @param folder the folder of the pipeline file, to which paths in it are relative
     * @param home where Millrace keeps everything of its own
     */
    record Context(String pipeline, Path folder, Path home) {}
}
