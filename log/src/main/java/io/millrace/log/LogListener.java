package io.millrace.log;

/**
 * Is told what a log has to say. Called from the threads of the log, in which an append waits meanwhile: it must return
 * soon, not throw, and not call the log.
 */
@FunctionalInterface
public interface LogListener {
    void on(LogEvent event);

    /**
     * A group of appends is on disk. Called for each, when those who wait for it have been told.
     *
     * @param partition whose
     * @param bytes of records
     * @param nanos how long writing and forcing took
     */
    default void stored(PartitionName partition, int bytes, long nanos) {}
}
