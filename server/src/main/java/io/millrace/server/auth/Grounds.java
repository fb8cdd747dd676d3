package io.millrace.server.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision on a token rests on, at one moment. Immutable; there is a new one whenever anything in it changes,
 * so that a decision holds as long as its grounds are the very same object.
 *
 * @param issuer whom a token must name as its issuer
 * @param audience whom it must name, among others perhaps, as its audience
 * @param keys what it may be signed with
 * @param types what it may say of its type
 * @param bearer who it is for and what that one may do
 */
record Grounds(String issuer, String audience, KeyRing keys, Types types, Bearer bearer) {

    /** What the header {@code typ} may say. */
    interface Types {
        boolean take(@Nullable String type);
    }

    /** The last step: everything else about the token is in order. */
    interface Bearer {
        /** Decides by the claims; they hold an expiry and an issuer and audience that are right. */
        Decision decide(JWTClaimsSet claims, String tokenId);
    }

    /** Whether these are the very same grounds: what was decided on the one holds on the other then. */
    @SuppressWarnings("ReferenceEquality")
    boolean are(Grounds other) {
        return this == other;
    }
}
