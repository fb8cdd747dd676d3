package io.millrace.sql.exec;

import io.millrace.api.Wide;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** Reads numbers and booleans from text as PostgreSQL does: white space around them is passed over. */
final class NumberParser {
    /** What became of a text. */
    enum Outcome {
        DONE,
        /** No number of the kind asked for. */
        MALFORMED,
        TOO_LARGE
    }

    /** The powers of ten that a double holds exactly. */
    private static final double[] POW10 = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** The last number read: an integer, a boolean (0 or 1) or an unscaled decimal. */
    final Int128 value = new Int128();

    double number;

    private byte[] data = {};
    private int from;
    private int to;

    static boolean isSpace(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }

    private boolean begin(byte[] bytes, int start, int length) {
        data = bytes;
        from = start;
        to = start + length;
        while (from < to && isSpace(data[from])) {
            from++;
        }
        while (from < to && isSpace(data[to - 1])) {
            to--;
        }
        return from < to;
    }

    /** A 64-bit integer: a sign, digits, nothing else. */
    Outcome integer(byte[] bytes, int start, int length) {
        if (!begin(bytes, start, length)) {
            return Outcome.MALFORMED;
        }
        int i = from;
        boolean negative = data[i] == '-';
        if (negative || data[i] == '+') {
            i++;
        }
        if (i == to) {
            return Outcome.MALFORMED;
        }
        boolean large = false;
        // Collected as a negative number: the least has no opposite.
        long n = 0;
        for (; i < to; i++) {
            int digit = data[i] - '0';
            if (digit < 0 || digit > 9) {
                return Outcome.MALFORMED;
            }
            if (n < Long.MIN_VALUE / 10 || (n == Long.MIN_VALUE / 10 && digit > 8)) {
                large = true;
            } else {
                n = n * 10 - digit;
            }
        }
        if (large || (!negative && n == Long.MIN_VALUE)) {
            return Outcome.TOO_LARGE;
        }
        value.set(negative ? n : -n);
        return Outcome.DONE;
    }

    /** An exact number, rounded half away from zero to {@code scale} digits after the point. */
    Outcome decimal(byte[] bytes, int start, int length, int scale) {
        if (!begin(bytes, start, length)) {
            return Outcome.MALFORMED;
        }
        int exponent = scan();
        if (exponent == BAD) {
            return isWord("nan") || isInfinity() ? Outcome.TOO_LARGE : Outcome.MALFORMED;
        }
        int shift = scale + exponent - fraction;
        if (digits <= 18 && shift <= 0 && shift >= -18) {
            value.set(Int128.divideHalfAway(negative ? -small : small, Int128.POW10[-shift]));
            return Outcome.DONE;
        }
        if (digits <= 18 && shift > 0 && shift <= 38) {
            value.set(negative ? -small : small);
            return value.scaleUp(shift) ? Outcome.DONE : Outcome.TOO_LARGE;
        }
        if (digits == 0 || (long) digits + shift < 0) {
            // Less than a tenth of the last place.
            value.set(0);
            return Outcome.DONE;
        }
        if ((long) digits + shift > 40) {
            return Outcome.TOO_LARGE;
        }
        String text = new String(data, from, mantissaEnd - from, StandardCharsets.ISO_8859_1);
        BigInteger unscaled = new BigDecimal(text)
                .scaleByPowerOfTen(exponent)
                .setScale(scale, RoundingMode.HALF_UP)
                .unscaledValue();
        if (!Wide.fits(unscaled)) {
            return Outcome.TOO_LARGE;
        }
        value.set(unscaled);
        return Outcome.DONE;
    }

    /** A binary floating-point number, correctly rounded. One that is too small to tell from zero does not fit either. */
    Outcome floating(byte[] bytes, int start, int length) {
        if (!begin(bytes, start, length)) {
            return Outcome.MALFORMED;
        }
        int exponent = scan();
        if (exponent == BAD) {
            if (isWord("nan")) {
                number = Double.NaN;
                return Outcome.DONE;
            }
            if (isInfinity()) {
                number = data[from] == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
                return Outcome.DONE;
            }
            return Outcome.MALFORMED;
        }
        int power = exponent - fraction;
        if (digits <= 15 && power >= -22 && power <= 22) {
            // Both are exact, so one operation rounds once (Clinger).
            double size = power < 0 ? small / POW10[-power] : small * POW10[power];
            number = negative ? -size : size;
            return Outcome.DONE;
        }
        number = Double.parseDouble(new String(data, from, to - from, StandardCharsets.ISO_8859_1));
        boolean vanished = number == 0 && digits > 0;
        return Double.isInfinite(number) || vanished ? Outcome.TOO_LARGE : Outcome.DONE;
    }

    /** Any unambiguous beginning of true, false, yes, no, on, off; 1 and 0. */
    Outcome bool(byte[] bytes, int start, int length) {
        if (!begin(bytes, start, length)) {
            return Outcome.MALFORMED;
        }
        String word = to - from > 5
                ? ""
                : new String(data, from, to - from, StandardCharsets.ISO_8859_1).toLowerCase(java.util.Locale.ROOT);
        boolean yes = word.equals("1") || word.equals("on") || begins("true", word) || begins("yes", word);
        boolean no = word.equals("0")
                || begins("false", word)
                || begins("no", word)
                || (word.length() > 1 && begins("off", word));
        if (yes == no) {
            return Outcome.MALFORMED;
        }
        value.set(yes ? 1 : 0);
        return Outcome.DONE;
    }

    private static boolean begins(String whole, String word) {
        return !word.isEmpty() && whole.startsWith(word);
    }

    private static final int BAD = Integer.MIN_VALUE;
    private static final int MOST_EXPONENT = 1_000_000;

    private boolean negative;
    /** Digits of the mantissa without leading zeros. */
    private int digits;
    /** How many digits of the mantissa are after the point. */
    private int fraction;
    /** The mantissa's digits as a number, where they are at most 18. */
    private long small;

    private int mantissaEnd;

    /** Takes {@code [+-] digits [. digits] [e [+-] digits]} apart; returns the exponent, or BAD where it is something else. */
    private int scan() {
        int i = from;
        negative = data[i] == '-';
        if (negative || data[i] == '+') {
            i++;
        }
        digits = 0;
        fraction = 0;
        small = 0;
        boolean point = false;
        int seen = 0;
        for (; i < to; i++) {
            int digit = data[i] - '0';
            if (digit >= 0 && digit <= 9) {
                seen++;
                fraction += point ? 1 : 0;
                if (digits > 0 || digit > 0) {
                    digits++;
                    small = small * 10 + digit;
                }
            } else if (data[i] == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        mantissaEnd = i;
        if (seen == 0) {
            return BAD;
        }
        return i == to ? 0 : exponent(i);
    }

    private int exponent(int at) {
        int i = at;
        if (data[i] != 'e' && data[i] != 'E') {
            return BAD;
        }
        i++;
        boolean minus = i < to && data[i] == '-';
        if (i < to && (minus || data[i] == '+')) {
            i++;
        }
        if (i == to) {
            return BAD;
        }
        int exponent = 0;
        for (; i < to; i++) {
            int digit = data[i] - '0';
            if (digit < 0 || digit > 9) {
                return BAD;
            }
            exponent = Math.min(MOST_EXPONENT, exponent * 10 + digit);
        }
        return minus ? -exponent : exponent;
    }

    private boolean isInfinity() {
        int signed = data[from] == '-' || data[from] == '+' ? 1 : 0;
        from += signed;
        boolean infinity = isWord("inf") || isWord("infinity");
        from -= signed;
        return infinity;
    }

    private boolean isWord(String lowerCase) {
        return to - from == lowerCase.length()
                && new String(data, from, to - from, StandardCharsets.ISO_8859_1).equalsIgnoreCase(lowerCase);
    }
}
