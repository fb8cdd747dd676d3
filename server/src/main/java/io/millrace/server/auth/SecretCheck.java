package io.millrace.server.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks the secrets of clients without letting that eat the machine: only so many hashes at once, one for many who show
 * the same secret at the same time, none for a secret that was right a moment ago, and few attempts for who gets it
 * wrong. A secret that was right is remembered by an HMAC whose key lives as long as this object. Safe for use by many
 * threads.
 */
final class SecretCheck {

    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MOST_REMEMBERED = 10_000;

    /** How long to wait for a turn, usually. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int KEY_BYTES = 32;
    private static final String MAC = "HmacSHA256";

    /** What came of it. */
    sealed interface Outcome {
        record Right() implements Outcome {}

        record Wrong() implements Outcome {}

        /** Too many wrong ones; the next attempt is possible after a while. */
        record Limited(Duration retryAfter) implements Outcome {}

        /** Too many others are being checked. */
        record Busy() implements Outcome {}
    }

    /** A check under way; the same secret from another address is another one, since it is limited by itself. */
    private record UnderWay(Fingerprint secret, String address) {}

    private final AttemptLimit limit;
    private final Duration patience;
    private final InstantSource clock;
    private final SecretKeySpec key;
    private final String decoy;

    /** Hashes at once: half of the cores, so that the other half goes on with its work. */
    private final Semaphore hashing;

    /** Until when, in milliseconds. */
    private final Cache<Fingerprint, Long> right = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .executor(Runnable::run)
            .build();

    private final ConcurrentMap<UnderWay, CompletableFuture<Outcome>> underWay = new ConcurrentHashMap<>();

    SecretCheck(
            SecretHash hash,
            AttemptLimit limit,
            int cores,
            Duration patience,
            InstantSource clock,
            SecureRandom random) {
        byte[] keyBytes = new byte[KEY_BYTES];
        random.nextBytes(keyBytes);
        this.key = new SecretKeySpec(keyBytes, MAC);
        this.decoy = hash.decoy();
        this.limit = limit;
        this.patience = patience;
        this.clock = clock;
        this.hashing = new Semaphore(Math.max(1, cores / 2), true);
    }

    /**
     * Whether this is a secret of the client.
     *
     * @param hashes those of its secrets that work now; empty where there is no such client, which takes as long to find
     *     out
     */
    Outcome check(String clientId, List<String> hashes, String secret, String address) throws InterruptedException {
        Fingerprint fingerprint = fingerprint(clientId, hashes, secret);
        if (remembered(fingerprint)) {
            return new Outcome.Right();
        }
        UnderWay here = new UnderWay(fingerprint, address);
        CompletableFuture<Outcome> mine = new CompletableFuture<>();
        CompletableFuture<Outcome> other = underWay.putIfAbsent(here, mine);
        if (other != null) {
            return join(other);
        }
        try {
            Outcome outcome = limited(clientId, hashes, secret, address, fingerprint);
            mine.complete(outcome);
            return outcome;
        } finally {
            underWay.remove(here, mine);
            // Where something was thrown: whoever waits may try for themselves. Without effect otherwise.
            mine.complete(new Outcome.Busy());
        }
    }

    private static Outcome join(CompletableFuture<Outcome> other) throws InterruptedException {
        try {
            return other.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A check of a secret is never completed with an exception", e);
        }
    }

    private Outcome limited(
            String clientId, List<String> hashes, String secret, String address, Fingerprint fingerprint)
            throws InterruptedException {
        Optional<Duration> wait = limit.take(clientId, address);
        if (wait.isPresent()) {
            return new Outcome.Limited(wait.get());
        }
        Outcome outcome = hashed(hashes, secret, fingerprint);
        if (!(outcome instanceof Outcome.Wrong)) {
            limit.giveBack(clientId, address);
        }
        return outcome;
    }

    private Outcome hashed(List<String> hashes, String secret, Fingerprint fingerprint) throws InterruptedException {
        if (!hashing.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            return new Outcome.Busy();
        }
        try {
            // Somebody else may have shown it while this one waited for its turn.
            if (remembered(fingerprint)) {
                return new Outcome.Right();
            }
            for (String hash : hashes.isEmpty() ? List.of(decoy) : hashes) {
                if (SecretHash.matches(secret, hash)) {
                    right.put(fingerprint, clock.millis() + REMEMBERED.toMillis());
                    return new Outcome.Right();
                }
            }
            return new Outcome.Wrong();
        } finally {
            hashing.release();
        }
    }

    /** How many more could be hashed at this moment. */
    int free() {
        return hashing.availablePermits();
    }

    private boolean remembered(Fingerprint fingerprint) {
        Long until = right.getIfPresent(fingerprint);
        return until != null && clock.millis() < until;
    }

    /** With the hashes in it, so that a secret is forgotten as soon as it is replaced, ends or is removed. */
    private Fingerprint fingerprint(String clientId, List<String> hashes, String secret) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            add(mac, clientId);
            add(mac, secret);
            for (String hash : hashes) {
                add(mac, hash);
            }
            return Fingerprint.of(mac.doFinal());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java has " + MAC + "; this one does not", e);
        }
    }

    /** Each part with its length before it, so that no two lists of parts look alike. */
    private static void add(Mac mac, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        for (int shift = 24; shift >= 0; shift -= 8) {
            mac.update((byte) (bytes.length >> shift));
        }
        mac.update(bytes);
    }
}
