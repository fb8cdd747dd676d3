package io.millrace.api;

import java.io.IOException;

/** A source that can't be read until a person does something; trying again by itself is of no use. */
public class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message what was found, where, and what to do */
    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
