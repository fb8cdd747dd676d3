package io.millrace.api;

/** Another instance has moved a split on: whoever gets this must not write again with what it knows. */
public class FencedException extends SinkException {
    private static final long serialVersionUID = 1L;

    /** @param message what was found, where, and what to do; never a secret or a personal value */
    public FencedException(String message) {
        super(message);
    }

    public FencedException(String message, Throwable cause) {
        super(message, cause);
    }
}
