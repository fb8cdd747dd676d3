package io.millrace.engine.run;

import io.millrace.api.Column;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Values of rows as text, for people and as literals that a database reads. Not for the hot path. */
final class ValueText {

    private ValueText() {}

    /** A value; null for null. */
    static @Nullable String of(Column column, int row) {
        if (column.isNull(row)) {
            return null;
        }
        return switch (column) {
            case Column.Longs longs -> number(longs.type(), longs.values()[row]);
            case Column.Wides wides -> new BigDecimal(wides.unscaled(row), scale(wides.type())).toPlainString();
            case Column.Doubles doubles -> Double.toString(doubles.values()[row]);
            case Column.Texts texts -> texts.string(row);
            case Column.Arrays arrays -> array(arrays, row);
        };
    }

    private static String number(Type type, long value) {
        return switch (type) {
            case Type.Decimal decimal -> new BigDecimal(BigInteger.valueOf(value), decimal.scale()).toPlainString();
            case Type.Simple simple when simple == Type.Simple.BOOLEAN -> Boolean.toString(value != 0);
            case Type.Simple simple
            when simple == Type.Simple.DATE -> LocalDate.ofEpochDay(value).toString();
            case Type.Simple simple
            when simple == Type.Simple.TIMESTAMP ->
                LocalDateTime.ofInstant(instant(value), ZoneOffset.UTC).toString();
            case Type.Simple simple
            when simple == Type.Simple.TIMESTAMP_TZ -> instant(value).toString();
            default -> Long.toString(value);
        };
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static int scale(Type type) {
        return type instanceof Type.Decimal decimal ? decimal.scale() : 0;
    }

    private static String array(Column.Arrays arrays, int row) {
        StringBuilder text = new StringBuilder("{");
        for (int i = arrays.offsets()[row]; i < arrays.offsets()[row + 1]; i++) {
            text.append(text.length() > 1 ? "," : "").append(of(arrays.elements(), i));
        }
        return text.append('}').toString();
    }
}
