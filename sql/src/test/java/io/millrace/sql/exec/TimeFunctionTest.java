package io.millrace.sql.exec;

import static io.millrace.sql.exec.Plans.bigint;
import static io.millrace.sql.exec.Plans.call;
import static io.millrace.sql.exec.Plans.cast;
import static io.millrace.sql.exec.Plans.decimal;
import static io.millrace.sql.exec.Plans.eval;
import static io.millrace.sql.exec.Plans.number;
import static io.millrace.sql.exec.Plans.text;
import static io.millrace.sql.exec.TransformCode.INVALID_CAST;
import static io.millrace.sql.exec.TransformCode.OVERFLOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Functions of dates and times. */
class TimeFunctionTest {
    private static final Type FRACTION = Type.decimal(20, 6);

    private static Expr timestamp(String text) {
        return cast(text(text), Type.TIMESTAMP);
    }

    private static Expr instant(String text) {
        return cast(text(text), Type.TIMESTAMP_TZ);
    }

    private static Expr date(String text) {
        return cast(text(text), Type.DATE);
    }

    private static @Nullable Object extract(String unit, Expr value) {
        boolean fraction = unit.equals("SECOND") || unit.equals("EPOCH") || unit.equals("MILLISECOND");
        return eval(call(fraction ? FRACTION : Type.BIGINT, Function.EXTRACT, text(unit), value));
    }

    private static @Nullable Object truncated(String unit, Expr value) {
        return eval(cast(call(value.type(), Function.DATE_TRUNC, text(unit), value), Type.VARCHAR));
    }

    private static @Nullable Object plus(Type type, Expr value, long months, Duration time) {
        Expr sum = call(type, Function.ADD_INTERVAL, value, bigint(months), bigint(time.toNanos() / 1000));
        return eval(cast(sum, Type.VARCHAR));
    }

    @Test
    void extractTakesATimestampApart() {
        Expr t = timestamp("2026-02-01 13:45:56.789012");
        assertThat(extract("YEAR", t)).isEqualTo(2026L);
        assertThat(extract("QUARTER", t)).isEqualTo(1L);
        assertThat(extract("MONTH", t)).isEqualTo(2L);
        assertThat(extract("WEEK", t)).isEqualTo(5L);
        assertThat(extract("DAY", t)).isEqualTo(1L);
        assertThat(extract("HOUR", t)).isEqualTo(13L);
        assertThat(extract("MINUTE", t)).isEqualTo(45L);
        assertThat(extract("SECOND", t)).isEqualTo(new BigDecimal("56.789012"));
        assertThat(extract("MILLISECOND", t)).isEqualTo(new BigDecimal("56789.012000"));
        assertThat(extract("MICROSECOND", t)).isEqualTo(56_789_012L);
        assertThat(extract("DOW", t)).isEqualTo(0L);
        assertThat(extract("ISODOW", t)).isEqualTo(7L);
        assertThat(extract("DOY", t)).isEqualTo(32L);
        assertThat(extract("EPOCH", t)).isEqualTo(new BigDecimal("1769953556.789012"));
        assertThat(extract("ISOYEAR", date("2027-01-01"))).isEqualTo(2026L);
        assertThat(extract("YEAR", timestamp("0044-03-15 BC"))).isEqualTo(-44L);
        assertThat(extract("EPOCH", instant("1969-12-31 23:59:59.5Z"))).isEqualTo(new BigDecimal("-0.500000"));
    }

    @Test
    void truncationKeepsTheType() {
        Expr t = timestamp("2026-08-16 13:45:56.789012");
        assertThat(truncated("SECOND", t)).isEqualTo("2026-08-16 13:45:56");
        assertThat(truncated("HOUR", t)).isEqualTo("2026-08-16 13:00:00");
        assertThat(truncated("DAY", t)).isEqualTo("2026-08-16 00:00:00");
        assertThat(truncated("WEEK", t)).isEqualTo("2026-08-10 00:00:00");
        assertThat(truncated("QUARTER", t)).isEqualTo("2026-07-01 00:00:00");
        assertThat(truncated("YEAR", instant("2026-08-16 13:45:56Z"))).isEqualTo("2026-01-01 00:00:00+00");
        assertThat(truncated("MONTH", date("2026-08-16"))).isEqualTo("2026-08-01");
        assertThat(truncated("HOUR", timestamp("1969-12-31 23:59:59"))).isEqualTo("1969-12-31 23:00:00");
        assertThat(truncated("CENTURY", date("2000-12-31"))).isEqualTo("1901-01-01");
    }

    @Test
    void monthsEndAtTheMonthsEnd() {
        assertThat(plus(Type.DATE, date("2026-01-31"), 1, Duration.ZERO)).isEqualTo("2026-02-28");
        assertThat(plus(Type.DATE, date("2024-01-31"), 1, Duration.ZERO)).isEqualTo("2024-02-29");
        assertThat(plus(Type.DATE, date("2024-02-29"), -12, Duration.ZERO)).isEqualTo("2023-02-28");
        assertThat(plus(Type.TIMESTAMP, date("2026-01-31"), 0, Duration.ofMinutes(-1)))
                .isEqualTo("2026-01-30 23:59:00");
        assertThat(plus(Type.TIMESTAMP, timestamp("2026-01-31 10:00"), -2, Duration.ofHours(15)))
                .isEqualTo("2025-12-01 01:00:00");
        assertThat(plus(Type.TIMESTAMP, timestamp("294246-12-31"), 12, Duration.ZERO))
                .isEqualTo(OVERFLOW);
        assertThat(plus(Type.TIMESTAMP, timestamp("2000-01-01"), Long.MAX_VALUE, Duration.ZERO))
                .isEqualTo(OVERFLOW);
        Expr far = call(
                Type.TIMESTAMP, Function.ADD_INTERVAL, timestamp("2000-01-01"), bigint(0L), bigint(Long.MAX_VALUE));
        assertThat(eval(far)).isEqualTo(OVERFLOW);
    }

    @Test
    void datesDifferByDays() {
        assertThat(eval(call(Type.BIGINT, Function.DATE_DIFF_DAYS, date("2024-03-01"), date("2024-02-01"))))
                .isEqualTo(29L);
    }

    @Test
    void textIsParsedAndWrittenByPatterns() {
        Expr parsed = call(
                Type.TIMESTAMP, Function.PARSE_TIMESTAMP, text("dd/MMM/yyyy:HH:mm:ss"), text("31/Jan/2026:01:02:03"));
        assertThat(eval(cast(parsed, Type.VARCHAR))).isEqualTo("2026-01-31 01:02:03");
        Expr zoned = call(
                Type.TIMESTAMP, Function.PARSE_TIMESTAMP, text("yyyy-MM-dd HH:mm xx"), text("2026-01-31 01:00 +0200"));
        assertThat(eval(cast(zoned, Type.VARCHAR))).isEqualTo("2026-01-30 23:00:00");
        Expr day = call(Type.DATE, Function.PARSE_DATE, text("d.M.yyyy"), text("31.1.2026"));
        assertThat(eval(cast(day, Type.VARCHAR))).isEqualTo("2026-01-31");
        assertThat(eval(call(Type.DATE, Function.PARSE_DATE, text("d.M.yyyy"), text("gestern"))))
                .isEqualTo(INVALID_CAST);
        assertThat(eval(call(
                        Type.VARCHAR,
                        Function.FORMAT_TIMESTAMP,
                        text("EEE d MMM uuuu HH:mm"),
                        timestamp("2026-01-31 12:34"))))
                .isEqualTo("Sat 31 Jan 2026 12:34");
        assertThat(eval(call(Type.VARCHAR, Function.FORMAT_TIMESTAMP, text("uuuu/MM"), date("2026-01-31"))))
                .isEqualTo("2026/01");
    }

    @Test
    void secondsBecomeInstants() {
        assertThat(eval(cast(call(Type.TIMESTAMP_TZ, Function.TO_TIMESTAMP, number(1.5)), Type.VARCHAR)))
                .isEqualTo("1970-01-01 00:00:01.5+00");
        assertThat(eval(cast(
                        call(Type.TIMESTAMP_TZ, Function.TO_TIMESTAMP, decimal("1769953556.789012")), Type.VARCHAR)))
                .isEqualTo("2026-02-01 13:45:56.789012+00");
        assertThat(eval(call(Type.TIMESTAMP_TZ, Function.TO_TIMESTAMP, number(1e20))))
                .isEqualTo(OVERFLOW);
        assertThat(eval(call(Type.TIMESTAMP_TZ, Function.TO_TIMESTAMP, number(Double.NaN))))
                .isEqualTo(OVERFLOW);
    }

    @Test
    void zonesFollowTheirRules() {
        Expr summer = call(Type.TIMESTAMP, Function.AT_TIME_ZONE, instant("2026-07-01 12:00Z"), text("Europe/Paris"));
        assertThat(eval(cast(summer, Type.VARCHAR))).isEqualTo("2026-07-01 14:00:00");
        assertThat(local("2026-01-01 12:00")).isEqualTo("2026-01-01 11:00:00+00");
        // The clock jumps from 2 to 3, and goes from 3 back to 2.
        assertThat(local("2026-03-29 02:30")).isEqualTo("2026-03-29 01:30:00+00");
        assertThat(local("2026-10-25 02:30")).isEqualTo("2026-10-25 01:30:00+00");
    }

    private static @Nullable Object local(String text) {
        Expr instant = call(Type.TIMESTAMP_TZ, Function.AT_TIME_ZONE, timestamp(text), text("Europe/Paris"));
        return eval(cast(instant, Type.VARCHAR));
    }

    @Property
    void theCalendarIsThatOfJavaTime(@ForAll @IntRange(min = -1_000_000, max = 3_000_000) int day) {
        LocalDate expected = LocalDate.ofEpochDay(day);
        Calendar calendar = new Calendar();
        calendar.set(day);
        assertThat(LocalDate.of(calendar.year, calendar.month, calendar.day)).isEqualTo(expected);
        assertThat(Calendar.daysOf(calendar.year, calendar.month, calendar.day)).isEqualTo(day);
        assertThat(Calendar.isoDayOfWeek(day)).isEqualTo(expected.getDayOfWeek().getValue());
        assertThat(Calendar.isoWeek(day)).isEqualTo(expected.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
        assertThat(Calendar.isoYear(day)).isEqualTo(expected.get(IsoFields.WEEK_BASED_YEAR));
        assertThat(calendar.dayOfYear()).isEqualTo(expected.getDayOfYear());
        assertThat(new Calendar().plusMonths(day, day % 1000))
                .isEqualTo(expected.plusMonths(day % 1000).toEpochDay());
    }
}
