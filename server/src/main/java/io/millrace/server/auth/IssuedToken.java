package io.millrace.server.auth;

import java.time.Duration;
import java.util.Set;

/**
 * A token that was just issued.
 *
 * @param token the JWT; a secret
 * @param tokenId tells it from others; not a secret
 * @param scopes what it may do
 * @param lifetime how long it is good for
 */
public record IssuedToken(String token, String tokenId, Set<Scope> scopes, Duration lifetime) {

    public IssuedToken {
        scopes = Set.copyOf(scopes);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "IssuedToken[tokenId=" + tokenId + ", scopes=" + Scope.join(scopes) + ", lifetime=" + lifetime + "]";
    }
}
