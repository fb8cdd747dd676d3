package io.millrace.server.auth;

/** Something outside of a request went wrong, or was asked for that can't be done. The message says what to do. */
public final class AuthException extends Exception {

    private static final long serialVersionUID = 1L;

    AuthException(String message) {
        super(message);
    }

    AuthException(String message, Throwable cause) {
        super(message, cause);
    }
}
