package io.millrace.server.http;

/** Ends the handling of a request with a problem. */
public final class ProblemException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    /** @param cause what led to it; null where it is the request itself */
    public ProblemException(Problem problem, @org.jspecify.annotations.Nullable Throwable cause) {
        // No stack trace: it is an answer, and strangers decide how often it happens.
        super(problem.title(), cause, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
