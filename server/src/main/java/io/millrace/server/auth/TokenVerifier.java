package io.millrace.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks a token from its first byte to its last (RFC 7519, RFC 8725, RFC 9068). The parser refuses names that are there
 * twice. What a token brings along of keys or places of keys ({@code jwk}, {@code jku}, {@code x5u}, {@code x5c}) is not
 * looked at.
 */
final class TokenVerifier {

    /** By how much clocks may differ. */
    static final Duration SKEW = Duration.ofSeconds(30);

    private TokenVerifier() {}

    /** Decides on a token; {@code tokenIdOtherwise} names it where it has no id. */
    static Decision decide(String token, Grounds grounds, Instant now, String tokenIdOtherwise) {
        if (!plainBase64(token)) {
            return malformed("The token is not a JWT.");
        }
        JWT parsed;
        try {
            parsed = JWTParser.parse(token);
        } catch (ParseException | IllegalArgumentException e) {
            return malformed("The token is not a JWT.");
        }
        // Others are not signed at all, or are encrypted.
        if (!(parsed instanceof SignedJWT jwt)) {
            return algorithm();
        }
        return header(jwt.getHeader(), grounds)
                .or(() -> signature(jwt, grounds))
                .orElseGet(() -> claims(jwt, grounds, now, tokenIdOtherwise));
    }

    /** The parser skips characters that don't belong; one token would then have many spellings. */
    private static boolean plainBase64(String token) {
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            if (!letter && !digit && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }

    /** Why a header is not taken, where that is so. */
    private static Optional<Decision> header(JWSHeader header, Grounds grounds) {
        if (!KeyRing.allowed(header.getAlgorithm())) {
            return Optional.of(algorithm());
        }
        // We know no extension, and an unencoded payload (RFC 7797) is one.
        if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
            return Optional.of(malformed("The token demands an extension that is not known here."));
        }
        String type =
                header.getType() == null ? null : header.getType().getType().toLowerCase(Locale.ROOT);
        if (!grounds.types().take(type)) {
            return Optional.of(malformed("The token is not an access token by its type."));
        }
        if (!grounds.keys().has(header.getKeyID())) {
            return Optional.of(new Decision.Refused(
                    Refusal.UNKNOWN_KEY, "The token is signed with a key that its issuer does not publish."));
        }
        return Optional.empty();
    }

    /** Why a signature is not taken, where that is so. */
    private static Optional<Decision> signature(SignedJWT jwt, Grounds grounds) {
        Optional<KeyRing.Key> key =
                grounds.keys().find(jwt.getHeader().getKeyID(), jwt.getHeader().getAlgorithm());
        if (key.isEmpty()) {
            return Optional.of(algorithm());
        }
        // The last character has bits that say nothing; only one of its spellings is right.
        Base64URL signature = jwt.getSignature();
        boolean canonical = Base64URL.encode(signature.decode()).equals(signature);
        try {
            return canonical && jwt.verify(key.get().verifier()) ? Optional.empty() : Optional.of(badSignature());
        } catch (JOSEException e) {
            // A signature that the algorithm can't even look at is a wrong one.
            return Optional.of(badSignature());
        }
    }

    private static Decision claims(SignedJWT jwt, Grounds grounds, Instant now, String tokenIdOtherwise) {
        JWTClaimsSet claims;
        try {
            claims = jwt.getJWTClaimsSet();
        } catch (ParseException e) {
            return malformed("The claims of the token can't be read.");
        }
        if (!grounds.issuer().equals(claims.getIssuer())) {
            return new Decision.Refused(Refusal.WRONG_ISSUER, "The token is of another issuer.");
        }
        if (!claims.getAudience().contains(grounds.audience())) {
            return new Decision.Refused(
                    Refusal.WRONG_AUDIENCE,
                    "The token is for another audience than "
                            + grounds.audience().replaceAll("[^ -~]|[\"\\\\]", "?") + ".");
        }
        Date expires = claims.getExpirationTime();
        if (expires == null) {
            return malformed("The token has no expiry.");
        }
        if (!now.isBefore(goodUntil(expires.toInstant()))) {
            return new Decision.Refused(Refusal.EXPIRED, "The token has expired.");
        }
        if (inTheFuture(claims.getNotBeforeTime(), now) || inTheFuture(claims.getIssueTime(), now)) {
            return new Decision.Refused(Refusal.NOT_YET_VALID, "The token is not valid yet.");
        }
        String id = claims.getJWTID();
        return grounds.bearer().decide(claims, id == null || id.isBlank() ? tokenIdOtherwise : id);
    }

    /** When a token that expires then is no longer taken. */
    static Instant goodUntil(Instant expires) {
        return expires.plus(SKEW);
    }

    private static boolean inTheFuture(@Nullable Date time, Instant now) {
        return time != null && time.toInstant().minus(SKEW).isAfter(now);
    }

    private static Decision malformed(String message) {
        return new Decision.Refused(Refusal.MALFORMED, message);
    }

    private static Decision algorithm() {
        return new Decision.Refused(
                Refusal.ALGORITHM_NOT_ALLOWED, "The token is not signed, or not in a way that its key is for.");
    }

    private static Decision badSignature() {
        return new Decision.Refused(Refusal.BAD_SIGNATURE, "The signature of the token is wrong.");
    }
}
