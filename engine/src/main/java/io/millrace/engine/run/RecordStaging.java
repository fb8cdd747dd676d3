package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.api.Sink;
import io.millrace.sql.exec.Aggregator;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Stages the rows of each record apart from those of the others, one record after the other, so that they can stand or fall
 * one by one. Not thread-safe.
 */
final class RecordStaging {

    /** The most rows that come out of an aggregator at a time. */
    private static final int DRAINED_ROWS = 1024;

    private final Sink.Staging staging;
    private final @Nullable Aggregator aggregator;
    private int[] firstRows = new int[64];
    private int records;

    /** @param aggregator adds up the rows of one record; null where rows are staged as they are */
    RecordStaging(Sink.Staging staging, @Nullable Aggregator aggregator) {
        this.staging = staging;
        this.aggregator = aggregator;
    }

    /** @param staged is told the number of each record that has rows in the staging now, in their order */
    void add(RecordRows made, IntConsumer staged) {
        Batch rows = made.rows();
        int before = size();
        // Where every row is staged as it is, all of them are at once.
        boolean asTheyAre = aggregator == null && rows.weights() == null;
        if (asTheyAre) {
            staging.add(rows);
        }
        int end;
        for (int row = 0; row < rows.rows(); row = end) {
            end = made.end(row);
            int firstRow = before + row;
            if (!asTheyAre) {
                firstRow = size();
                stage(made.between(row, end));
            }
            if (size() > firstRow) {
                note(firstRow);
                staged.accept(made.record(row));
            }
        }
    }

    private void stage(Batch ofRecord) {
        if (aggregator == null) {
            staging.add(ofRecord);
        } else {
            aggregator.add(ofRecord);
            aggregator.drain(DRAINED_ROWS, staging::add);
        }
    }

    private void note(int firstRow) {
        if (records == firstRows.length) {
            firstRows = Arrays.copyOf(firstRows, 2 * records);
        }
        firstRows[records++] = firstRow;
    }

    /** As {@link io.millrace.api.Commit.Sifting#firstRow} has it. */
    int firstRow(int record) {
        return record == records ? size() : firstRows[record];
    }

    private int size() {
        return Math.toIntExact(staging.rows());
    }

    /** Forgets the records; the staging is left to whoever owns it. */
    void clear() {
        records = 0;
    }
}
