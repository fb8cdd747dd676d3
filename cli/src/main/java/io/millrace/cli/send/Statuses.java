package io.millrace.cli.send;

/** HTTP statuses as a sender sees them. */
final class Statuses {

    private Statuses() {}

    static boolean good(int status) {
        return status >= 200 && status < 300;
    }

    /** Whether the same request may be taken another time. */
    static boolean passing(int status) {
        return switch (status) {
            case 408, 429 -> true;
            // A method or a version of HTTP that a server lacks now it lacks later too.
            case 501, 505 -> false;
            default -> status >= 500;
        };
    }

    /** Whether a request with such an answer may have been taken all the same. */
    static boolean unsure(int status) {
        return switch (status) {
            case 429, 503 -> false;
            default -> passing(status);
        };
    }

    /** The status with its meaning, where it is one that gateways are known to answer: {@code 404 (not found)}. */
    static String text(int status) {
        String meaning = switch (status) {
            case 400 -> "bad request";
            case 401 -> "unauthorized: a token is needed, or this one is not good";
            case 403 -> "forbidden: the token does not allow this";
            case 404 -> "not found";
            case 405 -> "method not allowed";
            case 408 -> "request timeout";
            case 409 -> "conflict";
            case 413 -> "content too large";
            case 415 -> "unsupported media type";
            case 422 -> "unprocessable content";
            case 429 -> "too many requests";
            case 500 -> "internal server error";
            case 502 -> "bad gateway";
            case 503 -> "service unavailable";
            case 504 -> "gateway timeout";
            default -> status / 100 == 3 ? "redirects are not followed" : "";
        };
        return meaning.isEmpty() ? Integer.toString(status) : status + " (" + meaning + ")";
    }
}
