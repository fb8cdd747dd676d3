package io.millrace.api;

/** A destination that is away for now; waiting and trying again may help. */
public class SinkUnavailableException extends SinkException {
    private static final long serialVersionUID = 1L;

    /** @param message what was found, where, and what to do; never a secret or a personal value */
    public SinkUnavailableException(String message) {
        super(message);
    }

    public SinkUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
