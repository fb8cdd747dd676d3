package io.millrace.connectors.postgres;

import io.millrace.api.Batch;
import io.millrace.api.Sink;
import io.millrace.api.TableShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows encoded for {@code COPY}. */
final class CopyStaging implements Sink.Staging {

    private final TableShape shape;
    private final CopyBuffer out = new CopyBuffer();
    private final RowEncoder encoder;
    private final RowCheck check;
    private final KeySet keys = new KeySet();
    private final boolean keyed;
    private long rows;

    CopyStaging(TableShape shape) {
        this.shape = shape;
        this.encoder = new RowEncoder(shape, out);
        this.check = new RowCheck(shape);
        this.keyed = shape.mode() != TableShape.Mode.APPEND;
    }

    @Override
    public List<Sink.Refused> check(Batch batch) {
        return check.check(batch);
    }

    @Override
    public void add(Batch batch) {
        for (int row = 0; row < batch.rows(); row++) {
            Refusal refusal = add(batch, row);
            if (refusal != null) {
                TableShape.Col column = shape.columns().get(encoder.column());
                throw new IllegalArgumentException(
                        "a row was added that does not pass the check: " + refusal.message(column));
            }
        }
    }

    /** A weight says how often a row is there; totals that are merged carry it in their values already. */
    private @Nullable Refusal add(Batch batch, int row) {
        int times = shape.mode() == TableShape.Mode.MERGE ? 1 : batch.weight(row);
        if (times < 0) {
            return encoder.refuseRow(Refusal.RETRACTION);
        }
        if (keyed) {
            times = Math.min(times, 1);
        }
        for (int i = 0; i < times; i++) {
            Refusal refusal = encoder.encode(batch.columns(), row);
            if (refusal != null) {
                return refusal;
            }
            rows++;
            if (keyed) {
                if (encoder.hashable()) {
                    keys.add(encoder.keyHash());
                } else {
                    keys.giveUp();
                }
            }
        }
        return null;
    }

    @Override
    public long bytes() {
        return rows == 0 ? 0 : out.bytes() + keys.bytes();
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void clear() {
        out.clear();
        keys.clear();
        rows = 0;
    }

    KeySet keys() {
        return keys;
    }

    /** Hands over the rows as they are encoded. */
    <E extends Exception> void eachBlock(CopyBuffer.Blocks<E> to) throws E {
        out.eachBlock(to);
    }
}
