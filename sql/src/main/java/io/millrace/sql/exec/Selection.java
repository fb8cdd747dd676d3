package io.millrace.sql.exec;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import org.jspecify.annotations.Nullable;

/** Some of the rows of a batch, as a new batch of its own. For the rare case: it allocates. */
public final class Selection {

    private Selection() {}

    /**
     * @param batch from which to select; not changed
     * @param rows the rows to keep, in order
     */
    public static Batch of(Batch batch, int[] rows) {
        Column[] columns = new Column[batch.columns().length];
        for (int c = 0; c < columns.length; c++) {
            columns[c] = of(batch.column(c), rows);
        }
        int[] weights = batch.weights();
        return new Batch(batch.schema(), columns, rows.length, weights == null ? null : ints(weights, rows));
    }

    private static Column of(Column column, int[] rows) {
        int n = rows.length;
        boolean[] nulls = nulls(column.nulls(), rows);
        return switch (column) {
            case Column.Longs c -> new Column.Longs(c.type(), n, longs(c.values(), rows), nulls);
            case Column.Wides c -> new Column.Wides(c.type(), n, longs(c.high(), rows), longs(c.low(), rows), nulls);
            case Column.Doubles c -> {
                double[] values = new double[n];
                for (int i = 0; i < n; i++) {
                    values[i] = c.values()[rows[i]];
                }
                yield new Column.Doubles(n, values, nulls);
            }
            case Column.Texts c ->
                new Column.Texts(c.type(), n, c.data(), ints(c.start(), rows), ints(c.length(), rows), nulls);
            case Column.Arrays c -> arrays(c, rows, nulls);
        };
    }

    private static Column arrays(Column.Arrays column, int[] rows, boolean @Nullable [] nulls) {
        int[] offsets = new int[rows.length + 1];
        for (int i = 0; i < rows.length; i++) {
            offsets[i + 1] = offsets[i] + column.offsets()[rows[i] + 1] - column.offsets()[rows[i]];
        }
        int[] elements = new int[offsets[rows.length]];
        for (int i = 0; i < rows.length; i++) {
            int from = column.offsets()[rows[i]];
            for (int e = offsets[i]; e < offsets[i + 1]; e++) {
                elements[e] = from + e - offsets[i];
            }
        }
        return new Column.Arrays(column.type(), rows.length, offsets, of(column.elements(), elements), nulls);
    }

    private static boolean @Nullable [] nulls(boolean @Nullable [] nulls, int[] rows) {
        if (nulls == null) {
            return null;
        }
        boolean[] selected = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            selected[i] = nulls[rows[i]];
        }
        return selected;
    }

    private static long[] longs(long[] values, int[] rows) {
        long[] selected = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            selected[i] = values[rows[i]];
        }
        return selected;
    }

    private static int[] ints(int[] values, int[] rows) {
        int[] selected = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            selected[i] = values[rows[i]];
        }
        return selected;
    }
}
