package io.millrace.server.auth;

import org.jspecify.annotations.Nullable;

/**
 * A call as far as it matters here.
 *
 * @param authorization the value of the header of that name; null where there is none
 * @param remoteAddress who is at the other end of the connection, as a literal address
 * @param method GET, POST, ...
 * @param route the path as the server declares it, {@code /users/{id}}; never as it was asked for, since it goes to the
 *     audit log and may hold what belongs to a person
 * @param requestId tells this request from others, in all logs
 */
public record Call(
        @Nullable String authorization, String remoteAddress, String method, String route, String requestId) {

    /** Without the token. */
    @Override
    public String toString() {
        return "Call[" + method + " " + route + " from " + remoteAddress + ", request " + requestId + "]";
    }
}
