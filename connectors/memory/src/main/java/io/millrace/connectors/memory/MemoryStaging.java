package io.millrace.connectors.memory;

import io.millrace.api.Batch;
import io.millrace.api.Sink;
import io.millrace.api.TableShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as objects that wait for their commit. */
final class MemoryStaging implements Sink.Staging {

    /** A guess at what a value takes; a lane commits early where it has many. */
    private static final long VALUE_BYTES = 40;

    private final TableShape shape;
    private final RowReader reader;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    MemoryStaging(TableShape shape) {
        this.shape = shape;
        this.reader = new RowReader(shape);
    }

    @Override
    public List<Sink.Refused> check(Batch batch) {
        return reader.check(batch);
    }

    /** A weight says how often a row is there; totals that are merged carry it in their values already. */
    @Override
    public void add(Batch batch) {
        for (int row = 0; row < batch.rows(); row++) {
            int times = switch (shape.mode()) {
                case MERGE -> 1;
                case UPSERT -> Math.min(batch.weight(row), 1);
                case APPEND -> batch.weight(row);
            };
            if (times == 0) {
                continue;
            }
            switch (reader.read(batch, row, true)) {
                case RowReader.Result.Row(@Nullable Object[] values) -> {
                    for (int i = 0; i < times; i++) {
                        rows.add(values);
                    }
                }
                case RowReader.Result.Bad(Refusal refusal, TableShape.Col column) ->
                    throw new IllegalArgumentException(
                            "a row was added that does not pass the check: " + refusal.message(column));
            }
        }
    }

    @Override
    public long bytes() {
        return VALUE_BYTES * rows.size() * shape.columns().size();
    }

    @Override
    public long rows() {
        return rows.size();
    }

    @Override
    public void clear() {
        rows.clear();
    }

    TableShape shape() {
        return shape;
    }

    List<@Nullable Object[]> staged() {
        return rows;
    }
}
