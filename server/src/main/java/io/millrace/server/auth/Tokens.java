package io.millrace.server.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides on the {@code Authorization} header of each call.
 *
 * <p>A good token is remembered by its SHA-256, so that the next call with it costs a hash instead of a signature. What
 * is remembered holds until the token expires or anything changes that the decision rested on: a client disabled, a key
 * gone. Refusals are not remembered: a stranger can make as many different bad tokens as there is memory. Safe for use by
 * many threads.
 */
public final class Tokens {

    /** What is remembered takes some 300 bytes each. Only who has a secret can add to it. */
    private static final int MOST_REMEMBERED = 50_000;

    /** Tokens with many roles have a few thousand. */
    private static final int MOST_CHARACTERS = 16 * 1024;

    private static final String SCHEME = "Bearer";

    private record Remembered(Decision.Allowed decision, Grounds grounds, long goodUntilMillis) {}

    /**
     * The good token that came last over one connection: the next call with it costs a comparison instead of a hash. It
     * holds no longer than what is remembered otherwise. Used by one thread at a time.
     */
    public static final class Last {
        private @Nullable String authorization;
        private @Nullable Remembered remembered;
    }

    private final Trust trust;
    private final InstantSource clock;
    private final MessageDigest sha256 = Fingerprint.sha256();
    private final Cache<Fingerprint, Remembered> remembered = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .executor(Runnable::run)
            .build();

    Tokens(Trust trust, InstantSource clock) {
        this.trust = trust;
        this.clock = clock;
    }

    /**
     * Decides on a header. It may wait for a few seconds where an OpenID provider has to be asked for a new key; who is
     * interrupted then is refused and keeps the interrupt.
     *
     * @param authorization its value; null where there is none
     */
    public Decision check(@Nullable String authorization) {
        return check(authorization, new Last());
    }

    /**
     * As {@link #check(String)}.
     *
     * @param last of the connection that the call came over
     */
    public Decision check(@Nullable String authorization, Last last) {
        if (authorization == null
                || authorization.length() <= SCHEME.length()
                || authorization.charAt(SCHEME.length()) != ' '
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Decision.Refused(Refusal.MISSING, "This needs a token: Authorization: Bearer <token>.");
        }
        if (authorization.length() > MOST_CHARACTERS) {
            return new Decision.Refused(
                    Refusal.MALFORMED, "The token is longer than " + MOST_CHARACTERS + " characters.");
        }
        Optional<Grounds> grounds = trust.grounds();
        if (grounds.isEmpty()) {
            return notReady();
        }
        if (authorization.equals(last.authorization)
                && last.remembered != null
                && good(last.remembered, grounds.get())) {
            return last.remembered.decision();
        }
        int from = SCHEME.length() + 1;
        byte[] header = authorization.getBytes(StandardCharsets.ISO_8859_1);
        Fingerprint fingerprint = fingerprint(header, from);
        Remembered known = remembered.getIfPresent(fingerprint);
        if (known != null && good(known, grounds.get())) {
            last.authorization = authorization;
            last.remembered = known;
            return known.decision();
        }
        return decide(authorization.substring(from).strip(), fingerprint, grounds.get());
    }

    private boolean good(Remembered known, Grounds grounds) {
        return known.grounds().are(grounds) && clock.millis() < known.goodUntilMillis();
    }

    private Fingerprint fingerprint(byte[] header, int from) {
        try {
            MessageDigest digest = (MessageDigest) sha256.clone();
            digest.update(header, from, header.length - from);
            return Fingerprint.of(digest.digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The SHA-256 of every Java can be cloned; this one can't", e);
        }
    }

    private Decision decide(String token, Fingerprint fingerprint, Grounds first) {
        Grounds grounds = first;
        Decision decision = TokenVerifier.decide(token, grounds, clock.instant(), fingerprint.text());
        if (decision instanceof Decision.Refused refused
                && (refused.kind() == Refusal.UNKNOWN_KEY || refused.kind() == Refusal.CLIENT_DISABLED)) {
            try {
                grounds = trust.newerThan(first);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return notReady();
            }
            if (!grounds.are(first)) {
                decision = TokenVerifier.decide(token, grounds, clock.instant(), fingerprint.text());
            }
        }
        if (decision instanceof Decision.Allowed allowed) {
            long goodUntil = TokenVerifier.goodUntil(allowed.expiresAt()).toEpochMilli();
            remembered.put(fingerprint, new Remembered(allowed, grounds, goodUntil));
        }
        return decision;
    }

    private static Decision notReady() {
        return new Decision.Refused(
                Refusal.NOT_READY, "Tokens can't be checked now, since the keys to do so are not known yet.");
    }
}
