package io.millrace.server.auth;

import java.util.Locale;

/** Why a call was not let in. */
public enum Refusal {
    /** No bearer token came with it. */
    MISSING(401),
    /** What came is no token that could be read. */
    MALFORMED(401),
    EXPIRED(401),
    NOT_YET_VALID(401),
    WRONG_ISSUER(401),
    WRONG_AUDIENCE(401),
    BAD_SIGNATURE(401),
    /** Not signed, or signed in a way that its key is not for. */
    ALGORITHM_NOT_ALLOWED(401),
    /** Signed with a key that the issuer does not publish. */
    UNKNOWN_KEY(401),
    /** The client was disabled or removed after the token was issued. */
    CLIENT_DISABLED(401),
    /** A good token for something else. */
    INSUFFICIENT_SCOPE(403),
    /** The keys of the OpenID provider are not known yet; trying again later may help. */
    NOT_READY(503);

    private final int status;

    Refusal(int status) {
        this.status = status;
    }

    /** The HTTP status to answer with. */
    public int status() {
        return status;
    }

    /** In the audit log. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
