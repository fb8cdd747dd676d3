package io.millrace.sql.exec;

import static io.millrace.sql.exec.Plans.bigint;
import static io.millrace.sql.exec.Plans.call;
import static io.millrace.sql.exec.Plans.decimal;
import static io.millrace.sql.exec.Plans.eval;
import static io.millrace.sql.exec.Plans.integer;
import static io.millrace.sql.exec.Plans.number;
import static io.millrace.sql.exec.TransformCode.DIVISION_BY_ZERO;
import static io.millrace.sql.exec.TransformCode.INVALID_ARGUMENT;
import static io.millrace.sql.exec.TransformCode.OVERFLOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Arithmetic: nothing wraps, nothing is rounded in silence. */
class ArithmeticTest {

    private static @Nullable Object ints(Function function, int... args) {
        Expr[] exprs = new Expr[args.length];
        for (int i = 0; i < args.length; i++) {
            exprs[i] = integer(args[i]);
        }
        return eval(call(Type.INTEGER, function, exprs));
    }

    private static @Nullable Object longs(Function function, long... args) {
        Expr[] exprs = new Expr[args.length];
        for (int i = 0; i < args.length; i++) {
            exprs[i] = bigint(args[i]);
        }
        return eval(call(Type.BIGINT, function, exprs));
    }

    private static @Nullable Object doubles(Function function, double... args) {
        Expr[] exprs = new Expr[args.length];
        for (int i = 0; i < args.length; i++) {
            exprs[i] = number(args[i]);
        }
        return eval(call(Type.DOUBLE, function, exprs));
    }

    private static @Nullable Object decimals(Type type, Function function, String... args) {
        Expr[] exprs = new Expr[args.length];
        for (int i = 0; i < args.length; i++) {
            exprs[i] = decimal(args[i]);
        }
        return eval(call(type, function, exprs));
    }

    @Test
    void integersOverflowAt32Bits() {
        int max = Integer.MAX_VALUE;
        int min = Integer.MIN_VALUE;
        assertThat(ints(Function.ADD, max - 1, 1)).isEqualTo((long) max);
        assertThat(ints(Function.ADD, max, 1)).isEqualTo(OVERFLOW);
        assertThat(ints(Function.SUBTRACT, min, 1)).isEqualTo(OVERFLOW);
        assertThat(ints(Function.MULTIPLY, 1 << 16, 1 << 15)).isEqualTo(OVERFLOW);
        assertThat(ints(Function.DIVIDE, min, -1)).isEqualTo(OVERFLOW);
        assertThat(ints(Function.NEGATE, min)).isEqualTo(OVERFLOW);
        assertThat(ints(Function.ABS, min)).isEqualTo(OVERFLOW);
        assertThat(ints(Function.MOD, min, -1)).isEqualTo(0L);
    }

    @Test
    void bigintsOverflowAt64Bits() {
        long max = Long.MAX_VALUE;
        long min = Long.MIN_VALUE;
        assertThat(longs(Function.ADD, max, 1)).isEqualTo(OVERFLOW);
        assertThat(longs(Function.ADD, max, min)).isEqualTo(-1L);
        assertThat(longs(Function.SUBTRACT, 0, min)).isEqualTo(OVERFLOW);
        assertThat(longs(Function.MULTIPLY, max, 2)).isEqualTo(OVERFLOW);
        assertThat(longs(Function.MULTIPLY, min, -1)).isEqualTo(OVERFLOW);
        assertThat(longs(Function.MULTIPLY, min, 1)).isEqualTo(min);
        assertThat(longs(Function.DIVIDE, min, -1)).isEqualTo(OVERFLOW);
        assertThat(longs(Function.NEGATE, min)).isEqualTo(OVERFLOW);
        assertThat(longs(Function.ABS, min)).isEqualTo(OVERFLOW);
    }

    @Test
    void integerDivisionTruncatesTowardZero() {
        assertThat(ints(Function.DIVIDE, 7, 2)).isEqualTo(3L);
        assertThat(ints(Function.DIVIDE, -7, 2)).isEqualTo(-3L);
        assertThat(ints(Function.MOD, -7, 2)).isEqualTo(-1L);
        assertThat(ints(Function.MOD, 7, -2)).isEqualTo(1L);
        assertThat(ints(Function.DIVIDE, 7, 0)).isEqualTo(DIVISION_BY_ZERO);
        assertThat(longs(Function.MOD, 7, 0)).isEqualTo(DIVISION_BY_ZERO);
    }

    @Test
    void integersRoundToTensHalfAwayFromZero() {
        assertThat(ints(Function.ROUND, 15, -1)).isEqualTo(20L);
        assertThat(ints(Function.ROUND, -15, -1)).isEqualTo(-20L);
        assertThat(ints(Function.TRUNC, -19, -1)).isEqualTo(-10L);
        assertThat(ints(Function.ROUND, 15, 3)).isEqualTo(15L);
        assertThat(ints(Function.ROUND, Integer.MAX_VALUE, -1)).isEqualTo(OVERFLOW);
        assertThat(ints(Function.ROUND, 15, -30)).isEqualTo(0L);
        assertThat(ints(Function.SIGN, -15)).isEqualTo(-1L);
    }

    @Test
    void decimalSumsKeepTheirDigits() {
        assertThat(decimals(Type.decimal(6, 2), Function.ADD, "1.5", "2.25")).isEqualTo(new BigDecimal("3.75"));
        assertThat(decimals(Type.decimal(3, 2), Function.ADD, "9.99", "0.01")).isEqualTo(OVERFLOW);
        assertThat(decimals(Type.decimal(38, 0), Function.ADD, "99999999999999999999999999999999999998", "1"))
                .isEqualTo(new BigDecimal("99999999999999999999999999999999999999"));
        assertThat(decimals(Type.decimal(38, 0), Function.SUBTRACT, "-99999999999999999999999999999999999999", "1"))
                .isEqualTo(OVERFLOW);
    }

    @Test
    void decimalProductsAndQuotientsRoundHalfAwayFromZero() {
        Type cents = Type.decimal(18, 2);
        assertThat(decimals(cents, Function.MULTIPLY, "0.05", "0.1")).isEqualTo(new BigDecimal("0.01"));
        assertThat(decimals(cents, Function.MULTIPLY, "-0.05", "0.1")).isEqualTo(new BigDecimal("-0.01"));
        assertThat(decimals(cents, Function.DIVIDE, "1", "3")).isEqualTo(new BigDecimal("0.33"));
        assertThat(decimals(cents, Function.DIVIDE, "-1", "8")).isEqualTo(new BigDecimal("-0.13"));
        assertThat(decimals(cents, Function.DIVIDE, "1", "-8")).isEqualTo(new BigDecimal("-0.13"));
        assertThat(decimals(cents, Function.DIVIDE, "1", "0.0")).isEqualTo(DIVISION_BY_ZERO);
        assertThat(decimals(cents, Function.MOD, "-5.5", "2")).isEqualTo(new BigDecimal("-1.50"));
        assertThat(decimals(cents, Function.MOD, "5.5", "0")).isEqualTo(DIVISION_BY_ZERO);
    }

    @Test
    void decimalsRoundToEitherSideOfThePoint() {
        Type t = Type.decimal(20, 2);
        assertThat(eval(call(t, Function.ROUND, decimal("-2.345"), integer(2)))).isEqualTo(new BigDecimal("-2.35"));
        assertThat(eval(call(t, Function.TRUNC, decimal("-2.345"), integer(2)))).isEqualTo(new BigDecimal("-2.34"));
        assertThat(eval(call(t, Function.ROUND, decimal("155"), integer(-1)))).isEqualTo(new BigDecimal("160.00"));
        assertThat(decimals(t, Function.FLOOR, "-2.1")).isEqualTo(new BigDecimal("-3.00"));
        assertThat(decimals(t, Function.CEIL, "2.1")).isEqualTo(new BigDecimal("3.00"));
        assertThat(decimals(t, Function.ROUND, "2.5")).isEqualTo(new BigDecimal("3.00"));
        assertThat(decimals(t, Function.ABS, "-2.5")).isEqualTo(new BigDecimal("2.50"));
        assertThat(decimals(t, Function.SIGN, "-2.5")).isEqualTo(new BigDecimal("-1.00"));
    }

    @Test
    void aDoubleThatIsNoNumberHasNoSign() {
        assertThat(Plans.eval(Plans.call(Type.DOUBLE, Function.SIGN, Plans.number(Double.NaN))))
                .isEqualTo(0.0);
        assertThat(Plans.eval(Plans.call(Type.DOUBLE, Function.SIGN, Plans.number(-0.0))))
                .isEqualTo(0.0);
    }

    @Test
    void aNegativeInfinityHasNoFractionalPower() {
        assertThat(doubles(Function.POWER, Double.NEGATIVE_INFINITY, 2.5)).isEqualTo(INVALID_ARGUMENT);
        assertThat(doubles(Function.POWER, Double.NEGATIVE_INFINITY, 2)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void doublesThatLeaveTheirRangeReject() {
        assertThat(doubles(Function.ADD, 1e308, 1e308)).isEqualTo(OVERFLOW);
        assertThat(doubles(Function.MULTIPLY, 1e200, 1e200)).isEqualTo(OVERFLOW);
        assertThat(doubles(Function.MULTIPLY, 1e-200, 1e-200)).isEqualTo(OVERFLOW);
        assertThat(doubles(Function.DIVIDE, 1e-200, 1e200)).isEqualTo(OVERFLOW);
        assertThat(doubles(Function.DIVIDE, 1, 0)).isEqualTo(DIVISION_BY_ZERO);
        assertThat(doubles(Function.ADD, Double.POSITIVE_INFINITY, 1)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(doubles(Function.MULTIPLY, 0, 5)).isEqualTo(0.0);
    }

    @Test
    void functionsRejectWhatTheyAreNotDefinedFor() {
        assertThat(doubles(Function.SQRT, -1)).isEqualTo(INVALID_ARGUMENT);
        assertThat(doubles(Function.LN, 0)).isEqualTo(INVALID_ARGUMENT);
        assertThat(doubles(Function.POWER, 0, -1)).isEqualTo(INVALID_ARGUMENT);
        assertThat(doubles(Function.POWER, -8, 0.5)).isEqualTo(INVALID_ARGUMENT);
        assertThat(doubles(Function.EXP, 1000)).isEqualTo(OVERFLOW);
        assertThat(doubles(Function.POWER, 10, 400)).isEqualTo(OVERFLOW);
        assertThat(doubles(Function.POWER, 2, 10)).isEqualTo(1024.0);
        assertThat(doubles(Function.SQRT, 2)).isEqualTo(Math.sqrt(2));
    }

    @Test
    void doublesRoundHalfToEvenUnlessDigitsAreGiven() {
        assertThat(doubles(Function.ROUND, 2.5)).isEqualTo(2.0);
        assertThat(doubles(Function.ROUND, 3.5)).isEqualTo(4.0);
        assertThat(doubles(Function.TRUNC, -2.7)).isEqualTo(-2.0);
        assertThat(eval(call(Type.DOUBLE, Function.ROUND, number(2.345), integer(2))))
                .isEqualTo(2.35);
    }

    @Test
    void aNullOperandMakesNull() {
        assertThat(eval(call(Type.BIGINT, Function.ADD, bigint(null), bigint(1L))))
                .isNull();
        assertThat(eval(call(Type.BIGINT, Function.DIVIDE, bigint(null), bigint(0L))))
                .isNull();
    }
}
