package io.millrace.formats;

import java.io.IOException;

/** Compressed input that ends too early or is not what it says it is. All that came before the damage has been read. */
public class DamagedInputException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean truncated;

    /**
     * @param message what is wrong
     * @param truncated whether the input ends too early, and nothing else is wrong with it
     */
    public DamagedInputException(String message, boolean truncated) {
        super(message);
        this.truncated = truncated;
    }

    public DamagedInputException(String message, boolean truncated, Throwable cause) {
        super(message, cause);
        this.truncated = truncated;
    }

    /** Whether the input only ends too early: it may be being written just now. */
    public boolean truncated() {
        return truncated;
    }
}
