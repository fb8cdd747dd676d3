package io.millrace.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Public keys that signatures are checked with, each only for the algorithms of its kind: what a token says of its
 * algorithm never decides how a key is used (RFC 8725, section 3.1). Immutable.
 */
final class KeyRing {

    /** Shorter RSA keys are not trusted (RFC 7518, section 3.3). */
    private static final int LEAST_RSA_BITS = 2048;

    private static final Set<JWSAlgorithm> RSA = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512);

    /** Of all the keys that there may be; neither {@code none} nor an HMAC is among them. */
    private static final Set<JWSAlgorithm> ALLOWED = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** A key; {@code id} is null where it has none. The verifier may be used by many threads. */
    record Key(@Nullable String id, Set<JWSAlgorithm> algorithms, JWSVerifier verifier) {}

    private final JWKSet from;
    private final List<Key> keys;

    private KeyRing(JWKSet from, List<Key> keys) {
        this.from = from;
        this.keys = List.copyOf(keys);
    }

    /** The usable keys of a document; those for encryption, of other kinds or too short are left out. */
    static KeyRing of(JWKSet published) {
        List<Key> keys = new ArrayList<>();
        for (JWK jwk : published.getKeys()) {
            if (jwk.getKeyUse() == null || KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
                key(jwk).ifPresent(keys::add);
            }
        }
        return new KeyRing(published, keys);
    }

    private static Optional<Key> key(JWK jwk) {
        try {
            return switch (jwk) {
                case RSAKey rsa
                when rsa.size() >= LEAST_RSA_BITS -> key(jwk, RSA, new RSASSAVerifier(rsa.toRSAPublicKey()));
                case ECKey ec when ec.getCurve().equals(Curve.P_256) -> key(ec, JWSAlgorithm.ES256);
                case ECKey ec when ec.getCurve().equals(Curve.P_384) -> key(ec, JWSAlgorithm.ES384);
                case ECKey ec when ec.getCurve().equals(Curve.P_521) -> key(ec, JWSAlgorithm.ES512);
                default -> Optional.empty();
            };
        } catch (JOSEException e) {
            // One key that can't be used, a point off its curve for instance, must not take the others with it.
            return Optional.empty();
        }
    }

    private static Optional<Key> key(ECKey ec, JWSAlgorithm algorithm) throws JOSEException {
        return key(ec, Set.of(algorithm), new ECDSAVerifier(ec.toECPublicKey()));
    }

    private static Optional<Key> key(JWK jwk, Set<JWSAlgorithm> ofItsKind, JWSVerifier verifier) {
        if (jwk.getAlgorithm() == null) {
            return Optional.of(new Key(jwk.getKeyID(), ofItsKind, verifier));
        }
        // The issuer says for which one it is, and it is for no other then.
        JWSAlgorithm own = JWSAlgorithm.parse(jwk.getAlgorithm().getName());
        return ofItsKind.contains(own) ? Optional.of(new Key(jwk.getKeyID(), Set.of(own), verifier)) : Optional.empty();
    }

    /** Whether an algorithm can be right for any key. */
    static boolean allowed(JWSAlgorithm algorithm) {
        return ALLOWED.contains(algorithm);
    }

    /** Whether no key can be used. */
    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Whether it was made of the same keys. */
    boolean isOf(JWKSet published) {
        return from.equals(published);
    }

    /** Whether there is a key of this id; where a token names none, whether it is clear which one is meant. */
    boolean has(@Nullable String id) {
        return id == null ? keys.size() == 1 : keys.stream().anyMatch(key -> id.equals(key.id()));
    }

    /** The key of this id, or the only one where that is null, where it is for this algorithm. */
    Optional<Key> find(@Nullable String id, JWSAlgorithm algorithm) {
        if (!has(id)) {
            return Optional.empty();
        }
        return keys.stream()
                .filter(key -> id == null || id.equals(key.id()))
                .filter(key -> key.algorithms().contains(algorithm))
                .findFirst();
    }
}
