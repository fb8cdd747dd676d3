package io.millrace.engine.run;

import io.millrace.api.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Tells of rows that were selected from others.
 *
 * @param all tells of those
 * @param rows the rows selected
 */
record SelectedOrigin(RecordBatch.Origin all, int[] rows) implements RecordBatch.Origin {
    @Override
    public String position(int row) {
        return all.position(rows[row]);
    }

    @Override
    public byte[] raw(int row) {
        return all.raw(rows[row]);
    }

    @Override
    public RecordBatch.Text json(int row) {
        return all.json(rows[row]);
    }

    @Override
    public long receivedAtMicros(int row) {
        return all.receivedAtMicros(rows[row]);
    }

    @Override
    public @Nullable String client(int row) {
        return all.client(rows[row]);
    }
}
