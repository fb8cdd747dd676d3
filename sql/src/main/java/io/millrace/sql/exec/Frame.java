package io.millrace.sql.exec;

import io.millrace.api.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The batch that operators are working on: its columns, its rows' records and what has gone wrong so far. The rows are
 * the records of the batch or, after an unnest, several for each.
 */
final class Frame {
    /** The longest text that a function may make. */
    static final int MAX_TEXT_BYTES = 64 << 20;

    /** The columns that {@code Expr.Input} speaks of. An unnest puts others in their place until the next batch. */
    final Vec[] inputs;

    /** Those of the batch itself. They only show its arrays and are never written to. */
    private final Vec[] shown;

    /** Rows in the frame: every row that an operator is asked for is less. */
    int rows;

    /** The record of a row; null where they are the same. */
    int @Nullable [] records;

    /** The output being computed, for failures; null while it is none. */
    @Nullable
    String field;

    Surroundings surroundings;

    private boolean[] failed = {};
    private List<Transform.Failure> failures = new ArrayList<>();

    Frame(Vec[] inputs, Surroundings surroundings) {
        this.inputs = inputs;
        this.shown = inputs.clone();
        this.surroundings = surroundings;
    }

    void begin(Batch in, Surroundings s) {
        surroundings = s;
        rows = in.rows();
        records = null;
        field = null;
        if (failed.length < rows) {
            failed = new boolean[rows];
        } else if (!failures.isEmpty()) {
            Arrays.fill(failed, false);
        }
        if (!failures.isEmpty()) {
            failures = new ArrayList<>();
        }
        for (int i = 0; i < in.columns().length; i++) {
            inputs[i] = shown[i];
            inputs[i].show(in.column(i));
        }
    }

    int record(int row) {
        int[] of = records;
        return of == null ? row : of[row];
    }

    /**
     * The record of this row can't be evaluated. The first failure of a record is the one that counts.
     *
     * @param message what was expected; never a value of the record
     */
    void fail(int row, TransformCode code, String message) {
        int record = record(row);
        if (!failed[record]) {
            failed[record] = true;
            failures.add(new Transform.Failure(record, code, field, message));
        }
    }

    void tooLong(int row) {
        fail(row, TransformCode.TEXT_TOO_LONG, "a text would become longer than " + MAX_TEXT_BYTES + " bytes");
    }

    boolean hasFailed(int row) {
        return failed[record(row)];
    }

    List<Transform.Failure> failures() {
        return failures;
    }
}
