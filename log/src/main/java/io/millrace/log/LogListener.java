package io.millrace.log;

/**
 * Is told what a log has to say. Called from the threads of the log, in which an append waits meanwhile: it must return
 * soon, not throw, and not call the log.
 */
@FunctionalInterface
public interface LogListener {
    void on(LogEvent event);
}
