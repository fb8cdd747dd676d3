package io.millrace.cli.send;

import java.io.IOException;

/** A request was not answered, or not wholly. The message is for a person. */
final class NoAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean arrived;

    /** @param arrived whether the request may have arrived all the same */
    NoAnswerException(String message, boolean arrived, Throwable cause) {
        super(message, cause);
        this.arrived = arrived;
    }

    boolean mayHaveArrived() {
        return arrived;
    }
}
