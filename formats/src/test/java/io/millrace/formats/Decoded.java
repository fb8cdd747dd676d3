package io.millrace.formats;

import io.millrace.api.Column;
import io.millrace.api.Projection;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that a decoder makes of an input, as plain values to compare. */
record Decoded(
        List<List<@Nullable Object>> rows, List<String> records, List<Bad> malformed, int consumed, boolean torn) {

    /** A record that was rejected. */
    record Bad(int start, int end, String code, @Nullable String field, String message) {}

    static Decoded of(Format format, Projection projection, String input) {
        return of(format, projection, input.getBytes(StandardCharsets.UTF_8));
    }

    /** Decodes the input in one piece, header and all. */
    static Decoded of(Format format, Projection projection, byte[] input) {
        int header = format.headerLength(input, input.length, true);
        return of(format.decoder(projection, Arrays.copyOf(input, header)), input, header);
    }

    /** Decodes the rest of an input in one piece, call by call. */
    static Decoded of(Decoder decoder, byte[] input, int from) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        List<String> records = new ArrayList<>();
        List<Bad> malformed = new ArrayList<>();
        int p = from;
        while (true) {
            int next = decoder.decode(input, p, input.length, true);
            add(decoder, input, 0, rows, records, malformed);
            if (next == p) {
                return new Decoded(rows, records, malformed, p, decoder.torn());
            }
            p = next;
        }
    }

    /** Adds what the last call gave; places are counted from {@code base}. */
    static void add(
            Decoder decoder,
            byte[] buffer,
            int base,
            List<List<@Nullable Object>> rows,
            List<String> records,
            List<Bad> malformed) {
        for (int row = 0; row < decoder.batch().rows(); row++) {
            List<@Nullable Object> values = new ArrayList<>();
            for (Column column : decoder.batch().columns()) {
                values.add(value(column, row));
            }
            rows.add(values);
            records.add(new String(
                    buffer, decoder.start(row), decoder.end(row) - decoder.start(row), StandardCharsets.UTF_8));
        }
        for (Decoder.Malformed bad : decoder.malformed()) {
            malformed.add(new Bad(bad.start() + base, bad.end() + base, bad.code(), bad.field(), bad.message()));
        }
    }

    static @Nullable Object value(Column column, int row) {
        if (column.isNull(row)) {
            return null;
        }
        return switch (column) {
            case Column.Longs longs ->
                switch (longs.type()) {
                    case Type.Decimal d -> BigDecimal.valueOf(longs.values()[row], d.scale());
                    case Type.Simple.BOOLEAN -> longs.values()[row] == 1;
                    default -> longs.values()[row];
                };
            case Column.Wides wides -> {
                BigInteger unscaled = wides.unscaled(row);
                yield new BigDecimal(unscaled, ((Type.Decimal) wides.type()).scale());
            }
            case Column.Doubles doubles -> doubles.values()[row];
            case Column.Texts texts -> texts.string(row);
            case Column.Arrays arrays -> {
                List<@Nullable Object> elements = new ArrayList<>();
                for (int i = arrays.offsets()[row]; i < arrays.offsets()[row + 1]; i++) {
                    elements.add(value(arrays.elements(), i));
                }
                yield elements;
            }
        };
    }

    /** A nullable, strict field. */
    static Projection.Field field(String path, Type type) {
        return new Projection.Field(List.of(path.split("\\.")), type, true, false);
    }

    static Projection.Field lenient(String path, Type type) {
        return new Projection.Field(List.of(path.split("\\.")), type, true, true);
    }

    static Projection.Field required(String path, Type type) {
        return new Projection.Field(List.of(path.split("\\.")), type, false, false);
    }

    static Projection projection(Projection.Field... fields) {
        return new Projection(List.of(fields));
    }
}
