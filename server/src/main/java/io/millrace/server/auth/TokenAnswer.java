package io.millrace.server.auth;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to answer to a request for a token.
 *
 * @param kind what came of it
 * @param headers names and values
 * @param body JSON
 */
public record TokenAnswer(Kind kind, Map<String, String> headers, String body) {

    /** What came of a request; the errors as RFC 6749, section 5.2 has them, and two that it has not. */
    public enum Kind {
        ISSUED(200, ""),
        INVALID_REQUEST(400, "invalid_request"),
        INVALID_CLIENT(401, "invalid_client"),
        UNSUPPORTED_GRANT_TYPE(400, "unsupported_grant_type"),
        INVALID_SCOPE(400, "invalid_scope"),
        /** Too many wrong secrets; {@code Retry-After} tells when to try again. */
        TOO_MANY_ATTEMPTS(429, "too_many_attempts"),
        /** Too many secrets to check at once; {@code Retry-After} tells when to try again. */
        BUSY(503, "temporarily_unavailable");

        private final int status;
        private final String error;

        Kind(int status, String error) {
            this.status = status;
            this.error = error;
        }

        String error() {
            return error;
        }
    }

    public TokenAnswer {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** The HTTP status. */
    public int status() {
        return kind.status;
    }

    /** Without the body, which may hold a token. */
    @Override
    public String toString() {
        return "TokenAnswer[" + kind + "]";
    }
}
