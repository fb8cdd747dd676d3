package io.millrace.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes sinks of one kind from what a pipeline file says. Found by {@link java.util.ServiceLoader}.
 *
 * @param <C> the config record, as for {@link SourceConnector}
 */
public interface SinkConnector<C extends Record> {

    /** The word under {@code into:}. */
    String name();

    Class<C> config();

    /** What is wrong with the config as far as can be told without touching the world; empty where nothing is. */
    List<SourceConnector.Problem> lint(C config);

    Target target(C config);

    /** The kinds of reason for which this destination itself rejects records. */
    default List<Reason> reasons() {
        return List.of();
    }

    /** Whether its sinks can remember the keys of records ({@link Commit#keys()}). */
    default boolean remembersKeys() {
        return false;
    }

    /** Whether its sinks can add columns for fields that a contract does not name ({@link Sink#evolved}). */
    default boolean evolves() {
        return false;
    }

    /**
     * What stands in the way of loading, as far as can be told by connecting and looking: rights, and whether what is
     * there fits. All of it, not only what comes first. It creates and changes nothing.
     *
     * @param shape what the table is to hold
     * @param evolving whether columns are to be added for fields that the contract does not name
     * @param foreseen takes what a run would alter of what is there, each a sentence for people; nothing of it is a problem
     */
    default List<SourceConnector.Problem> check(
            C config, TableShape shape, boolean evolving, Context context, Consumer<String> foreseen)
            throws InterruptedException {
        return List.of();
    }

    /** Opens the sink. Whether the destination is there shows with the first call. */
    Sink open(C config, Context context) throws SinkException, InterruptedException;

    /**
     * What the planner must know of a destination.
     *
     * @param table the table's name
     * @param key the columns of the key; empty where none was given
     * @param version the column whose highest value wins an upsert; null where none was given
     * @param evolve what may be altered of a table that does not fit
     */
    record Target(String table, List<String> key, @Nullable String version, Set<Evolution> evolve) {}

    /**
     * @param pipeline the name of the pipeline
     * @param home where Millrace keeps everything of its own
     * @param environment environment variables
     */
    record Context(String pipeline, Path home, Map<String, String> environment) {}
}
