package io.millrace.server.http;

/** Answers requests. Called by many threads at once, virtual ones, so that it may block. */
@FunctionalInterface
public interface Handler {

    /**
     * Answers a request that was let in.
     *
     * @throws ProblemException to answer with its problem
     * @throws InterruptedException when the server stops
     * @throws Exception anything else is a bug: it is logged, and answered with 500 and no detail
     */
    Answer handle(Request request) throws Exception;
}
