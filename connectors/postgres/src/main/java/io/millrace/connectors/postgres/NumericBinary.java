package io.millrace.connectors.postgres;

import io.millrace.api.Wide;
import java.math.BigInteger;

/**
 * Writes exact decimals in PostgreSQL's binary form (numeric_send in numeric.c):
 *
 * <pre>
 * int16 digits | int16 weight | int16 sign | int16 scale | digits x int16
 * </pre>
 *
 * A digit is one of base 10,000; the weight is the power of the first; digits line up with the decimal point, so the
 * last digit of a fraction may stand for less than four decimal places. Leading and trailing zero digits are left out.
 *
 * <p>Not thread-safe: it keeps the digits of the number at hand.
 */
final class NumericBinary {

    /** The most bytes that one value takes, its length not counted. */
    static final int MAX_BYTES = 8 + 2 * 16;

    private static final int BASE = 10_000;
    private static final int BASE_DIGITS = 4;
    private static final int NEGATIVE = 0x4000;
    private static final int[] POWERS = {1, 10, 100, 1_000, 10_000};
    private static final int TWO_DIGITS = BASE * BASE;
    private static final long LOW_32 = 0xFFFF_FFFFL;

    /** Digits of the value from the least significant on. */
    private final int[] digits = new int[16];

    /** Writes length and value. */
    void write(CopyBuffer out, long unscaled, int scale) {
        int count = 0;
        // Works on negative numbers, since the smallest long has no positive counterpart.
        long rest = unscaled > 0 ? -unscaled : unscaled;
        int partial = scale % BASE_DIGITS;
        if (partial != 0) {
            digits[count++] = (int) -(rest % POWERS[partial]) * POWERS[BASE_DIGITS - partial];
            rest /= POWERS[partial];
        }
        while (rest != 0) {
            digits[count++] = (int) -(rest % BASE);
            rest /= BASE;
        }
        emit(out, count, unscaled < 0, scale);
    }

    /** Writes length and value of a 128-bit number. */
    void write(CopyBuffer out, long high, long low, int scale) {
        if (high == low >> (Long.SIZE - 1)) {
            write(out, low, scale);
            return;
        }
        boolean negative = high < 0;
        // The magnitude in four words of 32 bits, the most significant first.
        long lowMagnitude = negative ? -low : low;
        long highMagnitude = negative ? ~high + (low == 0 ? 1 : 0) : high;
        long w3 = highMagnitude >>> 32;
        long w2 = highMagnitude & LOW_32;
        long w1 = lowMagnitude >>> 32;
        long w0 = lowMagnitude & LOW_32;
        int count = 0;
        int partial = scale % BASE_DIGITS;
        boolean first = partial != 0;
        while ((w3 | w2 | w1 | w0) != 0 || first) {
            // Long division by hand; a word and a remainder fit 63 bits.
            int divisor = first ? POWERS[partial] : TWO_DIGITS;
            long rest = w3;
            w3 = rest / divisor;
            rest = ((rest % divisor) << 32) | w2;
            w2 = rest / divisor;
            rest = ((rest % divisor) << 32) | w1;
            w1 = rest / divisor;
            rest = ((rest % divisor) << 32) | w0;
            w0 = rest / divisor;
            int remainder = (int) (rest % divisor);
            if (first) {
                digits[count++] = remainder * POWERS[BASE_DIGITS - partial];
                first = false;
            } else {
                digits[count++] = remainder % BASE;
                digits[count++] = remainder / BASE;
            }
        }
        emit(out, count, negative, scale);
    }

    private void emit(CopyBuffer out, int count, boolean negative, int scale) {
        int last = 0;
        while (last < count && digits[last] == 0) {
            last++;
        }
        int first = count;
        while (first > last && digits[first - 1] == 0) {
            first--;
        }
        int length = first - last;
        int fractional = (scale + BASE_DIGITS - 1) / BASE_DIGITS;
        out.putInt(8 + 2 * length);
        out.putShort(length);
        out.putShort(length == 0 ? 0 : first - 1 - fractional);
        out.putShort(negative && length > 0 ? NEGATIVE : 0);
        out.putShort(scale);
        for (int i = first - 1; i >= last; i--) {
            out.putShort(digits[i]);
        }
    }

    /** The least magnitude that has more digits than a precision, for {@link #tooLarge(long, long, Limit)}. */
    record Limit(long high, long low) {
        static Limit of(int precision) {
            BigInteger power = BigInteger.TEN.pow(precision);
            return new Limit(Wide.high(power), Wide.low(power));
        }
    }

    /** Whether the magnitude of a number reaches a limit. */
    static boolean tooLarge(long high, long low, Limit limit) {
        long lowMagnitude = high < 0 ? -low : low;
        long highMagnitude = high < 0 ? ~high + (low == 0 ? 1 : 0) : high;
        int order = Long.compareUnsigned(highMagnitude, limit.high());
        return order > 0 || (order == 0 && Long.compareUnsigned(lowMagnitude, limit.low()) >= 0);
    }
}
