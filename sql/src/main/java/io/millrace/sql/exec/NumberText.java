package io.millrace.sql.exec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** Writes numbers as PostgreSQL does, straight into bytes. Every method returns the index after what it wrote. */
final class NumberText {
    /** The most bytes that any of these writes. */
    static final int MOST = 48;

    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private NumberText() {}

    static int write(long value, byte[] to, int at) {
        if (value == Long.MIN_VALUE) {
            return ascii("-9223372036854775808", to, at);
        }
        int i = at;
        long left = value;
        if (left < 0) {
            to[i++] = '-';
            left = -left;
        }
        int end = i + digits(left);
        for (int k = end - 1; k >= i; k--) {
            to[k] = (byte) ('0' + left % 10);
            left /= 10;
        }
        return end;
    }

    private static int digits(long value) {
        int n = 1;
        while (n < 19 && value >= Int128.POW10[n]) {
            n++;
        }
        return n;
    }

    /** A number of at least this many digits, zeros in front. */
    static int padded(long value, int digits, byte[] to, int at) {
        int n = Math.max(digits, digits(value));
        long left = value;
        for (int k = at + n - 1; k >= at; k--) {
            to[k] = (byte) ('0' + left % 10);
            left /= 10;
        }
        return at + n;
    }

    static int decimal(long unscaled, int scale, byte[] to, int at) {
        if (scale == 0) {
            return write(unscaled, to, at);
        }
        int i = at;
        long left = unscaled;
        if (left < 0) {
            to[i++] = '-';
            left = -left;
        }
        long unit = Int128.POW10[scale];
        i = write(left / unit, to, i);
        to[i++] = '.';
        return padded(left % unit, scale, to, i);
    }

    static int decimal(BigInteger unscaled, int scale, byte[] to, int at) {
        String digits = unscaled.abs().toString();
        int i = at;
        if (unscaled.signum() < 0) {
            to[i++] = '-';
        }
        int whole = digits.length() - scale;
        if (whole <= 0) {
            to[i++] = '0';
        } else {
            i = ascii(digits.substring(0, whole), to, i);
        }
        if (scale > 0) {
            to[i++] = '.';
            for (int k = whole; k < 0; k++) {
                to[i++] = '0';
            }
            i = ascii(digits.substring(Math.max(whole, 0)), to, i);
        }
        return i;
    }

    /**
     * The shortest text that reads back as the same number: plain for exponents from -4 to 14, else like {@code 1.5e+20}.
     */
    static int write(double value, byte[] to, int at) {
        if (Double.isNaN(value)) {
            return ascii("NaN", to, at);
        }
        if (Double.isInfinite(value)) {
            return ascii(value < 0 ? "-Infinity" : "Infinity", to, at);
        }
        int i = at;
        if (value < 0 || 1 / value < 0) {
            to[i++] = '-';
        }
        double size = Math.abs(value);
        if (size == 0) {
            to[i++] = '0';
            return i;
        }
        // Java finds the shortest digits, too, but writes them its own way: 1.5E20, 100.0.
        String text = Double.toString(size);
        int e = text.indexOf('E');
        String mantissa = e < 0 ? text : text.substring(0, e);
        int point = mantissa.indexOf('.');
        String all = mantissa.substring(0, point) + mantissa.substring(point + 1);
        int exponent = point + (e < 0 ? 0 : Integer.parseInt(text.substring(e + 1))) - 1;
        int from = 0;
        while (all.charAt(from) == '0') {
            from++;
        }
        exponent -= from;
        int end = all.length();
        while (all.charAt(end - 1) == '0') {
            end--;
        }
        String digits = all.substring(from, end);
        if (digits.length() == 2) {
            // Java writes two digits at least, and they may be closer than the one that would do.
            int tens = digits.charAt(0) - '0';
            int near = digits.charAt(1) >= '5' ? tens + 1 : tens;
            if (Double.parseDouble(near + "e" + exponent) == size) {
                digits = near == 10 ? "1" : Integer.toString(near);
                exponent += near == 10 ? 1 : 0;
            }
        }
        if (size >= 0x1p53 && size < 0x1p134) {
            BigDecimal shortest = new BigDecimal(digits).movePointRight(exponent + 1 - digits.length());
            if (isHalfway(shortest, size)) {
                BigDecimal longer = longer(size, digits.length() + 1);
                digits = longer.unscaledValue().toString();
                exponent = longer.precision() - longer.scale() - 1;
            }
        }
        return digits(digits, exponent, to, i);
    }

    /**
     * Whether a number is just between {@code size} and its neighbour: it reads back right only where the reader rounds
     * half to even, and PostgreSQL does not count on that. Possible only in a range of about 10^16 to 10^40, since a
     * number of 17 digits that is an odd multiple of 2^k has no room for more factors of 5 or 2.
     */
    private static boolean isHalfway(BigDecimal number, double size) {
        BigDecimal exact = new BigDecimal(size);
        BigDecimal neighbour = new BigDecimal(number.compareTo(exact) > 0 ? Math.nextUp(size) : Math.nextDown(size));
        return number.compareTo(exact) != 0 && number.multiply(TWO).compareTo(exact.add(neighbour)) == 0;
    }

    private static BigDecimal longer(double size, int digits) {
        BigDecimal number = new BigDecimal(size).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        return isHalfway(number, size) ? longer(size, digits + 1) : number.stripTrailingZeros();
    }

    private static int digits(String digits, int exponent, byte[] to, int at) {
        int i = at;
        int n = digits.length();
        if (exponent < -4 || exponent >= 15) {
            to[i++] = (byte) digits.charAt(0);
            if (n > 1) {
                to[i++] = '.';
                i = ascii(digits.substring(1), to, i);
            }
            to[i++] = 'e';
            to[i++] = (byte) (exponent < 0 ? '-' : '+');
            return padded(Math.abs(exponent), 2, to, i);
        }
        if (exponent < 0) {
            to[i++] = '0';
            to[i++] = '.';
            for (int k = -1; k > exponent; k--) {
                to[i++] = '0';
            }
            return ascii(digits, to, i);
        }
        for (int k = 0; k < Math.max(n, exponent + 1); k++) {
            if (k == exponent + 1) {
                to[i++] = '.';
            }
            to[i++] = k < n ? (byte) digits.charAt(k) : (byte) '0';
        }
        return i;
    }

    static int ascii(String text, byte[] to, int at) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, to, at, bytes.length);
        return at + bytes.length;
    }
}
