package io.millrace.api;

import java.math.BigInteger;

/** Conversions between {@link BigInteger} and the two halves of a signed 128-bit number. */
public final class Wide {

    private Wide() {}

    public static BigInteger toBigInteger(long high, long low) {
        BigInteger unsignedLow = BigInteger.valueOf(low & Long.MAX_VALUE);
        if (low < 0) {
            unsignedLow = unsignedLow.setBit(Long.SIZE - 1);
        }
        return BigInteger.valueOf(high).shiftLeft(Long.SIZE).add(unsignedLow);
    }

    /** The upper half. The value must fit 128 bits, which {@link #fits} tells. */
    public static long high(BigInteger value) {
        return value.shiftRight(Long.SIZE).longValue();
    }

    /** The lower half. */
    public static long low(BigInteger value) {
        return value.longValue();
    }

    public static boolean fits(BigInteger value) {
        return value.bitLength() < 2 * Long.SIZE;
    }
}
