package io.millrace.connectors.memory;

import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Average;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One table. Guarded by its {@link MemoryDatabase}. */
final class StoredTable {

    private static final int MAX_NAME_BYTES = 63;

    private final String name;
    private final TableShape shape;
    private final Merging merging;

    /** Rows by their key; those of a table without one by a running number. */
    private final Map<List<@Nullable Object>, @Nullable Object[]> rows = new LinkedHashMap<>();

    /** Values that no row may have, as text, by column. */
    private final Map<Integer, String> refused = new HashMap<>();

    private StoredTable(String name, TableShape shape) {
        this.name = name;
        this.shape = shape;
        this.merging = new Merging(shape);
    }

    /** @throws SinkException where no table can have the shape, with all that is wrong with it */
    static StoredTable create(String name, TableShape shape) throws SinkException {
        List<String> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Stream.concat(
                        shape.columns().stream().map(Col::name),
                        shape.averages().stream().map(Average::name))
                .forEach(column -> {
                    if (column.isEmpty()
                            || column.indexOf('\0') >= 0
                            || column.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                        problems.add("the name of column \"" + column + "\" is longer than " + MAX_NAME_BYTES
                                + " bytes, or empty: give it another with AS");
                    } else if (!seen.add(column)) {
                        problems.add("there are two columns \"" + column + "\": rename one with AS");
                    }
                });
        for (Col column : shape.columns()) {
            if (column.type() instanceof Type.Array(Type element) && element instanceof Type.Array) {
                problems.add("column " + column.name()
                        + " is an array of arrays, which PostgreSQL has only with equal lengths: write it as JSON");
            }
            if (shape.mode() == Mode.MERGE && column.merge() == Merge.VALUE) {
                problems.add("column " + column.name() + " can't be merged: it is neither part of the key nor a total");
            }
        }
        if (shape.mode() != Mode.APPEND && shape.key().length == 0) {
            problems.add("rows are to be brought together by key, and there is no key");
        }
        if (!problems.isEmpty()) {
            throw new SinkException("The table " + name + " can't be made: " + String.join("; ", problems) + ".");
        }
        return new StoredTable(name, shape);
    }

    /** @throws SinkException where the table is of another shape, with every difference */
    void requireFits(TableShape wanted) throws SinkException {
        if (wanted.equals(shape)) {
            return;
        }
        List<String> problems = new ArrayList<>();
        Map<String, Col> there = new HashMap<>();
        shape.columns().forEach(column -> there.put(column.name(), column));
        for (Col column : wanted.columns()) {
            Col found = there.remove(column.name());
            if (found == null) {
                problems.add("column " + column.name() + " (" + column.type().sql() + ") is missing");
            } else if (!found.equals(column)) {
                problems.add(
                        "column " + column.name() + " is " + told(found) + ", and the pipeline writes " + told(column));
            }
        }
        there.keySet().forEach(column -> problems.add("column " + column + " is not written by the pipeline"));
        if (!shape.averages().equals(wanted.averages())) {
            problems.add("the averages are others");
        }
        if (shape.mode() != wanted.mode()) {
            problems.add("rows are brought in by " + shape.mode() + ", and the pipeline does it by " + wanted.mode());
        }
        if (problems.isEmpty()) {
            problems.add("the columns have another order, or another version decides");
        }
        throw new SinkException("The table " + name + " exists and does not fit the pipeline:\n  - "
                + String.join("\n  - ", problems) + "\nWrite to another table.");
    }

    private static String told(Col column) {
        return column.type().sql() + (column.nullable() ? "" : " NOT NULL") + " (" + column.merge() + ")";
    }

    /**
     * What a commit will change, worked out before anything is changed.
     *
     * @param rows the rows that the table then has, by key
     */
    record Change(Map<List<@Nullable Object>, @Nullable Object[]> rows) {
        static final Change NONE = new Change(Map.of());
    }

    /** From now on the table takes no row that has a value in a column. */
    void refuse(String column, String value) {
        for (int i = 0; i < shape.columns().size(); i++) {
            if (shape.columns().get(i).name().equals(column)) {
                refused.put(i, value);
            }
        }
    }

    /** The same table as it is now, which can be changed on its own. */
    StoredTable copy() {
        StoredTable copy = new StoredTable(name, shape);
        copy.rows.putAll(rows);
        copy.refused.putAll(refused);
        return copy;
    }

    /** @throws RowFault where a total does not fit or a value is refused; nothing was changed */
    Change change(List<@Nullable Object[]> arriving) throws RowFault {
        Map<List<@Nullable Object>, @Nullable Object[]> changed = new LinkedHashMap<>();
        if (shape.mode() == Mode.APPEND) {
            for (@Nullable Object[] row : arriving) {
                changed.put(List.of(rows.size() + changed.size()), row);
            }
        } else {
            for (Map.Entry<List<@Nullable Object>, @Nullable Object[]> entry :
                    merging.together(arriving).entrySet()) {
                @Nullable Object[] there = rows.get(entry.getKey());
                changed.put(entry.getKey(), there == null ? entry.getValue() : merging.merge(there, entry.getValue()));
            }
        }
        for (@Nullable Object[] row : changed.values()) {
            requireTaken(row);
            for (Average average : shape.averages()) {
                quotient(average, row);
            }
        }
        return new Change(changed);
    }

    private void requireTaken(@Nullable Object[] row) throws RowFault {
        for (Map.Entry<Integer, String> entry : refused.entrySet()) {
            Col column = shape.columns().get(entry.getKey());
            if (entry.getValue().equals(ValueText.of(column.type(), row[entry.getKey()]))) {
                throw new RowFault(
                        Refusal.CONSTRAINT_VIOLATED,
                        column.name(),
                        "A constraint of table " + name + " is violated in column \"" + column.name() + "\".");
            }
        }
    }

    void apply(Change change) {
        rows.putAll(change.rows());
    }

    MemoryTable snapshot() {
        List<MemoryTable.TableColumn> columns = new ArrayList<>();
        shape.columns().forEach(column -> columns.add(new MemoryTable.TableColumn(column.name(), column.type())));
        shape.averages().forEach(average -> columns.add(new MemoryTable.TableColumn(average.name(), average.type())));
        return new MemoryTable(
                columns, rows.values().stream().map(row -> texts(row, columns)).toList());
    }

    private List<@Nullable String> texts(@Nullable Object[] row, List<MemoryTable.TableColumn> columns) {
        List<@Nullable Object> values = new ArrayList<>();
        Collections.addAll(values, row);
        for (Average average : shape.averages()) {
            try {
                values.add(quotient(average, row));
            } catch (RowFault e) {
                throw new IllegalStateException("an average was checked before it was kept", e);
            }
        }
        List<@Nullable String> texts = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            texts.add(ValueText.of(columns.get(i).type(), values.get(i)));
        }
        return Collections.unmodifiableList(texts);
    }

    /** Null where nothing was counted. */
    private static @Nullable Object quotient(Average average, @Nullable Object[] row) throws RowFault {
        Object sum = row[average.sum()];
        Object counted = row[average.count()];
        if (sum == null || counted == null || numeric(counted).signum() == 0) {
            return null;
        }
        BigDecimal count = numeric(counted);
        if (average.type().equals(Type.DOUBLE)) {
            return ((Number) sum).doubleValue() / count.doubleValue();
        }
        if (sum instanceof Double number && (number.isNaN() || number.isInfinite())) {
            throw Merging.outOfRange(average.name());
        }
        BigDecimal quotient = Numeric.quotient(numeric(sum), count);
        if (average.type() instanceof Type.Decimal(int precision, int scale)) {
            BigDecimal rounded = quotient.setScale(scale, RoundingMode.HALF_UP);
            if (rounded.unscaledValue().abs().compareTo(BigInteger.TEN.pow(precision)) >= 0) {
                throw Merging.outOfRange(average.name());
            }
            return rounded;
        }
        // An average of whole numbers that is itself one is cut, as a division of whole numbers is.
        return Merging.whole(quotient.toBigInteger(), average.type(), average.name());
    }

    private static BigDecimal numeric(Object value) {
        return switch (value) {
            case Long number -> BigDecimal.valueOf(number);
            case BigDecimal number -> number;
            case Double number -> Numeric.of(number);
            case Object other -> throw new IllegalStateException(other.getClass() + " is no number");
        };
    }
}
