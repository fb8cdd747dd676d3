package io.millrace.connectors.memory;

import io.millrace.api.Evolution;
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

    /** The system columns of PostgreSQL. */
    private static final Set<String> SYSTEM = Set.of("tableoid", "ctid", "xmin", "xmax", "cmin", "cmax");

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
                    if (!possible(column)) {
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

    /** Whether PostgreSQL keeps a name as it is. */
    static boolean possible(String column) {
        return !SYSTEM.contains(column)
                && !column.isEmpty()
                && column.indexOf('\0') < 0
                && column.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES;
    }

    /**
     * Holds it to a shape.
     *
     * @param allowed what may be altered
     * @param added columns that may be added even so
     * @param done takes what was altered
     * @return the table as it is then; this one where it fits as it is
     * @throws SinkException where it does not fit and that is not allowed, with every difference
     */
    StoredTable fitting(TableShape wanted, Set<Evolution> allowed, Set<String> added, List<String> done)
            throws SinkException {
        if (wanted.equals(shape)) {
            return this;
        }
        Alteration.Plan plan = new Alteration(name, shape, wanted, !rows.isEmpty(), allowed, added).plan();
        if (plan.done().isEmpty()) {
            return this;
        }
        done.add(String.join(", ", plan.done()));
        StoredTable altered = new StoredTable(name, plan.shape());
        int[] places = places(shape, plan.shape());
        for (@Nullable Object[] row : rows.values()) {
            @Nullable Object[] moved = altered.placed(row, shape, places);
            for (int i = 0; i < moved.length; i++) {
                if (places[i] < 0) {
                    moved[i] = plan.defaults().get(plan.shape().columns().get(i).name());
                }
            }
            altered.rows.put(
                    shape.mode() == Mode.APPEND ? List.of(altered.rows.size()) : altered.merging.keyOf(moved), moved);
        }
        refused.forEach(
                (column, value) -> altered.refuse(shape.columns().get(column).name(), value));
        return altered;
    }

    /** For each column of a shape, where it is in another; -1 for nowhere. */
    private static int[] places(TableShape from, TableShape to) {
        return to.columns().stream()
                .mapToInt(column -> from.schema().indexOf(column.name()))
                .toArray();
    }

    private @Nullable Object[] placed(@Nullable Object[] row, TableShape from, int[] places) {
        @Nullable Object[] placed = new @Nullable Object[places.length];
        for (int i = 0; i < places.length; i++) {
            if (places[i] >= 0) {
                placed[i] = Widening.widened(
                        row[places[i]],
                        from.columns().get(places[i]).type(),
                        shape.columns().get(i));
            }
        }
        return placed;
    }

    /** The column of a name; null where there is none. */
    @Nullable
    Col column(String named) {
        int at = shape.schema().indexOf(named);
        return at < 0 ? null : shape.columns().get(at);
    }

    /** The same table with a column more, which is null in all rows. */
    StoredTable with(Col column) {
        StoredTable wider = new StoredTable(name, shape.and(List.of(column)));
        int[] places = places(shape, wider.shape);
        rows.forEach((key, row) -> wider.rows.put(key, wider.placed(row, shape, places)));
        wider.refused.putAll(refused);
        return wider;
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

    /**
     * @param from the shape of the rows
     * @throws RowFault where a total does not fit or a value is refused; nothing was changed
     */
    Change change(TableShape from, List<@Nullable Object[]> arriving) throws RowFault {
        int[] places = places(from, shape);
        List<@Nullable Object[]> placed = new ArrayList<>(arriving.size());
        for (@Nullable Object[] row : arriving) {
            placed.add(from.equals(shape) ? row : placed(row, from, places));
        }
        Map<List<@Nullable Object>, @Nullable Object[]> changed = new LinkedHashMap<>();
        if (shape.mode() == Mode.APPEND) {
            for (@Nullable Object[] row : placed) {
                changed.put(List.of(rows.size() + changed.size()), row);
            }
        } else {
            for (Map.Entry<List<@Nullable Object>, @Nullable Object[]> entry :
                    merging.together(placed).entrySet()) {
                @Nullable Object[] there = rows.get(entry.getKey());
                changed.put(
                        entry.getKey(),
                        there == null
                                ? entry.getValue()
                                : keeping(there, places, merging.merge(there, entry.getValue())));
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

    /** What rows do not write of a table stays as it is. */
    private static @Nullable Object[] keeping(@Nullable Object[] there, int[] places, @Nullable Object[] merged) {
        @Nullable Object[] row = merged.clone();
        for (int i = 0; i < row.length; i++) {
            row[i] = places[i] < 0 ? there[i] : row[i];
        }
        return row;
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
