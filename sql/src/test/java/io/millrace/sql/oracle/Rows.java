package io.millrace.sql.oracle;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.api.Wide;
import io.millrace.sql.DeclaredColumn;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table of values: Boolean, Long (INTEGER, BIGINT, days, microseconds), BigDecimal, Double, String, or a List of these.
 */
final class Rows {

    /** One column. */
    record Field(String name, Type type, List<@Nullable Object> values) {
        Field {
            values = Collections.unmodifiableList(new ArrayList<>(values));
        }

        Term term() {
            return Term.of(type, name, "r." + name);
        }
    }

    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final int size;

    Rows(List<Field> fields) {
        fields.forEach(f -> this.fields.put(f.name(), f));
        this.size = fields.getFirst().values().size();
    }

    int size() {
        return size;
    }

    List<Field> fields() {
        return List.copyOf(fields.values());
    }

    Term term(String name) {
        return field(name).term();
    }

    private Field field(String name) {
        Field field = fields.get(name);
        if (field == null) {
            throw new IllegalArgumentException(name);
        }
        return field;
    }

    List<DeclaredColumn> declared() {
        return fields.values().stream()
                .map(f -> new DeclaredColumn(f.name(), f.type(), true))
                .toList();
    }

    /** The columns that a plan reads, of rows {@code from} to {@code to}. */
    Batch batch(Projection projection, int from, int to) {
        Column[] columns = projection.fields().stream()
                .map(f -> column(f.type(), field(f.path().getFirst()).values().subList(from, to)))
                .toArray(Column[]::new);
        return new Batch(projection.schema(), columns, to - from, null);
    }

    private static Column column(Type type, List<? extends @Nullable Object> values) {
        int n = values.size();
        boolean[] nulls = new boolean[n];
        boolean any = false;
        for (int i = 0; i < n; i++) {
            nulls[i] = values.get(i) == null;
            any |= nulls[i];
        }
        boolean[] flags = any ? nulls : null;
        return switch (type) {
            case Type.Array(Type element) -> arrays(type, element, values, flags);
            case Type.Decimal d when !d.fitsLong() -> wides(d, values, flags);
            case Type.Decimal d -> longs(type, values, flags);
            case Type.Simple s ->
                switch (s) {
                    case DOUBLE -> doubles(values, flags);
                    case VARCHAR, JSON -> texts(type, values, flags);
                    case BOOLEAN, INTEGER, BIGINT, DATE, TIMESTAMP, TIMESTAMP_TZ -> longs(type, values, flags);
                };
        };
    }

    private static Column longs(Type type, List<? extends @Nullable Object> values, boolean @Nullable [] nulls) {
        long[] longs = new long[values.size()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = switch (values.get(i)) {
                case Boolean b -> b ? 1 : 0;
                case Long l -> l;
                case BigDecimal d -> d.unscaledValue().longValueExact();
                // What stands at a null has no meaning; whoever reads it anyway shall be found out.
                case null -> 0x5a5a5a5a5a5aL;
                case Object o -> throw new IllegalArgumentException(o.toString());
            };
        }
        return new Column.Longs(type, longs.length, longs, nulls);
    }

    private static Column wides(
            Type.Decimal type, List<? extends @Nullable Object> values, boolean @Nullable [] nulls) {
        long[] high = new long[values.size()];
        long[] low = new long[values.size()];
        for (int i = 0; i < high.length; i++) {
            BigInteger unscaled = values.get(i) instanceof BigDecimal d ? d.unscaledValue() : BigInteger.TWO.pow(126);
            high[i] = Wide.high(unscaled);
            low[i] = Wide.low(unscaled);
        }
        return new Column.Wides(type, high.length, high, low, nulls);
    }

    private static Column doubles(List<? extends @Nullable Object> values, boolean @Nullable [] nulls) {
        double[] doubles = new double[values.size()];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = values.get(i) instanceof Double d ? d : 1e300;
        }
        return new Column.Doubles(doubles.length, doubles, nulls);
    }

    private static Column texts(Type type, List<? extends @Nullable Object> values, boolean @Nullable [] nulls) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int[] start = new int[values.size()];
        int[] length = new int[values.size()];
        for (int i = 0; i < start.length; i++) {
            if (values.get(i) instanceof String s) {
                byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
                start[i] = bytes.size();
                length[i] = utf8.length;
                bytes.writeBytes(utf8);
            } else {
                start[i] = Integer.MAX_VALUE / 2;
                length[i] = Integer.MAX_VALUE / 2;
            }
        }
        return new Column.Texts(type, start.length, bytes.toByteArray(), start, length, nulls);
    }

    private static Column arrays(
            Type type, Type element, List<? extends @Nullable Object> values, boolean @Nullable [] nulls) {
        int[] offsets = new int[values.size() + 1];
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) instanceof List<?> list) {
                elements.addAll(list);
            }
            offsets[i + 1] = elements.size();
        }
        return new Column.Arrays(type, values.size(), offsets, column(element, elements), nulls);
    }

    // PostgreSQL

    String createTable(String table) {
        StringBuilder sql = new StringBuilder("CREATE UNLOGGED TABLE " + table + " (id integer");
        fields.values()
                .forEach(f -> sql.append(", ").append(f.name()).append(' ').append(Dialect.name(f.type())));
        return sql.append(")").toString();
    }

    String insert(String table) {
        StringBuilder sql = new StringBuilder("INSERT INTO " + table + " VALUES ");
        for (int i = 0; i < size; i++) {
            sql.append(i == 0 ? "(" : ", (").append(i + 1);
            for (Field field : fields.values()) {
                sql.append(", ").append(literal(field.type(), field.values().get(i)));
            }
            sql.append(")");
        }
        return sql.toString();
    }

    private static String literal(Type type, @Nullable Object value) {
        if (value instanceof List<?> list) {
            Type element = ((Type.Array) type).element();
            List<String> literals = list.stream().map(e -> literal(element, e)).toList();
            return "ARRAY[" + String.join(", ", literals) + "]::" + Dialect.name(type);
        }
        if (value == null) {
            return "NULL";
        }
        if (type.equals(Type.DATE)) {
            return "DATE '1970-01-01' + (" + value + ")";
        }
        if (type.equals(Type.TIMESTAMP) || type.equals(Type.TIMESTAMP_TZ)) {
            long micros = (Long) value;
            // Days apart: an interval of so many microseconds would be rounded on the way.
            return Dialect.name(type) + " '1970-01-01' + make_interval(days => "
                    + Math.floorDiv(micros, 86_400_000_000L)
                    + ") + interval '1 microsecond' * " + Math.floorMod(micros, 86_400_000_000L);
        }
        String text = value instanceof BigDecimal d ? d.toPlainString() : value.toString();
        return "'" + text.replace("'", "''") + "'";
    }
}
