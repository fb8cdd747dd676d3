package io.millrace.connectors.postgres;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Schema;
import io.millrace.api.TableShape;
import io.millrace.api.Type;
import io.millrace.api.Wide;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batches from plain objects: {@link Boolean} for BOOLEAN; {@link Number} for whole numbers, dates, times and unscaled
 * decimals ({@link BigInteger} where they are wide); {@link Double}; {@link String} or {@code byte[]} for text and
 * JSON; {@link List} for arrays.
 */
final class Rows {

    private Rows() {}

    static Batch batch(TableShape shape, List<? extends @Nullable Object>... rows) {
        return batch(shape, List.of(rows));
    }

    static Batch batch(TableShape shape, List<? extends List<? extends @Nullable Object>> rows) {
        Schema schema = shape.schema();
        Column[] columns = new Column[schema.size()];
        for (int i = 0; i < columns.length; i++) {
            List<@Nullable Object> values = new ArrayList<>();
            for (List<? extends @Nullable Object> row : rows) {
                values.add(row.get(i));
            }
            columns[i] = column(schema.fields().get(i).type(), values);
        }
        return new Batch(schema, columns, rows.size(), null);
    }

    static List<@Nullable Object> row(@Nullable Object... values) {
        return java.util.Arrays.asList(values);
    }

    private static Column column(Type type, List<@Nullable Object> values) {
        int size = values.size();
        boolean[] nulls = new boolean[size];
        boolean anyNull = false;
        for (int i = 0; i < size; i++) {
            nulls[i] = values.get(i) == null;
            anyNull |= nulls[i];
        }
        boolean @Nullable [] nullable = anyNull ? nulls : null;
        return switch (type) {
            case Type.Decimal decimal when !decimal.fitsLong() -> wides(type, values, nullable);
            case Type.Decimal decimal -> longs(type, values, nullable);
            case Type.Array(Type element) -> {
                List<@Nullable Object> elements = new ArrayList<>();
                int[] offsets = new int[size + 1];
                for (int i = 0; i < size; i++) {
                    if (values.get(i) instanceof List<?> list) {
                        elements.addAll(list);
                    }
                    offsets[i + 1] = elements.size();
                }
                yield new Column.Arrays(type, size, offsets, column(element, elements), nullable);
            }
            case Type.Simple simple ->
                switch (simple) {
                    case DOUBLE -> {
                        double[] doubles = new double[size];
                        for (int i = 0; i < size; i++) {
                            doubles[i] = values.get(i) instanceof Number n ? n.doubleValue() : Double.NaN;
                        }
                        yield new Column.Doubles(size, doubles, nullable);
                    }
                    case VARCHAR, JSON -> texts(type, values, nullable);
                    case BOOLEAN, INTEGER, BIGINT, DATE, TIMESTAMP, TIMESTAMP_TZ -> longs(type, values, nullable);
                };
        };
    }

    private static Column longs(Type type, List<@Nullable Object> values, boolean @Nullable [] nulls) {
        long[] longs = new long[values.size()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = switch (values.get(i)) {
                case Boolean b -> b ? 1 : 0;
                case Number n -> n.longValue();
                case null, default -> -1;
            };
        }
        return new Column.Longs(type, longs.length, longs, nulls);
    }

    private static Column wides(Type type, List<@Nullable Object> values, boolean @Nullable [] nulls) {
        long[] high = new long[values.size()];
        long[] low = new long[values.size()];
        for (int i = 0; i < high.length; i++) {
            Object value = values.get(i);
            BigInteger number = value instanceof BigInteger big
                    ? big
                    : value instanceof Number n ? BigInteger.valueOf(n.longValue()) : BigInteger.ONE;
            high[i] = Wide.high(number);
            low[i] = Wide.low(number);
        }
        return new Column.Wides(type, high.length, high, low, nulls);
    }

    private static Column texts(Type type, List<@Nullable Object> values, boolean @Nullable [] nulls) {
        java.io.ByteArrayOutputStream data = new java.io.ByteArrayOutputStream();
        int[] start = new int[values.size()];
        int[] length = new int[values.size()];
        for (int i = 0; i < start.length; i++) {
            byte[] bytes = switch (values.get(i)) {
                case String s -> s.getBytes(StandardCharsets.UTF_8);
                case byte[] b -> b;
                case null, default -> new byte[] {0};
            };
            start[i] = data.size();
            length[i] = bytes.length;
            data.writeBytes(bytes);
        }
        return new Column.Texts(type, start.length, data.toByteArray(), start, length, nulls);
    }
}
