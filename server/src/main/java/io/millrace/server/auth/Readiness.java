package io.millrace.server.auth;

/** Whether tokens can be checked. */
public sealed interface Readiness {

    /** Everything is in order. */
    record Ready() implements Readiness {}

    /**
     * Tokens are checked, by what was known last.
     *
     * @param reason what is not in order and what to do
     */
    record Degraded(String reason) implements Readiness {}

    /**
     * No token can be checked, so that every call is refused. It is tried again without being asked to.
     *
     * @param reason what is missing and what to do
     */
    record NotReady(String reason) implements Readiness {}
}
