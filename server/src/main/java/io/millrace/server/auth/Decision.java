package io.millrace.server.auth;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a call may go on. Immutable. */
public sealed interface Decision {

    /**
     * The call comes from a client that we know.
     *
     * @param clientId who calls
     * @param scopes what it may do
     * @param tokenId tells its token from others; not a secret
     * @param expiresAt when its token ends
     */
    record Allowed(String clientId, Set<Scope> scopes, String tokenId, Instant expiresAt) implements Decision {

        public Allowed {
            scopes = Set.copyOf(scopes);
        }

        /** This, where the token has the scope, and a refusal otherwise. */
        public Decision requires(Scope scope) {
            if (scopes.contains(scope)) {
                return this;
            }
            return new Refused(
                    Refusal.INSUFFICIENT_SCOPE,
                    "The token does not have the scope " + scope.text() + ".",
                    clientId,
                    scope);
        }
    }

    /**
     * The call is not let in.
     *
     * @param kind why
     * @param message for the caller; it says nothing secret and repeats nothing of the token
     * @param clientId who calls; null where the token did not prove it
     * @param needed the scope that was missing; null where that was not the reason
     */
    record Refused(
            Refusal kind,
            String message,
            @Nullable String clientId,
            @Nullable Scope needed) implements Decision {

        Refused(Refusal kind, String message) {
            this(kind, message, null, null);
        }

        /** The HTTP status to answer with. */
        public int status() {
            return kind.status();
        }

        /** The value of {@code WWW-Authenticate} (RFC 6750, section 3); empty where the answer has none. */
        public Optional<String> challenge() {
            return Optional.ofNullable(
                    switch (kind) {
                        // Who did not authenticate at all is not told of an error (RFC 6750, section 3.1).
                        case MISSING -> "Bearer realm=\"millrace\"";
                        case NOT_READY -> null;
                        case INSUFFICIENT_SCOPE ->
                            error("insufficient_scope") + (needed == null ? "" : ", scope=\"" + needed.text() + "\"");
                        case MALFORMED,
                                EXPIRED,
                                NOT_YET_VALID,
                                WRONG_ISSUER,
                                WRONG_AUDIENCE,
                                BAD_SIGNATURE,
                                ALGORITHM_NOT_ALLOWED,
                                UNKNOWN_KEY,
                                CLIENT_DISABLED -> error("invalid_token");
                    });
        }

        private String error(String code) {
            return "Bearer realm=\"millrace\", error=\"" + code + "\", error_description=\"" + message + "\"";
        }
    }
}
