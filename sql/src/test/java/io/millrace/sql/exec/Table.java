package io.millrace.sql.exec;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.api.Wide;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of plain values in and out of batches: Boolean, Long, BigDecimal, Double, String and List stand for the types as
 * in literals.
 */
final class Table {
    private final List<Type> types;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private final List<Integer> weights = new ArrayList<>();

    Table(Type... types) {
        this.types = List.of(types);
    }

    Table row(@Nullable Object... values) {
        return weighted(1, values);
    }

    Table weighted(int weight, @Nullable Object... values) {
        rows.add(Arrays.asList(values));
        weights.add(weight);
        return this;
    }

    Projection projection() {
        List<Projection.Field> fields = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            fields.add(new Projection.Field(List.of("c" + i), types.get(i), true, false));
        }
        return new Projection(fields);
    }

    Batch batch() {
        return batch(0, rows.size());
    }

    /** Some of the rows. */
    Batch batch(int from, int to) {
        Column[] columns = new Column[types.size()];
        for (int c = 0; c < columns.length; c++) {
            List<@Nullable Object> values = new ArrayList<>();
            for (List<@Nullable Object> row : rows.subList(from, to)) {
                values.add(row.get(c));
            }
            columns[c] = column(types.get(c), values);
        }
        boolean plain = weights.stream().allMatch(w -> w == 1);
        int[] w = plain
                ? null
                : weights.subList(from, to).stream().mapToInt(Integer::intValue).toArray();
        return new Batch(projection().schema(), columns, to - from, w);
    }

    static Column column(Type type, List<? extends @Nullable Object> values) {
        int n = values.size();
        boolean[] flags = new boolean[n];
        boolean any = false;
        for (int i = 0; i < n; i++) {
            flags[i] = values.get(i) == null;
            any |= flags[i];
        }
        boolean[] nulls = any ? flags : null;
        return switch (Vec.Kind.of(type)) {
            case LONG -> {
                long[] longs = new long[n];
                for (int i = 0; i < n; i++) {
                    longs[i] = asLong(values.get(i));
                }
                yield new Column.Longs(type, n, longs, nulls);
            }
            case WIDE -> {
                long[] high = new long[n];
                long[] low = new long[n];
                for (int i = 0; i < n; i++) {
                    if (values.get(i) instanceof BigDecimal d) {
                        BigInteger unscaled =
                                d.setScale(((Type.Decimal) type).scale()).unscaledValue();
                        high[i] = Wide.high(unscaled);
                        low[i] = Wide.low(unscaled);
                    }
                }
                yield new Column.Wides(type, n, high, low, nulls);
            }
            case DOUBLE -> {
                double[] doubles = new double[n];
                for (int i = 0; i < n; i++) {
                    doubles[i] = values.get(i) instanceof Double d ? d : 0;
                }
                yield new Column.Doubles(n, doubles, nulls);
            }
            case TEXT -> texts(type, values, nulls);
            case ARRAY -> {
                int[] offsets = new int[n + 1];
                List<@Nullable Object> elements = new ArrayList<>();
                for (int i = 0; i < n; i++) {
                    if (values.get(i) instanceof List<?> list) {
                        elements.addAll(list);
                    }
                    offsets[i + 1] = elements.size();
                }
                yield new Column.Arrays(type, n, offsets, column(((Type.Array) type).element(), elements), nulls);
            }
        };
    }

    private static long asLong(@Nullable Object value) {
        return switch (value) {
            case Boolean b -> b ? 1 : 0;
            case Long l -> l;
            case Integer i -> i;
            case BigDecimal d -> d.unscaledValue().longValueExact();
            case null -> 12345678987654321L;
            default -> throw new IllegalArgumentException(value.getClass().toString());
        };
    }

    private static Column texts(Type type, List<? extends @Nullable Object> values, boolean @Nullable [] nulls) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int n = values.size();
        int[] start = new int[n];
        int[] length = new int[n];
        for (int i = 0; i < n; i++) {
            if (values.get(i) instanceof String s) {
                byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
                start[i] = bytes.size();
                length[i] = utf8.length;
                bytes.writeBytes(utf8);
            } else {
                // What a null points to has no meaning; whoever reads it anyway shall fail.
                start[i] = Integer.MAX_VALUE / 2;
                length[i] = Integer.MAX_VALUE / 2;
            }
        }
        return new Column.Texts(type, n, bytes.toByteArray(), start, length, nulls);
    }

    int size() {
        return rows.size();
    }

    List<@Nullable Object> rowAt(int index) {
        return rows.get(index);
    }

    /** The rows of a batch as plain values. */
    static List<List<@Nullable Object>> rows(Batch batch) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int r = 0; r < batch.rows(); r++) {
            List<@Nullable Object> row = new ArrayList<>();
            for (Column column : batch.columns()) {
                row.add(value(column, r));
            }
            rows.add(row);
        }
        return rows;
    }

    static @Nullable Object value(Column column, int row) {
        if (column.isNull(row)) {
            return null;
        }
        return switch (column) {
            case Column.Longs c ->
                switch (c.type()) {
                    case Type.Decimal d -> BigDecimal.valueOf(c.values()[row], d.scale());
                    case Type.Simple s when s == Type.Simple.BOOLEAN -> c.values()[row] != 0;
                    case Type t -> c.values()[row];
                };
            case Column.Wides c -> new BigDecimal(c.unscaled(row), ((Type.Decimal) c.type()).scale());
            case Column.Doubles c -> c.values()[row];
            case Column.Texts c -> c.string(row);
            case Column.Arrays c -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = c.offsets()[row]; i < c.offsets()[row + 1]; i++) {
                    list.add(value(c.elements(), i));
                }
                yield list;
            }
        };
    }
}
