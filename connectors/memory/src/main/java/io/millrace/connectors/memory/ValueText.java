package io.millrace.connectors.memory;

import io.millrace.api.Type;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values as PostgreSQL writes them as text, in the time zone UTC. */
final class ValueText {

    private static final int MICROS = 1_000_000;
    private static final int LEAST_EXPONENT = -4;
    private static final int END_EXPONENT = 15;

    private ValueText() {}

    static @Nullable String of(Type type, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Boolean truth -> truth.toString();
            case BigDecimal number -> number.toPlainString();
            case Double number -> number(number);
            case String text -> text;
            case List<?> list
            when type instanceof Type.Array(Type element) ->
                list.stream().map(item -> quoted(of(element, item))).collect(Collectors.joining(",", "{", "}"));
            case Long number ->
                switch (type) {
                    case Type.Simple simple when simple == Type.Simple.DATE -> dated(LocalDate.ofEpochDay(number), "");
                    case Type.Simple simple when simple == Type.Simple.TIMESTAMP -> time(number, "");
                    case Type.Simple simple when simple == Type.Simple.TIMESTAMP_TZ -> time(number, "+00");
                    default -> number.toString();
                };
            case Object other -> throw new IllegalStateException(other.getClass() + " is no " + type.sql());
        };
    }

    private static String time(long micros, String zone) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000, ZoneOffset.UTC);
        String fraction = "." + "%06d".formatted(Math.floorMod(micros, MICROS));
        return dated(
                time.toLocalDate(),
                " %02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond())
                        + fraction.replaceFirst("\\.?0+$", "")
                        + zone);
    }

    private static String dated(LocalDate date, String time) {
        boolean before = date.getYear() <= 0;
        return "%04d-%02d-%02d"
                        .formatted(
                                before ? 1 - date.getYear() : date.getYear(),
                                date.getMonthValue(),
                                date.getDayOfMonth())
                + time
                + (before ? " BC" : "");
    }

    /** The fewest digits that tell the number from all others. */
    private static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        } else if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= LEAST_EXPONENT && exponent < END_EXPONENT) {
            return digits.toPlainString();
        }
        String mantissa = digits.scaleByPowerOfTen(-exponent).toPlainString();
        return mantissa + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    private static String quoted(@Nullable String element) {
        if (element == null) {
            return "NULL";
        }
        boolean plain = !element.isEmpty()
                && !element.equalsIgnoreCase("NULL")
                && element.chars().noneMatch(c -> "{}\",\\ \t\n\r\f\u000B".indexOf(c) >= 0);
        return plain ? element : '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
