package io.millrace.api;

import java.util.List;
import java.util.Map;

/**
 * The columns that a pipeline has added to its table for fields that its contract does not name
 * ({@code additional: evolve}). The destination remembers them with their types, so that neither a restart nor the order
 * of records changes a type, and so that all processes of a pipeline agree: who comes first decides.
 *
 * <p>Thread-safe.
 */
public interface EvolvedColumns {

    /** So many are added to a table at most: a record whose names are made up must not make a table of any width. */
    int MOST = 100;

    /** Why there are no more, as {@link Added#refused} tells it. */
    String TOO_MANY = "this pipeline has added " + MOST + " columns to its table, and that is the most";

    /** Whether a table of this destination can have a column of a name, as far as the name tells. */
    boolean possible(String name);

    /**
     * All of the pipeline, in the order in which they came; each may be null. May be asked for before
     * {@link Sink#prepare}. From then on the sink fences an upsert of a process that does not know all of them: its rows
     * would leave in a column what another has written there.
     */
    List<Schema.Field> all() throws SinkException, InterruptedException;

    /**
     * Adds columns and remembers them, all in one transaction. One that another process has added meanwhile stays what it
     * is, and one that the table has and that takes the values is used as it is.
     *
     * @param wanted columns that may be null, whose names are {@link #possible}
     */
    Added add(List<Schema.Field> wanted) throws SinkException, InterruptedException;

    /**
     * What came of adding columns. Those that are told in neither are used as they are.
     *
     * @param altered what was altered of the table, each a part of a sentence for people
     * @param refused for each column that can't be, why, as a part of a sentence that follows "the field can't become a
     *     column: "
     */
    record Added(List<String> altered, Map<String, String> refused) {
        public Added {
            altered = List.copyOf(altered);
            refused = Map.copyOf(refused);
        }
    }
}
