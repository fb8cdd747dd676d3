package io.millrace.sql.exec;

import io.millrace.api.Wide;
import java.math.BigInteger;

/**
 * A signed number of 128 bits that is computed in place, so that wide decimals need no objects. Operations that may not
 * fit tell so and leave the value undefined then.
 */
final class Int128 {
    /** 10^0 to 10^18. */
    static final long[] POW10 = new long[19];

    /** 10^0 to 10^38, upper and lower halves. */
    private static final long[] POW10_HIGH = new long[39];

    private static final long[] POW10_LOW = new long[39];

    static {
        BigInteger power = BigInteger.ONE;
        for (int i = 0; i < POW10_HIGH.length; i++) {
            if (i < POW10.length) {
                POW10[i] = power.longValueExact();
            }
            POW10_HIGH[i] = Wide.high(power);
            POW10_LOW[i] = Wide.low(power);
            power = power.multiply(BigInteger.TEN);
        }
    }

    long high;
    long low;

    void set(long value) {
        low = value;
        high = value >> 63;
    }

    void set(long high, long low) {
        this.high = high;
        this.low = low;
    }

    void set(BigInteger value) {
        high = Wide.high(value);
        low = Wide.low(value);
    }

    /** The unscaled decimal at a row. */
    void load(Vec vec, int row) {
        low = vec.longs[row];
        high = vec.kind == Vec.Kind.WIDE ? vec.high[row] : low >> 63;
    }

    boolean fitsLong() {
        return high == low >> 63;
    }

    int signum() {
        return high < 0 ? -1 : (high | low) == 0 ? 0 : 1;
    }

    BigInteger toBigInteger() {
        return fitsLong() ? BigInteger.valueOf(low) : Wide.toBigInteger(high, low);
    }

    /** Adds; false where the sum does not fit. */
    boolean add(long otherHigh, long otherLow) {
        long sumLow = low + otherLow;
        long carry = Long.compareUnsigned(sumLow, low) < 0 ? 1 : 0;
        long sumHigh = high + otherHigh + carry;
        boolean fits = ((high ^ sumHigh) & (otherHigh ^ sumHigh)) >= 0;
        high = sumHigh;
        low = sumLow;
        return fits;
    }

    /** Of the least number the result is that number again. */
    void negate() {
        low = -low;
        high = ~high + (low == 0 ? 1 : 0);
    }

    /** The product of two 64-bit numbers always fits. */
    void multiply(long a, long b) {
        high = Math.multiplyHigh(a, b);
        low = a * b;
    }

    /** Multiplies by 10^digits; false where the product does not fit. */
    boolean scaleUp(int digits) {
        boolean negative = high < 0;
        if (negative) {
            negate();
            if (high < 0) {
                return false;
            }
        }
        int left = digits;
        while (left > 0) {
            int step = Math.min(left, 18);
            long factor = POW10[step];
            long carry = Math.unsignedMultiplyHigh(low, factor);
            long upper = Math.multiplyHigh(high, factor);
            long middle = high * factor;
            if (upper != 0 || middle < 0 || middle + carry < 0 || carry < 0) {
                return false;
            }
            low *= factor;
            high = middle + carry;
            left -= step;
        }
        if (negative) {
            negate();
        }
        return true;
    }

    /** Divides by 10^digits and rounds half away from zero. */
    void scaleDown(int digits) {
        if (digits == 0) {
            return;
        }
        if (fitsLong() && digits <= 18) {
            set(divideHalfAway(low, POW10[digits]));
        } else {
            set(divideHalfAway(toBigInteger(), BigInteger.TEN.pow(digits)));
        }
    }

    /** Whether the number has at most {@code precision} digits. */
    boolean hasPrecision(int precision) {
        long h = high;
        long l = low;
        if (h < 0) {
            l = -l;
            h = ~h + (l == 0 ? 1 : 0);
            if (h < 0) {
                return false;
            }
        }
        long limit = POW10_HIGH[precision];
        return h < limit || (h == limit && Long.compareUnsigned(l, POW10_LOW[precision]) < 0);
    }

    static int compare(long aHigh, long aLow, long bHigh, long bLow) {
        return aHigh != bHigh ? Long.compare(aHigh, bHigh) : Long.compareUnsigned(aLow, bLow);
    }

    int compareTo(Int128 other) {
        return compare(high, low, other.high, other.low);
    }

    static boolean hasPrecision(long value, int precision) {
        if (precision > 18) {
            return true;
        }
        long limit = POW10[precision];
        return value < limit && value > -limit;
    }

    /** Rounds half away from zero. The divisor is a positive power of ten. */
    static long divideHalfAway(long value, long divisor) {
        long quotient = value / divisor;
        long rest = Math.abs(value % divisor);
        // rest >= divisor - rest says the same as 2 * rest >= divisor and can't overflow.
        return rest >= divisor - rest && rest != 0 ? quotient + (value < 0 ? -1 : 1) : quotient;
    }

    /** Rounds half away from zero. The divisor may have either sign and must not be zero. */
    static BigInteger divideHalfAway(BigInteger value, BigInteger divisor) {
        BigInteger[] parts = value.divideAndRemainder(divisor);
        if (parts[1].abs().shiftLeft(1).compareTo(divisor.abs()) >= 0) {
            return parts[0].add(BigInteger.valueOf((long) value.signum() * divisor.signum()));
        }
        return parts[0];
    }
}
