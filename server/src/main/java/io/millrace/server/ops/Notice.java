package io.millrace.server.ops;

import org.jspecify.annotations.Nullable;

/**
 * Something that an operator should know. Nothing in it is from events, paths or rows.
 *
 * @param level how bad it is
 * @param event the kind of it, as words with dots, which never changes its meaning
 * @param pipeline whose; null where it is about no pipeline
 * @param message a sentence
 * @param traceId the trace of the request that it happened in; null where there is none
 */
public record Notice(
        Level level,
        String event,
        @Nullable String pipeline,
        String message,
        @Nullable String traceId) {

    /** How bad something is. */
    public enum Level {
        INFO,
        /** Something is not as it should be, and the server goes on by itself. */
        WARNING,
        /** Something has failed that ought not to. */
        ERROR
    }

    public static Notice info(String event, String message) {
        return new Notice(Level.INFO, event, null, message, null);
    }

    public static Notice warning(String event, String message) {
        return new Notice(Level.WARNING, event, null, message, null);
    }

    public static Notice error(String event, String message) {
        return new Notice(Level.ERROR, event, null, message, null);
    }

    /** The same, about a pipeline. */
    public Notice of(String name) {
        return new Notice(level, event, name, message, traceId);
    }

    /** The same, in a trace. */
    public Notice in(@Nullable String trace) {
        return new Notice(level, event, pipeline, message, trace);
    }
}
