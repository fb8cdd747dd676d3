package io.millrace.connectors.memory;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Arithmetic of PostgreSQL's {@code numeric}, which counts in digits of base 10,000 (numeric.c). */
final class Numeric {

    private static final int BASE_DIGITS = 4;
    private static final BigInteger BASE = BigInteger.valueOf(10_000);
    private static final int MIN_SIGNIFICANT_DIGITS = 16;
    private static final int MAX_SCALE = 1_000;

    /** A double becomes a {@code numeric} with as many digits as it is sure of. */
    private static final MathContext DOUBLE_DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);

    private Numeric() {}

    static BigDecimal of(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DOUBLE_DIGITS).stripTrailingZeros();
        return rounded.setScale(Math.max(rounded.scale(), 0));
    }

    /** The quotient with the digits that PostgreSQL gives it (select_div_scale). */
    static BigDecimal quotient(BigDecimal dividend, BigDecimal divisor) {
        First a = First.of(dividend);
        First b = First.of(divisor);
        int weight = a.weight - b.weight - (a.digit <= b.digit ? 1 : 0);
        int scale =
                Math.max(MIN_SIGNIFICANT_DIGITS - weight * BASE_DIGITS, Math.max(dividend.scale(), divisor.scale()));
        return dividend.divide(divisor, Math.clamp(scale, 0, MAX_SCALE), RoundingMode.HALF_UP);
    }

    /** How many digits are written down, zeros at both ends left out. */
    static int digits(BigDecimal value) {
        BigInteger rest = aligned(value);
        int count = 0;
        boolean counting = false;
        while (rest.signum() != 0) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            counting |= parts[1].signum() != 0;
            count += counting ? 1 : 0;
            rest = parts[0];
        }
        return count;
    }

    /** The magnitude without its point, filled up with zeros so that digits line up with the point. */
    private static BigInteger aligned(BigDecimal value) {
        return value.abs().setScale(fractionalDigits(value) * BASE_DIGITS).unscaledValue();
    }

    private static int fractionalDigits(BigDecimal value) {
        return (Math.max(value.scale(), 0) + BASE_DIGITS - 1) / BASE_DIGITS;
    }

    /** The first digit that is not zero, and the power of the base that it stands for; 0 and 0 of zero. */
    private record First(int digit, int weight) {
        static First of(BigDecimal value) {
            BigInteger rest = aligned(value);
            int weight = -fractionalDigits(value);
            if (rest.signum() == 0) {
                return new First(0, 0);
            }
            while (rest.compareTo(BASE) >= 0) {
                rest = rest.divide(BASE);
                weight++;
            }
            return new First(rest.intValue(), weight);
        }
    }
}
