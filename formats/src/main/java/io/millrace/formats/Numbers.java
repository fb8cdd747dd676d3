package io.millrace.formats;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Numbers out of decimal text, exact, without allocation. {@link #scan} reads the text once; one of the other methods
 * then gives the value. Cost and memory depend on the length of the text only, whatever its exponent says.
 *
 * <p>Not thread-safe.
 */
final class Numbers {

    private static final long[] POWERS = new long[19];
    private static final double[] DOUBLE_POWERS = new double[23];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
        DOUBLE_POWERS[0] = 1;
        for (int i = 1; i < DOUBLE_POWERS.length; i++) {
            DOUBLE_POWERS[i] = DOUBLE_POWERS[i - 1] * 10; // exact up to 10^22
        }
    }

    private static final int MAX_DIGITS = 38;
    /** Far more than any exponent that matters, far less than would overflow when a text's length is added. */
    private static final long EXPONENT_CAP = 1L << 40;

    private boolean negative;
    /** Digits from the first to the last that is not zero; more than {@link #MAX_DIGITS} of them are not kept. */
    private int significant;
    /** These digits as an unsigned 128-bit integer. */
    private long magnitudeHigh;

    private long magnitudeLow;
    /** The number is the magnitude times ten to this. */
    private long exponent;

    /** The result of {@link #exact}: signed, 128 bits. */
    long high;

    long low;

    /** 10^n for n of 0 to 18. */
    static long power(int n) {
        return POWERS[n];
    }

    /**
     * The short way for whole numbers as JSON writes them, of at most 18 digits: puts the one at {@code p} into a column
     * that has a {@link Cells#wholeMax}. What follows the digits is for the caller to check; it is no point or exponent.
     *
     * @return the place after it; -1 where it is another kind of number, or none, or too near to the array's end
     */
    static int whole(Cells cells, int row, byte[] b, int p) {
        int q = b[p] == '-' ? p + 1 : p;
        if (q > b.length - 24) {
            return -1;
        }
        long word = Words.at(b, q);
        int n = Words.before(Words.nonDigit(word));
        if (n == 0 || (n > 1 && b[q] == '0')) {
            return -1;
        }
        long value = Words.decimal(word, n);
        if (n == 8) {
            word = Words.at(b, q + 8);
            n = Words.before(Words.nonDigit(word));
            if (n > 0) {
                value = value * POWERS[n] + Words.decimal(word, n);
            }
            n += 8;
            for (; n >= 16 && b[q + n] >= '0' && b[q + n] <= '9'; n++) {
                if (n == POWERS.length - 1) {
                    return -1;
                }
                value = value * 10 + (b[q + n] - '0');
            }
        }
        int after = q + n;
        byte c = b[after];
        if (value > cells.wholeMax || c == '.' || (c | 0x20) == 'e') {
            return -1;
        }
        value *= cells.wholeFactor;
        cells.longs[row] = q == p ? value : -value;
        return after;
    }

    /**
     * Reads {@code b[p..end)}: an optional sign, digits with an optional point somewhere, an optional exponent. That is
     * what SQL reads; JSON's grammar is narrower and must have been checked before.
     *
     * @return false where it is not a number
     */
    boolean scan(byte[] b, int p, int end) {
        negative = false;
        significant = 0;
        magnitudeHigh = 0;
        magnitudeLow = 0;
        exponent = 0;
        if (p < end && (b[p] == '-' || b[p] == '+')) {
            negative = b[p] == '-';
            p++;
        }
        int point = -1;
        int zeros = 0;
        int digits = 0;
        int lastNonZero = 0;
        for (; p < end; p++) {
            int c = b[p];
            if (c >= '0' && c <= '9') {
                digits++;
                if (c == '0') {
                    zeros++;
                } else {
                    append(zeros, c - '0');
                    zeros = 0;
                    lastNonZero = digits;
                }
            } else if (c == '.' && point < 0) {
                point = digits;
            } else {
                break;
            }
        }
        if (digits == 0) {
            return false;
        }
        exponent = (point < 0 ? digits : point) - (long) lastNonZero;
        return p == end || exponent(b, p, end);
    }

    private boolean exponent(byte[] b, int p, int end) {
        if ((b[p] | 0x20) != 'e') {
            return false;
        }
        p++;
        boolean minus = false;
        if (p < end && (b[p] == '-' || b[p] == '+')) {
            minus = b[p] == '-';
            p++;
        }
        if (p == end) {
            return false;
        }
        long e = 0;
        for (; p < end; p++) {
            int digit = b[p] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            e = Math.min(e * 10 + digit, EXPONENT_CAP);
        }
        exponent += minus ? -e : e;
        return true;
    }

    /** Appends zeros and a digit to the magnitude. */
    private void append(int zeros, int digit) {
        if (significant == 0) {
            significant = 1;
            magnitudeLow = digit;
            return;
        }
        // Once past the most that is kept it only has to stay there, however long the text is.
        significant = zeros >= MAX_DIGITS ? MAX_DIGITS + 1 : Math.min(significant + zeros + 1, MAX_DIGITS + 1);
        if (significant < POWERS.length) {
            magnitudeLow = magnitudeLow * POWERS[zeros + 1] + digit;
        } else if (significant <= MAX_DIGITS) {
            shift(zeros + 1);
            magnitudeLow += digit;
            if (Long.compareUnsigned(magnitudeLow, digit) < 0) {
                magnitudeHigh++;
            }
        }
    }

    /** Multiplies the magnitude by 10^n. */
    private void shift(int n) {
        while (n > 0) {
            int step = Math.min(n, POWERS.length - 1);
            long power = POWERS[step];
            magnitudeHigh = magnitudeHigh * power + Math.unsignedMultiplyHigh(magnitudeLow, power);
            magnitudeLow *= power;
            n -= step;
        }
    }

    /**
     * The number as an unscaled integer of a DECIMAL, in {@link #high} and {@link #low}.
     *
     * @return why it can't be, or null
     */
    @Nullable
    ReasonCode exact(int precision, int scale) {
        if (significant == 0) {
            high = 0;
            low = 0;
            return null;
        }
        long shift = exponent + scale;
        if (significant + shift > precision) {
            return ReasonCode.NUMBER_OUT_OF_RANGE;
        }
        if (shift < 0) {
            return ReasonCode.INEXACT_NUMBER;
        }
        if (significant + shift < POWERS.length) {
            magnitudeLow *= POWERS[(int) shift];
            low = negative ? -magnitudeLow : magnitudeLow;
            high = low >> 63;
            return null;
        }
        shift((int) shift);
        low = negative ? -magnitudeLow : magnitudeLow;
        high = negative ? ~magnitudeHigh + (magnitudeLow == 0 ? 1 : 0) : magnitudeHigh;
        return null;
    }

    /** The number as a {@code long} in {@link #low}. */
    @Nullable
    ReasonCode integer(long min, long max) {
        ReasonCode reason = exact(19, 0);
        if (reason == null && (high != low >> 63 || low < min || low > max)) {
            reason = ReasonCode.NUMBER_OUT_OF_RANGE;
        }
        return reason;
    }

    /** The nearest double to the number last scanned from {@code b[p..end)}; infinite where there is none. */
    double nearest(byte[] b, int p, int end) {
        // Both factors are exact, so that one rounding is all there is (Clinger, 1990).
        if (significant <= 15 && exponent >= -22 && exponent <= 22) {
            double value = magnitudeLow;
            value = exponent < 0 ? value / DOUBLE_POWERS[(int) -exponent] : value * DOUBLE_POWERS[(int) exponent];
            return negative ? -value : value;
        }
        return Double.parseDouble(new String(b, p, end - p, StandardCharsets.ISO_8859_1));
    }
}
