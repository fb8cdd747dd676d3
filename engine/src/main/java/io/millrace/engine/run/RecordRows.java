package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.sql.exec.Selection;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows that were made of records. Those of one record follow each other, in the order of the records; one may have none.
 *
 * @param rows the rows
 * @param parents for each row, the number of its record; null where they are the same. May be longer than there are rows
 */
record RecordRows(Batch rows, int @Nullable [] parents) {

    /** The record that a row was made of. */
    int record(int row) {
        return parents == null ? row : parents[row];
    }

    /** The row after the last one of a row's record. */
    int end(int row) {
        int end = row + 1;
        while (parents != null && end < rows.rows() && parents[end] == parents[row]) {
            end++;
        }
        return end;
    }

    /** Some rows that follow each other. */
    Batch between(int from, int to) {
        return Selection.of(rows, IntStream.range(from, to).toArray());
    }

    /** The rows of all records but these. */
    RecordRows without(BitSet records) {
        if (records.isEmpty()) {
            return this;
        }
        int[] kept = IntStream.range(0, rows.rows())
                .filter(row -> !records.get(record(row)))
                .toArray();
        return new RecordRows(
                Selection.of(rows, kept), Arrays.stream(kept).map(this::record).toArray());
    }
}
