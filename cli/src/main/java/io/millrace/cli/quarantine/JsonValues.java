package io.millrace.cli.quarantine;

import io.millrace.api.Column;
import io.millrace.api.Type;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Values of SQL as JSON: numbers with all their digits, dates and times as ISO 8601 has them. */
final class JsonValues {

    private static final int MICROS = 1_000_000;

    private JsonValues() {}

    /** Empty for a number that JSON has not: NaN or an infinity. */
    static Optional<JsonValue> of(Column column, int row) {
        if (column.isNull(row)) {
            return Optional.of(JsonValue.NULL);
        }
        return switch (column) {
            case Column.Longs longs -> Optional.of(of(longs.type(), longs.values()[row]));
            case Column.Wides wides ->
                Optional.of(Json.createValue(new BigDecimal(wides.unscaled(row), scale(wides.type()))));
            case Column.Doubles doubles -> {
                double value = doubles.values()[row];
                yield Double.isFinite(value) ? Optional.of(Json.createValue(value)) : Optional.empty();
            }
            case Column.Texts texts ->
                Optional.of(
                        texts.type().equals(Type.JSON)
                                ? parsed(texts.string(row))
                                : Json.createValue(texts.string(row)));
            case Column.Arrays arrays -> {
                JsonArrayBuilder array = Json.createArrayBuilder();
                boolean whole = true;
                for (int i = arrays.offsets()[row]; i < arrays.offsets()[row + 1]; i++) {
                    Optional<JsonValue> element = of(arrays.elements(), i);
                    whole &= element.isPresent();
                    element.ifPresent(array::add);
                }
                yield whole ? Optional.of(array.build()) : Optional.empty();
            }
        };
    }

    private static JsonValue of(Type type, long value) {
        if (type instanceof Type.Decimal decimal) {
            return Json.createValue(BigDecimal.valueOf(value, decimal.scale()));
        } else if (type.equals(Type.BOOLEAN)) {
            return value != 0 ? JsonValue.TRUE : JsonValue.FALSE;
        } else if (type.equals(Type.DATE)) {
            return Json.createValue(LocalDate.ofEpochDay(value).toString());
        } else if (type.equals(Type.TIMESTAMP)) {
            Instant instant = instant(value);
            return Json.createValue(
                    LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString());
        } else if (type.equals(Type.TIMESTAMP_TZ)) {
            return Json.createValue(instant(value).toString());
        }
        return Json.createValue(value);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000L);
    }

    private static int scale(Type type) {
        return type instanceof Type.Decimal decimal ? decimal.scale() : 0;
    }

    private static JsonValue parsed(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readValue();
        }
    }
}
