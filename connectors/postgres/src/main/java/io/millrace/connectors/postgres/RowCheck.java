package io.millrace.connectors.postgres;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Sink;
import io.millrace.api.TableShape;
import io.millrace.api.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows that PostgreSQL can't hold before they are added up or staged. A quick look clears nearly every row; those
 * that it does not clear are encoded for trial, so that there is one place that knows what is refused. Not thread-safe.
 */
final class RowCheck {

    /** A key of fewer bytes than this in each of its columns fits an index. */
    private final int shortKey;

    private static final long QUICK_DAYS = 1_000_000;
    private static final long QUICK_MICROS = QUICK_DAYS * 24 * 60 * 60 * 1_000_000;

    /** The largest unscaled value of a DECIMAL by its precision. */
    private static final long[] LARGEST = LongStream.iterate(0, n -> 10 * n + 9)
            .limit(Type.MAX_LONG_PRECISION + 1L)
            .toArray();

    private final TableShape shape;
    /** The columns that are looked at: all but those that are added up. */
    private final int[] columns;

    private final CopyBuffer scratch = new CopyBuffer();
    private final RowEncoder encoder;

    RowCheck(TableShape shape) {
        this.shape = shape;
        this.columns = IntStream.range(0, shape.columns().size())
                .filter(i -> shape.columns().get(i).merge() != TableShape.Merge.ADD)
                .toArray();
        List<TableShape.Col> looked =
                IntStream.of(columns).mapToObj(i -> shape.columns().get(i)).toList();
        this.encoder = new RowEncoder(new TableShape(looked, List.of(), shape.mode(), null), scratch);
        this.shortKey = RowEncoder.MAX_KEY_BYTES / Math.max(shape.key().length, 1) - 2 * Integer.BYTES;
    }

    List<Sink.Refused> check(Batch batch) {
        List<Sink.Refused> refused = new ArrayList<>(0);
        boolean[] doubtful = doubtful(batch);
        if (doubtful == null) {
            return refused;
        }
        Column[] looked = new Column[columns.length];
        for (int i = 0; i < columns.length; i++) {
            looked[i] = batch.column(columns[i]);
        }
        for (int row = 0; row < batch.rows(); row++) {
            if (doubtful[row]) {
                Refusal refusal =
                        isRetracted(batch, row) ? encoder.refuseRow(Refusal.RETRACTION) : encoder.encode(looked, row);
                if (refusal != null) {
                    TableShape.Col column = shape.columns().get(columns[encoder.column()]);
                    refused.add(new Sink.Refused(row, refusal.code(), column.name(), refusal.message(column)));
                }
            }
        }
        scratch.clear();
        return refused;
    }

    private boolean isRetracted(Batch batch, int row) {
        return shape.mode() != TableShape.Mode.MERGE && batch.weight(row) < 0;
    }

    /** The rows that a quick look does not clear; null where it clears all. */
    private boolean @Nullable [] doubtful(Batch batch) {
        boolean[] doubtful = null;
        int n = batch.rows();
        if (batch.weights() != null) {
            for (int row = 0; row < n; row++) {
                if (isRetracted(batch, row)) {
                    doubtful = mark(doubtful, n, row);
                }
            }
        }
        for (int index : columns) {
            Column column = batch.column(index);
            TableShape.Col col = shape.columns().get(index);
            boolean[] nulls = column.nulls();
            if (nulls != null && (!col.nullable() || col.merge() == TableShape.Merge.KEY)) {
                for (int row = 0; row < n; row++) {
                    if (nulls[row]) {
                        doubtful = mark(doubtful, n, row);
                    }
                }
            }
            doubtful = switch (column) {
                case Column.Texts texts -> texts(texts, col, n, doubtful);
                case Column.Longs longs -> longs(longs, n, doubtful);
                case Column.Wides _, Column.Arrays _ -> all(doubtful, n);
                case Column.Doubles _ -> doubtful;
            };
        }
        return doubtful;
    }

    private boolean @Nullable [] texts(Column.Texts texts, TableShape.Col col, int n, boolean @Nullable [] doubtful) {
        if (texts.type().equals(Type.JSON)) {
            return all(doubtful, n);
        }
        int longest = col.merge() == TableShape.Merge.KEY ? shortKey : Integer.MAX_VALUE;
        byte[] data = texts.data();
        int[] start = texts.start();
        int[] length = texts.length();
        for (int row = 0; row < n; row++) {
            if (!texts.isNull(row)
                    && (length[row] > longest || Texts.check(data, start[row], length[row]) != Texts.Verdict.GOOD)) {
                doubtful = mark(doubtful, n, row);
            }
        }
        return doubtful;
    }

    private static boolean @Nullable [] longs(Column.Longs longs, int n, boolean @Nullable [] doubtful) {
        long limit = switch (longs.type()) {
            case Type.Decimal decimal -> LARGEST[decimal.precision()];
            case Type.Simple simple ->
                switch (simple) {
                    case INTEGER -> Integer.MAX_VALUE;
                    case DATE -> QUICK_DAYS;
                    case TIMESTAMP, TIMESTAMP_TZ -> QUICK_MICROS;
                    case BOOLEAN, BIGINT, DOUBLE, VARCHAR, JSON -> Long.MAX_VALUE;
                };
            case Type.Array _ -> throw new IllegalArgumentException("an array has a column of its own kind");
        };
        if (limit == Long.MAX_VALUE) {
            return doubtful;
        }
        long[] values = longs.values();
        for (int row = 0; row < n; row++) {
            if (values[row] > limit || values[row] < -limit) {
                doubtful = mark(doubtful, n, row);
            }
        }
        return doubtful;
    }

    private static boolean[] mark(boolean @Nullable [] doubtful, int n, int row) {
        boolean[] marked = doubtful == null ? new boolean[n] : doubtful;
        marked[row] = true;
        return marked;
    }

    private static boolean[] all(boolean @Nullable [] doubtful, int n) {
        boolean[] marked = doubtful == null ? new boolean[n] : doubtful;
        java.util.Arrays.fill(marked, 0, n, true);
        return marked;
    }
}
