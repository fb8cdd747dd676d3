package io.millrace.sql.exec;

import static io.millrace.sql.exec.Plans.bigint;
import static io.millrace.sql.exec.Plans.bool;
import static io.millrace.sql.exec.Plans.cast;
import static io.millrace.sql.exec.Plans.decimal;
import static io.millrace.sql.exec.Plans.eval;
import static io.millrace.sql.exec.Plans.number;
import static io.millrace.sql.exec.Plans.text;
import static io.millrace.sql.exec.Plans.tryCast;
import static io.millrace.sql.exec.TransformCode.INVALID_CAST;
import static io.millrace.sql.exec.TransformCode.OVERFLOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Conversions, as PostgreSQL makes them. */
class CastTest {

    private static @Nullable Object read(String text, Type type) {
        return eval(cast(text(text), type));
    }

    private static @Nullable Object written(Expr expr) {
        return eval(cast(expr, Type.VARCHAR));
    }

    @Test
    void integersAreReadWithSpaceAroundThem() {
        assertThat(read(" \t42\n", Type.INTEGER)).isEqualTo(42L);
        assertThat(read("+7", Type.BIGINT)).isEqualTo(7L);
        assertThat(read("-9223372036854775808", Type.BIGINT)).isEqualTo(Long.MIN_VALUE);
        assertThat(read("9223372036854775808", Type.BIGINT)).isEqualTo(OVERFLOW);
        assertThat(read("2147483648", Type.INTEGER)).isEqualTo(OVERFLOW);
        for (String bad : new String[] {"", " ", "1.0", "1e3", "abc", "- 3", "1 2", "0x1F", "1_000"}) {
            assertThat(read(bad, Type.BIGINT)).as(bad).isEqualTo(INVALID_CAST);
        }
    }

    @Test
    void decimalsAreReadExactlyAndRoundedHalfAwayFromZero() {
        Type t = Type.decimal(10, 2);
        assertThat(read("2.345", t)).isEqualTo(new BigDecimal("2.35"));
        assertThat(read("-2.345", t)).isEqualTo(new BigDecimal("-2.35"));
        assertThat(read(".5", t)).isEqualTo(new BigDecimal("0.50"));
        assertThat(read("5.", t)).isEqualTo(new BigDecimal("5.00"));
        assertThat(read("1.5e3", t)).isEqualTo(new BigDecimal("1500.00"));
        assertThat(read("15E-3", t)).isEqualTo(new BigDecimal("0.02"));
        assertThat(read("1e-999999999", t)).isEqualTo(new BigDecimal("0.00"));
        assertThat(read("1e999999999", t)).isEqualTo(OVERFLOW);
        assertThat(read("100000000", t)).isEqualTo(OVERFLOW);
        assertThat(read("NaN", t)).isEqualTo(OVERFLOW);
        assertThat(read("0.00000000000000000000000000000000000001", Type.decimal(38, 38)))
                .isEqualTo(new BigDecimal("1E-38"));
        for (String bad : new String[] {"", ".", "e5", "1e", "1.2.3", "1,5", "--1"}) {
            assertThat(read(bad, t)).as(bad).isEqualTo(INVALID_CAST);
        }
    }

    @Test
    void doublesAreReadCorrectlyRounded() {
        assertThat(read("0.1", Type.DOUBLE)).isEqualTo(0.1);
        assertThat(read("123456789012345678901234567890", Type.DOUBLE)).isEqualTo(1.2345678901234568e29);
        assertThat(read("-inf", Type.DOUBLE)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(read("nan", Type.DOUBLE)).isEqualTo(Double.NaN);
        assertThat(read("1e400", Type.DOUBLE)).isEqualTo(OVERFLOW);
        assertThat(read("1e-400", Type.DOUBLE)).isEqualTo(OVERFLOW);
        assertThat(read("0e-400", Type.DOUBLE)).isEqualTo(0.0);
        assertThat(read("1d", Type.DOUBLE)).isEqualTo(INVALID_CAST);
        assertThat(read("0x1p3", Type.DOUBLE)).isEqualTo(INVALID_CAST);
    }

    @Test
    void doublesAreWrittenInTheirShortestForm() {
        Map<Double, String> forms = Map.ofEntries(
                Map.entry(3.0, "3"),
                Map.entry(-0.0, "-0"),
                Map.entry(0.1, "0.1"),
                Map.entry(1e20, "1e+20"),
                Map.entry(0.0001, "0.0001"),
                Map.entry(1e-5, "1e-05"),
                Map.entry(1e14, "100000000000000"),
                Map.entry(1e15, "1e+15"),
                Map.entry(123456.789, "123456.789"),
                Map.entry(1.5e-7, "1.5e-07"),
                Map.entry(Double.MIN_VALUE, "5e-324"),
                Map.entry(2 * Double.MIN_VALUE, "1e-323"),
                Map.entry(Double.MAX_VALUE, "1.7976931348623157e+308"),
                // Halfway between two doubles with 16 digits: PostgreSQL writes one more.
                Map.entry(2147483647.5 * 2147483647.5, "4.6116860162799043e+18"),
                Map.entry(Double.NaN, "NaN"),
                Map.entry(Double.NEGATIVE_INFINITY, "-Infinity"));
        forms.forEach((value, form) -> assertThat(written(number(value))).isEqualTo(form));
    }

    @Test
    void numbersAreWrittenInFull() {
        assertThat(written(bigint(Long.MIN_VALUE))).isEqualTo("-9223372036854775808");
        assertThat(written(bigint(0L))).isEqualTo("0");
        assertThat(written(decimal("-0.050"))).isEqualTo("-0.050");
        assertThat(written(decimal("123456789012345678901234567890.10")))
                .isEqualTo("123456789012345678901234567890.10");
        assertThat(written(decimal(38, 38, "-0.00000000000000000000000000000000000001")))
                .isEqualTo("-0.00000000000000000000000000000000000001");
        assertThat(written(bool(true))).isEqualTo("true");
        assertThat(written(bool(false))).isEqualTo("false");
    }

    @Test
    void numbersRoundOnTheirWayToIntegers() {
        assertThat(eval(cast(decimal("2.5"), Type.INTEGER))).isEqualTo(3L);
        assertThat(eval(cast(decimal("-2.5"), Type.INTEGER))).isEqualTo(-3L);
        assertThat(eval(cast(number(2.5), Type.INTEGER))).isEqualTo(2L);
        assertThat(eval(cast(number(3.5), Type.INTEGER))).isEqualTo(4L);
        assertThat(eval(cast(number(2147483647.5), Type.INTEGER))).isEqualTo(OVERFLOW);
        assertThat(eval(cast(number(Double.NaN), Type.BIGINT))).isEqualTo(OVERFLOW);
        assertThat(eval(cast(number(0x1p63), Type.BIGINT))).isEqualTo(OVERFLOW);
        assertThat(eval(cast(bigint(3_000_000_000L), Type.INTEGER))).isEqualTo(OVERFLOW);
    }

    @Test
    void doublesBecomeDecimalsByFifteenDigits() {
        assertThat(eval(cast(number(0.1 + 0.2), Type.decimal(20, 17))))
                .isEqualTo(new BigDecimal("0.30000000000000000"));
        assertThat(eval(cast(number(1234567890.125), Type.decimal(12, 2)))).isEqualTo(new BigDecimal("1234567890.13"));
        assertThat(eval(cast(number(Double.POSITIVE_INFINITY), Type.decimal(12, 2))))
                .isEqualTo(OVERFLOW);
    }

    @Test
    void booleansAreReadFromAnyClearBeginning() {
        for (String yes : new String[] {"t", "tr", "TRUE", " yes ", "y", "on", "1"}) {
            assertThat(read(yes, Type.BOOLEAN)).as(yes).isEqualTo(true);
        }
        for (String no : new String[] {"f", "False", "no", "n", "off", "of", "0"}) {
            assertThat(read(no, Type.BOOLEAN)).as(no).isEqualTo(false);
        }
        for (String bad : new String[] {"", "o", "2", "truely", "oui"}) {
            assertThat(read(bad, Type.BOOLEAN)).as(bad).isEqualTo(INVALID_CAST);
        }
    }

    @Test
    void tryCastMakesNullOfWhatCannotBeConverted() {
        assertThat(eval(tryCast(text("x"), Type.INTEGER))).isNull();
        assertThat(eval(tryCast(text("99999999999"), Type.INTEGER))).isNull();
        assertThat(eval(tryCast(text("12"), Type.INTEGER))).isEqualTo(12L);
        assertThat(eval(tryCast(text("2026-02-30"), Type.DATE))).isNull();
        assertThat(eval(tryCast(decimal("1000"), Type.decimal(2, 0)))).isNull();
        // What fails before the conversion still fails.
        Expr broken = Plans.call(Type.BIGINT, Function.DIVIDE, bigint(1L), bigint(0L));
        assertThat(eval(tryCast(broken, Type.INTEGER))).isEqualTo(TransformCode.DIVISION_BY_ZERO);
    }

    @Test
    void datesAndTimesAreReadInIsoForms() {
        Map<String, String> forms = Map.ofEntries(
                Map.entry("2026-01-31", "2026-01-31 00:00:00"),
                Map.entry(" 2026-01-31 12:34 ", "2026-01-31 12:34:00"),
                Map.entry("2026-01-31T12:34:56.789", "2026-01-31 12:34:56.789"),
                Map.entry("2026-01-31 12:34:56.1234565", "2026-01-31 12:34:56.123456"),
                Map.entry("2026-01-31 24:00:00", "2026-02-01 00:00:00"),
                Map.entry("2026-01-31 23:59:60", "2026-02-01 00:00:00"),
                Map.entry("2026-01-31 12:34:56+05:30", "2026-01-31 12:34:56"),
                Map.entry("0044-03-15 BC", "0044-03-15 00:00:00 BC"));
        forms.forEach((form, meaning) -> assertThat(eval(cast(cast(text(form), Type.TIMESTAMP), Type.VARCHAR)))
                .as(form)
                .isEqualTo(meaning));
        assertThat(eval(cast(cast(text("2026-01-31 12:34:56+05:30"), Type.TIMESTAMP_TZ), Type.VARCHAR)))
                .isEqualTo("2026-01-31 07:04:56+00");
        assertThat(eval(cast(cast(text("2026-01-31T12:34:56Z"), Type.TIMESTAMP_TZ), Type.VARCHAR)))
                .isEqualTo("2026-01-31 12:34:56+00");
        assertThat(eval(cast(cast(text("2024-02-29 12:00"), Type.DATE), Type.VARCHAR)))
                .isEqualTo("2024-02-29");
    }

    @Test
    void whatIsNoDateRejects() {
        for (String bad : new String[] {"", "today", "infinity", "31.01.2026", "2026-01", "2026-01-31x"}) {
            assertThat(read(bad, Type.DATE)).as(bad).isEqualTo(INVALID_CAST);
        }
        for (String bad :
                new String[] {"2026-02-29", "2026-13-01", "0000-01-01", "2026-01-31 25:00", "9999999-01-01"}) {
            assertThat(read(bad, Type.DATE)).as(bad).isEqualTo(OVERFLOW);
        }
    }

    @Test
    void timesConvertIntoEachOtherInUtc() {
        Expr day = cast(text("2026-01-31"), Type.DATE);
        assertThat(written(cast(day, Type.TIMESTAMP))).isEqualTo("2026-01-31 00:00:00");
        assertThat(written(cast(day, Type.TIMESTAMP_TZ))).isEqualTo("2026-01-31 00:00:00+00");
        Expr before1970 = cast(text("1969-12-31 23:00:00"), Type.TIMESTAMP);
        assertThat(written(cast(before1970, Type.DATE))).isEqualTo("1969-12-31");
    }

    @Test
    void jsonIsCheckedOnTheWayIn() {
        assertThat(read("{\"a\": [1, 2.5e3, \"\\u00e9\", null]}", Type.JSON))
                .isEqualTo("{\"a\": [1, 2.5e3, \"\\u00e9\", null]}");
        for (String bad : new String[] {"", "{", "{a:1}", "[1,]", "01", "1.", "\"\\x\"", "\"\\ud800\"", "nul", "1 2"}) {
            assertThat(read(bad, Type.JSON)).as(bad).isEqualTo(INVALID_CAST);
        }
        assertThat(eval(cast(cast(text("\"12\""), Type.JSON), Type.BIGINT))).isEqualTo(12L);
        assertThat(eval(cast(cast(text("[1]"), Type.JSON), Type.VARCHAR))).isEqualTo("[1]");
    }
}
