package io.millrace.log;

import java.io.IOException;

/**
 * The log could not do what it was asked because of its files or their disk. Where an append ends with it, nothing of
 * that append was acknowledged and what was partly written is cut off again.
 */
public class LogException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message what was found, where, and what to do; never the bytes of a record */
    public LogException(String message) {
        super(message);
    }

    public LogException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same for another thread, so that each has the stack of its own call. */
    LogException again() {
        return new LogException(String.valueOf(getMessage()), this);
    }
}
