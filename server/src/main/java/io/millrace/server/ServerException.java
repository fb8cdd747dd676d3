package io.millrace.server;

/** The server can't be started, or not as it was asked for; the message says why and what to do. */
public final class ServerException extends Exception {
    private static final long serialVersionUID = 1L;

    ServerException(String message) {
        super(message);
    }

    ServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
