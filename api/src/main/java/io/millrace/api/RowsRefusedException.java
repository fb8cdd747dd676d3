package io.millrace.api;

/**
 * The destination refuses at least one row of a commit: a constraint of the table, a value that does not fit its column,
 * a total that has grown too large. Nothing was changed. The same commit with a {@link Commit.Sifting} finds out which.
 */
public final class RowsRefusedException extends SinkException {
    private static final long serialVersionUID = 1L;

    /** @param message what the destination said, without values of records */
    public RowsRefusedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** @param message what the destination said, without values of records */
    public RowsRefusedException(String message) {
        super(message);
    }
}
