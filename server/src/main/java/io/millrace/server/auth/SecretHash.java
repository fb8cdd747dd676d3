package io.millrace.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes of secrets by Argon2id, written as PHC strings so that each says how it was made and the cost can be raised
 * without breaking old ones.
 *
 * <p>Argon2id rather than bcrypt, with the cost that OWASP's Password Storage Cheat Sheet names first for it (19 MiB,
 * 2 passes, 1 lane): it is the recommended one, costs an attacker memory as well as time, and takes secrets of any
 * length, where bcrypt cuts at 72 bytes. One takes 35 ms here. Our secrets are 256 random bits and could not be guessed
 * from a faster hash either; what the cost buys is that nothing depends on that. Safe for use by many threads.
 */
final class SecretHash {

    /**
     * What a hash costs.
     *
     * @param memoryKib in KiB
     * @param passes over that memory
     */
    record Cost(int memoryKib, int passes) {
        static final Cost OWASP = new Cost(19 * 1024, 2);
    }

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    /** More than anybody would choose, so that a damaged file can't eat the machine. */
    private static final int MOST_MEMORY_KIB = 1024 * 1024;

    private static final int MOST_PASSES = 100;
    private static final int LANES = 1;

    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=([0-9]{1,9}),t=([0-9]{1,9}),p=1\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    private final Cost cost;
    private final SecureRandom random;

    SecretHash(Cost cost, SecureRandom random) {
        this.cost = cost;
        this.random = random;
    }

    /** A hash of the secret, with a salt of its own. */
    String of(String secret) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return phc(salt, argon2(secret, salt, cost, HASH_BYTES));
    }

    /** A hash that no secret is known for. To check against it takes as long as against a real one. */
    String decoy() {
        byte[] salt = new byte[SALT_BYTES];
        byte[] hash = new byte[HASH_BYTES];
        random.nextBytes(salt);
        random.nextBytes(hash);
        return phc(salt, hash);
    }

    private String phc(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.passes() + ",p=1$" + base64.encodeToString(salt)
                + "$" + base64.encodeToString(hash);
    }

    /** Whether a hash is one that {@link #matches} takes. */
    static boolean wellFormed(String phc) {
        Matcher parts = PHC.matcher(phc);
        return parts.matches()
                && Integer.parseInt(parts.group(1)) <= MOST_MEMORY_KIB
                && Integer.parseInt(parts.group(1)) >= 8
                && Integer.parseInt(parts.group(2)) <= MOST_PASSES
                && Integer.parseInt(parts.group(2)) >= 1;
    }

    /** Whether this is the secret of the hash. Takes tens of milliseconds of a core. */
    static boolean matches(String secret, String phc) {
        Matcher parts = PHC.matcher(phc);
        if (!wellFormed(phc) || !parts.matches()) {
            throw new IllegalArgumentException("not a hash by Argon2id as Millrace writes them");
        }
        Cost cost = new Cost(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
        byte[] expected = Base64.getDecoder().decode(parts.group(4));
        byte[] found = argon2(secret, Base64.getDecoder().decode(parts.group(3)), cost, expected.length);
        return MessageDigest.isEqual(expected, found);
    }

    private static byte[] argon2(String secret, byte[] salt, Cost cost, int bytes) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.passes())
                .withParallelism(LANES)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[bytes];
        generator.generateBytes(secret.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }
}
