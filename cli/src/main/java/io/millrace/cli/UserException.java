package io.millrace.cli;

/** Something that the person at the terminal has to put right; its message is all that they need to read. */
final class UserException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private UserException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The command was called wrongly. */
    static UserException usage(String message) {
        return new UserException(ExitCode.USAGE, message);
    }

    /** The command was called rightly and could not do its work. */
    static UserException failed(String message) {
        return new UserException(ExitCode.FAILED, message);
    }

    int exitCode() {
        return exitCode;
    }
}
