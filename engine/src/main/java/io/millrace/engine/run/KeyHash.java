package io.millrace.engine.run;

import io.millrace.api.Sink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-1-3 with 128 bits: a hash with a secret, which is quick for short texts. Whoever does not know the secret can't
 * tell it from chance (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012). Not thread-safe.
 *
 * <p>What is hashed are whole words of eight bytes: {@link #begin}, any number of {@code take}, {@link #end}.
 */
final class KeyHash {

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long secret0;
    private final long secret1;

    private int words;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long first;
    private long second;

    /** @param secret of {@value Sink.KeyBlocks#SECRET_BYTES} bytes */
    KeyHash(byte[] secret) {
        if (secret.length != Sink.KeyBlocks.SECRET_BYTES) {
            throw new IllegalArgumentException("a secret of " + secret.length + " bytes");
        }
        this.secret0 = (long) WORD.get(secret, 0);
        this.secret1 = (long) WORD.get(secret, 8);
    }

    void begin() {
        words = 0;
        v0 = secret0 ^ 0x736f6d6570736575L;
        v1 = secret1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = secret0 ^ 0x6c7967656e657261L;
        v3 = secret1 ^ 0x7465646279746573L;
    }

    /** Takes a word, its lowest byte first. */
    void take(long word) {
        words++;
        mix(word);
    }

    /** Takes a text: first its length, which keeps ("ab", "c") apart from ("a", "bc"), then its bytes, filled up with zeros. */
    void take(byte[] b, int from, int length) {
        take(length);
        int p = from;
        int end = from + length;
        for (; p <= end - 8; p += 8) {
            take((long) WORD.get(b, p));
        }
        if (p < end) {
            long word = 0;
            for (int i = p; i < end; i++) {
                word |= (b[i] & 0xffL) << (8 * (i - p));
            }
            take(word);
        }
    }

    /** {@link #first} and {@link #second} have the hash then. */
    void end() {
        mix((long) words << 59);
        v2 ^= 0xee;
        finish();
        first = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        finish();
        second = v0 ^ v1 ^ v2 ^ v3;
    }

    /** The first 64 bits of the hash, the first byte lowest. */
    long first() {
        return first;
    }

    /** The other 64. */
    long second() {
        return second;
    }

    private void mix(long word) {
        v3 ^= word;
        round();
        v0 ^= word;
    }

    private void finish() {
        round();
        round();
        round();
    }

    private void round() {
        long a = v0 + v1;
        long c = v2 + v3;
        long b = Long.rotateLeft(v1, 13) ^ a;
        long d = Long.rotateLeft(v3, 16) ^ c;
        a = Long.rotateLeft(a, 32) + d;
        c += b;
        v0 = a;
        v1 = Long.rotateLeft(b, 17) ^ c;
        v2 = Long.rotateLeft(c, 32);
        v3 = Long.rotateLeft(d, 21) ^ a;
    }
}
