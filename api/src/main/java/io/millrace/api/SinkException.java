package io.millrace.api;

/** A destination that can't take what it is given until a person does something. */
public class SinkException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what was found, where, and what to do; never a secret or a personal value */
    public SinkException(String message) {
        super(message);
    }

    public SinkException(String message, Throwable cause) {
        super(message, cause);
    }
}
