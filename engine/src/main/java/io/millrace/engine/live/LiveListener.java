package io.millrace.engine.live;

import io.millrace.api.Commit;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.yaml.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Hears of what an operator should know. Called by several threads; must return soon. */
public interface LiveListener {

    /** The pipelines that run are others than before: one came, changed or went. */
    default void changed(List<Pipeline> pipelines) {}

    /**
     * A file can't be used.
     *
     * @param kept whether what the file said before goes on running
     */
    default void refused(Path file, List<Problem> problems, boolean kept) {}

    default void started(Pipeline pipeline) {}

    /** A pipeline has ended, since its file is gone or has changed, or all are to stop. */
    default void stopped(String pipeline) {}

    /** A pipeline has failed and is tried again after a while. */
    default void failed(String pipeline, String reason) {}

    /** Too many records of a pipeline were rejected: it stays stopped until its file changes. */
    default void halted(String pipeline, String reason) {}

    /**
     * A pipeline has committed.
     *
     * @param rows how many rows it brought to the destination
     * @param took how long it took
     */
    default void committed(String pipeline, Commit commit, long rows, Duration took) {}

    /**
     * The table of a pipeline did not fit and was altered, as the pipeline allows.
     *
     * @param what what was done, as part of a sentence
     */
    default void altered(String pipeline, String what) {}

    /** A destination is away; the pipeline goes on by itself when it is back. */
    default void destinationAway(String pipeline, String reason) {}

    default void destinationBack(String pipeline) {}
}
