package io.millrace.sql.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Type;
import io.millrace.api.Wide;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Exact arithmetic is that of BigDecimal, within the digits of its type. */
class DecimalPropertyTest {

    /** A value of a DECIMAL type. */
    record Value(Type.Decimal type, BigDecimal value) {
        Expr literal() {
            return new Expr.Literal(type, value);
        }
    }

    @Provide
    Arbitrary<Type.Decimal> types() {
        return Arbitraries.integers()
                .between(1, 38)
                .flatMap(p -> Arbitraries.integers().between(0, p).map(s -> new Type.Decimal(p, s)));
    }

    @Provide
    Arbitrary<Value> numbers() {
        return types().flatMap(type -> {
            BigInteger most = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
            return Arbitraries.bigIntegers()
                    .between(most.negate(), most)
                    .map(unscaled -> new Value(type, new BigDecimal(unscaled, type.scale())));
        });
    }

    private static void check(Function function, Value a, Value b, Type.Decimal type, BigDecimal exact) {
        BigDecimal rounded = exact.setScale(type.scale(), RoundingMode.HALF_UP);
        Object expected =
                rounded.precision() <= type.precision() || rounded.signum() == 0 ? rounded : TransformCode.OVERFLOW;
        assertThat(Plans.eval(Plans.call(type, function, a.literal(), b.literal())))
                .isEqualTo(expected);
    }

    @Property
    void sums(@ForAll("numbers") Value a, @ForAll("numbers") Value b, @ForAll("types") Type.Decimal type) {
        check(Function.ADD, a, b, type, a.value.add(b.value));
        check(Function.SUBTRACT, a, b, type, a.value.subtract(b.value));
    }

    @Property
    void products(@ForAll("numbers") Value a, @ForAll("numbers") Value b, @ForAll("types") Type.Decimal type) {
        check(Function.MULTIPLY, a, b, type, a.value.multiply(b.value));
    }

    @Property
    void quotients(@ForAll("numbers") Value a, @ForAll("numbers") Value b, @ForAll("types") Type.Decimal type) {
        if (b.value.signum() == 0) {
            assertThat(Plans.eval(Plans.call(type, Function.DIVIDE, a.literal(), b.literal())))
                    .isEqualTo(TransformCode.DIVISION_BY_ZERO);
        } else {
            check(Function.DIVIDE, a, b, type, a.value.divide(b.value, type.scale(), RoundingMode.HALF_UP));
            check(Function.MOD, a, b, type, a.value.remainder(b.value));
        }
    }

    @Property
    void order(@ForAll("numbers") Value a, @ForAll("numbers") Value b) {
        Expr less = Plans.call(Type.BOOLEAN, Function.LT, a.literal(), b.literal());
        assertThat(Plans.eval(less)).isEqualTo(a.value.compareTo(b.value) < 0);
    }

    @Property
    void rescaling(@ForAll("numbers") Value a, @ForAll("types") Type.Decimal type) {
        BigDecimal rounded = a.value.setScale(type.scale(), RoundingMode.HALF_UP);
        Object expected =
                rounded.precision() <= type.precision() || rounded.signum() == 0 ? rounded : TransformCode.OVERFLOW;
        assertThat(Plans.eval(Plans.cast(a.literal(), type))).isEqualTo(expected);
    }

    @Property
    void textAndBack(@ForAll("numbers") Value a) {
        Expr text = Plans.cast(a.literal(), Type.VARCHAR);
        assertThat(Plans.eval(text)).isEqualTo(a.value.toPlainString());
        assertThat(Plans.eval(Plans.cast(text, a.type))).isEqualTo(a.value);
    }

    @Property
    void doublesToTextAndBack(@ForAll long bits) {
        double value = Double.longBitsToDouble(bits);
        Expr text = Plans.cast(Plans.number(value), Type.VARCHAR);
        Object back = Plans.eval(Plans.cast(text, Type.DOUBLE));
        assertThat(back).isEqualTo(Double.isNaN(value) ? (Object) Double.NaN : value);
    }

    @Property
    void doublesOfDecimalsAreTheNearest(@ForAll("numbers") Value a) {
        assertThat(Plans.eval(Plans.cast(a.literal(), Type.DOUBLE))).isEqualTo(a.value.doubleValue() + 0.0);
    }

    @Property
    void integersToTextAndBack(@ForAll long value) {
        Expr text = Plans.cast(Plans.bigint(value), Type.VARCHAR);
        assertThat(Plans.eval(text)).isEqualTo(Long.toString(value));
        assertThat(Plans.eval(Plans.cast(text, Type.BIGINT))).isEqualTo(value);
    }

    @Property
    void wideNumbersAddScaleAndCompareAsBigIntegersDo(
            @ForAll long aHigh, @ForAll long aLow, @ForAll long bHigh, @ForAll long bLow) {
        BigInteger a = Wide.toBigInteger(aHigh, aLow);
        BigInteger b = Wide.toBigInteger(bHigh, bLow);
        Int128 x = new Int128();
        x.set(aHigh, aLow);
        assertThat(x.toBigInteger()).isEqualTo(a);
        boolean fits = x.add(bHigh, bLow);
        assertThat(fits).isEqualTo(Wide.fits(a.add(b)));
        if (fits) {
            assertThat(x.toBigInteger()).isEqualTo(a.add(b));
        }
        x.set(aHigh, aLow);
        Int128 y = new Int128();
        y.set(bHigh, bLow);
        assertThat(Integer.signum(x.compareTo(y))).isEqualTo(a.compareTo(b));
        int digits = (int) Math.floorMod(bLow, 39L);
        x.set(aHigh >> Math.floorMod(bHigh, 63), aLow);
        BigInteger scaled = x.toBigInteger().multiply(BigInteger.TEN.pow(digits));
        if (x.scaleUp(digits)) {
            assertThat(x.toBigInteger()).isEqualTo(scaled);
        } else {
            assertThat(scaled.abs().bitLength()).isGreaterThanOrEqualTo(127);
        }
    }
}
