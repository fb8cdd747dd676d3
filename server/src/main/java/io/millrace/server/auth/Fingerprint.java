package io.millrace.server.auth;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of some bytes, as a key for maps that must not hold the bytes themselves.
 *
 * @param a the first 8 bytes, then {@code b}, {@code c}, {@code d}
 */
record Fingerprint(long a, long b, long c, long d) {

    static Fingerprint of(byte[] sha256) {
        ByteBuffer bytes = ByteBuffer.wrap(sha256);
        return new Fingerprint(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /** To be cloned for each use: that takes a tenth of the time of looking for the algorithm again. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256; this one does not", e);
        }
    }

    /** Any 32 bits of a good hash are as good as a hash of all of them. */
    @Override
    public int hashCode() {
        return (int) a;
    }

    /** A short text that tells one from others. */
    String text() {
        return HexFormat.of().toHexDigits(a);
    }
}
