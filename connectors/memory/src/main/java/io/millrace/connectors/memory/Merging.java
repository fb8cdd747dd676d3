package io.millrace.connectors.memory;

import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How rows of one key become one row. As in PostgreSQL, the rows of a commit are brought together first, and the result
 * with the row that is there, so that a total fails to fit its column exactly where it does there.
 */
final class Merging {

    private final TableShape shape;
    private final int[] key;

    Merging(TableShape shape) {
        this.shape = shape;
        this.key = shape.key();
    }

    List<@Nullable Object> keyOf(@Nullable Object[] row) {
        List<@Nullable Object> values = new ArrayList<>(key.length);
        for (int column : key) {
            values.add(row[column]);
        }
        return Collections.unmodifiableList(values);
    }

    /** The rows of one commit, one for each key. */
    Map<List<@Nullable Object>, @Nullable Object[]> together(List<@Nullable Object[]> arriving) throws RowFault {
        Map<List<@Nullable Object>, List<@Nullable Object[]>> byKey = new LinkedHashMap<>();
        for (@Nullable Object[] row : arriving) {
            byKey.computeIfAbsent(keyOf(row), k -> new ArrayList<>()).add(row);
        }
        Map<List<@Nullable Object>, @Nullable Object[]> result = new LinkedHashMap<>();
        for (Map.Entry<List<@Nullable Object>, List<@Nullable Object[]>> entry : byKey.entrySet()) {
            List<@Nullable Object[]> rows = entry.getValue();
            result.put(
                    entry.getKey(),
                    rows.size() == 1
                            ? rows.getFirst()
                            : shape.mode() == TableShape.Mode.UPSERT ? latest(rows) : sum(rows));
        }
        return result;
    }

    /** The row that wins, the later of two with the same version. */
    private @Nullable Object[] latest(List<@Nullable Object[]> rows) {
        @Nullable Object[] winner = rows.getFirst();
        Integer version = shape.version();
        for (@Nullable Object[] row : rows) {
            Object mine = version == null ? null : row[version];
            Object best = version == null ? null : winner[version];
            if (best == null || (mine != null && compare(mine, best) >= 0)) {
                winner = row;
            }
        }
        return winner;
    }

    private @Nullable Object[] sum(List<@Nullable Object[]> rows) throws RowFault {
        @Nullable Object[] merged = rows.getFirst().clone();
        for (int i = 0; i < merged.length; i++) {
            Col col = shape.columns().get(i);
            List<Object> values = new ArrayList<>(rows.size());
            for (@Nullable Object[] row : rows) {
                Object value = row[i];
                if (value != null) {
                    values.add(value);
                }
            }
            merged[i] = switch (col.merge()) {
                case KEY -> merged[i];
                case VALUE -> throw new IllegalStateException("a value can't be merged");
                case ADD -> total(values, col);
                // Of two that are equal and not the same, such as the two zeros, PostgreSQL's aggregates take the
                // later.
                case MIN ->
                    values.stream()
                            .reduce((least, next) -> compare(least, next) < 0 ? least : next)
                            .orElse(null);
                case MAX ->
                    values.stream()
                            .reduce((most, next) -> compare(most, next) > 0 ? most : next)
                            .orElse(null);
            };
        }
        return merged;
    }

    /** The row that the table then has; the row there where the one that arrives is older. */
    @Nullable
    Object[] merge(@Nullable Object[] there, @Nullable Object[] arriving) throws RowFault {
        if (shape.mode() == TableShape.Mode.UPSERT) {
            Integer version = shape.version();
            Object mine = version == null ? null : arriving[version];
            Object best = version == null ? null : there[version];
            return best == null || (mine != null && compare(mine, best) >= 0) ? arriving : there;
        }
        @Nullable Object[] merged = there.clone();
        for (int i = 0; i < merged.length; i++) {
            Object a = there[i];
            Object b = arriving[i];
            Col col = shape.columns().get(i);
            if (a == null || b == null) {
                merged[i] = a == null ? b : a;
                continue;
            }
            merged[i] = switch (col.merge()) {
                case KEY -> a;
                case VALUE -> throw new IllegalStateException("a value can't be merged");
                case ADD -> total(List.of(a, b), col);
                case MIN -> compare(b, a) < 0 ? b : a;
                case MAX -> compare(b, a) > 0 ? b : a;
            };
        }
        return merged;
    }

    private static @Nullable Object total(List<Object> values, Col col) throws RowFault {
        if (values.isEmpty()) {
            return null;
        }
        return switch (values.getFirst()) {
            case Long _ -> {
                BigInteger sum = BigInteger.ZERO;
                for (Object value : values) {
                    sum = sum.add(BigInteger.valueOf((Long) value));
                }
                yield whole(sum, col.type(), col.name());
            }
            case BigDecimal _ -> {
                BigDecimal sum = BigDecimal.ZERO;
                for (Object value : values) {
                    sum = sum.add((BigDecimal) value);
                }
                yield sum;
            }
            case Double first -> {
                double sum = first;
                for (Object value : values.subList(1, values.size())) {
                    double next = sum + (Double) value;
                    if (Double.isInfinite(next) && !Double.isInfinite(sum) && !((Double) value).isInfinite()) {
                        throw outOfRange(col.name());
                    }
                    sum = next;
                }
                yield sum;
            }
            case Object other -> throw new IllegalStateException(other.getClass() + " can't be added up");
        };
    }

    static Long whole(BigInteger value, Type type, String column) throws RowFault {
        if (value.bitLength() >= (type.equals(Type.INTEGER) ? Integer.SIZE : Long.SIZE)) {
            throw outOfRange(column);
        }
        return value.longValue();
    }

    static RowFault outOfRange(String column) {
        return new RowFault(
                Refusal.VALUE_DOES_NOT_FIT,
                column,
                "A value does not fit in column \"" + column
                        + "\": a total has outgrown its type. Cast what is added up to a wider type, such as DECIMAL(38, 0).");
    }

    /** Two values of one type in the order of PostgreSQL: text by its bytes, NaN above all, the two zeros equal. */
    static int compare(Object a, Object b) {
        return switch (a) {
            case String text ->
                Arrays.compareUnsigned(
                        text.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
            case Double number ->
                number.equals(b) || number.doubleValue() == (Double) b ? 0 : number.compareTo((Double) b);
            case Long number -> number.compareTo((Long) b);
            case BigDecimal number -> number.compareTo((BigDecimal) b);
            case Boolean truth -> truth.compareTo((Boolean) b);
            case Object other -> throw new IllegalStateException(other.getClass() + " has no order");
        };
    }
}
