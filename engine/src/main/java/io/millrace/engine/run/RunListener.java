package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.SinkException;
import java.time.Duration;

/** Hears of what a user should know while a run goes on. Called by the thread that runs it; must return quickly. */
public interface RunListener {

    /** Hears nothing. */
    RunListener NONE = new RunListener() {};

    /** The splits have been listed: so many are to be read, of so many bytes in all (-1 where that is not known). */
    default void started(int splits, long bytes) {}

    /**
     * A commit took place.
     *
     * @param commit with what has become of the records
     * @param rows how many rows it brought to the destination
     * @param took how long it took, waiting for the destination included
     */
    default void committed(Commit commit, long rows, Duration took) {}

    /**
     * The table was there and did not fit, and was altered as the pipeline allows.
     *
     * @param what what was done, as part of a sentence
     */
    default void altered(String what) {}

    /** The destination is away; it is tried again after the wait. */
    default void destinationAway(SinkException reason, Duration wait) {}

    /** The destination is back. */
    default void destinationBack() {}

    /** The destination refuses rows of a commit: what was not committed is read again, and they are looked for. */
    default void refused(SinkException reason) {}

    /** Another instance has moved this pipeline on: uncommitted work was thrown away, the run starts from there. */
    default void fenced(SinkException reason) {}
}
