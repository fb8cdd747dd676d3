package io.millrace.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the built-in issuer, in {@code auth/keys/keys.json} under the home folder. What is to be done with them
 * follows from the file and the time alone, so that several processes agree without talking to each other: the newest
 * key whose time has come signs, the next one is made and published ahead of that, and an old one stays until the last
 * token that it may have signed has expired. Safe for use by many threads.
 */
final class SigningKeys {

    /** A key stays this much longer than it must: clocks differ, and another process may look a second late. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private static final String FILE = "keys.json";
    private static final System.Logger LOG = System.getLogger(SigningKeys.class.getName());

    /** A key ready to sign; the signer may be used by many threads. */
    record Signer(String keyId, Instant activeFrom, JWSSigner signer) {}

    /** The keys of one moment, the oldest first. Immutable; made once for each content of the file. */
    static final class Current {
        private final List<SigningKey> keys;
        private final List<Signer> signers;
        private final KeyRing ring;
        private final String jwks;

        private Current(List<SigningKey> unsorted) {
            this.keys = unsorted.stream()
                    .sorted(Comparator.comparing(SigningKey::activeFrom).thenComparing(SigningKey::id))
                    .toList();
            this.signers = keys.stream().map(Current::signer).toList();
            JWKSet published = new JWKSet(
                            List.<JWK>copyOf(keys.stream().map(SigningKey::jwk).toList()))
                    .toPublicJWKSet();
            this.ring = KeyRing.of(published);
            this.jwks = published.toString();
        }

        private static Signer signer(SigningKey key) {
            try {
                return new Signer(key.id(), key.activeFrom(), new RSASSASigner(key.jwk()));
            } catch (JOSEException e) {
                throw new IllegalArgumentException("the key " + key.id() + " in it can't sign", e);
            }
        }

        /** The public halves. */
        KeyRing ring() {
            return ring;
        }

        /** The public halves as a JSON document (RFC 7517, section 5). */
        String jwks() {
            return jwks;
        }

        /** The key that signs at this time; empty where there is none at all. */
        Optional<Signer> signer(Instant now) {
            for (Signer signer : signers.reversed()) {
                if (!signer.activeFrom().isAfter(now)) {
                    return Optional.of(signer);
                }
            }
            // All in the future: the clock was set back. Better an early key than none.
            return signers.stream().findFirst();
        }
    }

    private final PrivateFolder folder;
    private final AuthConfig.BuiltIn config;
    private final Audit audit;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Json json = new Json();
    private final Watched<Current> watched;
    private final Periodic care;

    private volatile @Nullable String problem;

    /** Makes the first key where there is none. */
    SigningKeys(PrivateFolder folder, AuthConfig.BuiltIn config, Audit audit, InstantSource clock, SecureRandom random)
            throws AuthException, InterruptedException {
        this.folder = folder;
        this.config = config;
        this.audit = audit;
        this.clock = clock;
        this.random = random;
        this.care = new Periodic(Watched.INTERVAL, clock);
        this.watched = new Watched<>(folder.resolve(FILE), this::parse, new Current(List.of()), clock);
        maintain();
    }

    private Current parse(byte[] content) throws AuthException {
        return json.read(folder.resolve(FILE), content, SigningKey.InFile.class, inFile -> new Current(inFile.list()));
    }

    /** The keys as of a moment ago. What is due is done first, once a second. */
    Current current() {
        if (care.due()) {
            String known = problem;
            try {
                maintain();
                problem = null;
            } catch (AuthException e) {
                // The keys that are there go on working; who asks whether all is well is told.
                problem = e.getMessage();
                if (!String.valueOf(problem).equals(known)) {
                    LOG.log(System.Logger.Level.WARNING, problem);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return watched.current();
    }

    /** The keys as of now, or as they could last be read. For where a look at the file does not weigh. */
    Current latest() {
        return watched.latest();
    }

    /** Why the keys are not as they should be, where that is so. */
    Optional<String> problem() {
        return Optional.ofNullable(problem).or(watched::problem);
    }

    /** Makes, keeps and drops keys as the time demands. */
    private void maintain() throws AuthException, InterruptedException {
        if (due(watched.current().keys, clock.instant()).isEmpty()) {
            return;
        }
        Optional<Plan> done = folder.inTurn(() -> {
            // Another process may have done it while we waited.
            Optional<Plan> plan = due(watched.reread().keys, clock.instant());
            if (plan.isPresent()) {
                folder.replace(FILE, json.write(SigningKey.InFile.of(plan.get().keys())));
                watched.reread();
            }
            return plan;
        });
        done.ifPresent(plan -> plan.changes()
                .forEach(change ->
                        audit.record(Audit.Entry.of(Audit.Kind.KEY_ROTATED).reason(change))));
    }

    /** What the file is to hold, and in what it differs. */
    private record Plan(List<SigningKey> keys, List<String> changes) {}

    private Optional<Plan> due(List<SigningKey> keys, Instant now) {
        List<SigningKey> next = new ArrayList<>();
        List<String> changes = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            SigningKey key = keys.get(i);
            boolean succeeded = i + 1 < keys.size();
            if (succeeded
                    && keys.get(i + 1)
                            .activeFrom()
                            .plus(key.longestToken())
                            .plus(TokenVerifier.SKEW)
                            .plus(MARGIN)
                            .isBefore(now)) {
                changes.add("key " + key.id() + " dropped");
                continue;
            }
            // A configuration with longer tokens: the keys that may sign those stay longer.
            boolean maySign = !succeeded || keys.get(i + 1).activeFrom().isAfter(now);
            next.add(maySign ? key.forTokensOf(config.tokenLifetime()) : key);
        }
        successor(keys, now).ifPresent(from -> {
            SigningKey made = SigningKey.make(from, config.tokenLifetime(), random);
            next.add(made);
            changes.add("key " + made.id() + " made, signs from " + from);
        });
        return next.equals(keys) ? Optional.empty() : Optional.of(new Plan(next, changes));
    }

    /** From when on a key that is to be made now should sign; empty where none is due. */
    private Optional<Instant> successor(List<SigningKey> keys, Instant now) {
        if (keys.isEmpty()) {
            return Optional.of(now);
        }
        Instant turn = keys.getLast().activeFrom().plus(config.keyRotation());
        Instant published = now.plus(config.keyPublishedAhead());
        if (turn.isAfter(published)) {
            return Optional.empty();
        }
        // After a long time switched off the turn is in the past; to be published ahead matters more than to be exact.
        return Optional.of(published);
    }
}
