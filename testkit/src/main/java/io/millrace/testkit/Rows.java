package io.millrace.testkit;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Schema;
import io.millrace.api.Type;
import io.millrace.api.Wide;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches from values written out row by row, for tests. */
public final class Rows {

    private Rows() {}

    /**
     * A batch of weight +1 each.
     *
     * @param rows values in the order of the schema: {@link Boolean}, {@link Number} (DATE in days, times in
     *     microseconds), {@link BigDecimal}, {@link String}, {@link List} for arrays, or null
     */
    public static Batch of(Schema schema, List<? extends @Nullable Object>... rows) {
        Column[] columns = new Column[schema.size()];
        for (int c = 0; c < columns.length; c++) {
            @Nullable Object[] values = new @Nullable Object[rows.length];
            for (int r = 0; r < rows.length; r++) {
                values[r] = rows[r].get(c);
            }
            columns[c] = column(schema.fields().get(c).type(), values);
        }
        return new Batch(schema, columns, rows.length, null);
    }

    /** One column of the given values. */
    public static Column column(Type type, @Nullable Object... values) {
        int n = values.length;
        boolean[] nulls = new boolean[n];
        for (int i = 0; i < n; i++) {
            nulls[i] = values[i] == null;
        }
        return switch (type) {
            case Type.Simple simple ->
                switch (simple) {
                    case BOOLEAN, INTEGER, BIGINT, DATE, TIMESTAMP, TIMESTAMP_TZ -> longs(type, values, nulls);
                    case DOUBLE -> doubles(values, nulls);
                    case VARCHAR, JSON -> texts(type, values, nulls);
                };
            case Type.Decimal decimal ->
                decimal.fitsLong() ? longs(type, values, nulls) : wides(decimal, values, nulls);
            case Type.Array array -> arrays(array, values, nulls);
        };
    }

    private static Column longs(Type type, @Nullable Object[] values, boolean[] nulls) {
        long[] longs = new long[values.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = switch (values[i]) {
                case null -> 0;
                case Boolean b -> b ? 1 : 0;
                case BigDecimal d
                when type instanceof Type.Decimal decimal ->
                    d.setScale(decimal.scale()).unscaledValue().longValueExact();
                case Number number -> number.longValue();
                case Object other -> throw new IllegalArgumentException(type.sql() + " from " + other.getClass());
            };
        }
        return new Column.Longs(type, longs.length, longs, nulls);
    }

    private static Column wides(Type.Decimal type, @Nullable Object[] values, boolean[] nulls) {
        long[] high = new long[values.length];
        long[] low = new long[values.length];
        for (int i = 0; i < high.length; i++) {
            if (values[i] != null) {
                BigInteger unscaled = new BigDecimal(String.valueOf(values[i]))
                        .setScale(type.scale())
                        .unscaledValue();
                high[i] = Wide.high(unscaled);
                low[i] = Wide.low(unscaled);
            }
        }
        return new Column.Wides(type, high.length, high, low, nulls);
    }

    private static Column doubles(@Nullable Object[] values, boolean[] nulls) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = values[i] instanceof Number number ? number.doubleValue() : 0;
        }
        return new Column.Doubles(doubles.length, doubles, nulls);
    }

    private static Column texts(Type type, @Nullable Object[] values, boolean[] nulls) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int[] start = new int[values.length];
        int[] length = new int[values.length];
        for (int i = 0; i < start.length; i++) {
            if (values[i] instanceof String text) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                start[i] = data.size();
                length[i] = utf8.length;
                data.writeBytes(utf8);
            }
        }
        return new Column.Texts(type, start.length, data.toByteArray(), start, length, nulls);
    }

    private static Column arrays(Type.Array type, @Nullable Object[] values, boolean[] nulls) {
        int[] offsets = new int[values.length + 1];
        java.util.ArrayList<@Nullable Object> elements = new java.util.ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof List<?> list) {
                elements.addAll(list);
            }
            offsets[i + 1] = elements.size();
        }
        return new Column.Arrays(type, values.length, offsets, column(type.element(), elements.toArray()), nulls);
    }
}
