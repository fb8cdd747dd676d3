package io.millrace.log;

/** The disk under the log is full. The next append works as soon as there is space. */
public class LogFullException extends LogException {
    private static final long serialVersionUID = 1L;

    /** @param message where the space is missing */
    public LogFullException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    LogException again() {
        return new LogFullException(String.valueOf(getMessage()), this);
    }
}
