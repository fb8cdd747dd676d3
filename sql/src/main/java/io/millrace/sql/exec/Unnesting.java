package io.millrace.sql.exec;

import io.millrace.api.Column;
import io.millrace.api.Type;
import java.util.Arrays;

/** One UNNEST: makes of each row as many as its array has elements. Columns are gathered anew; bytes of texts are not. */
final class Unnesting {
    private final Node array;
    private final int column;
    private final Vec[] gathered;
    private final Vec elements;
    private final Vec unnested;
    private int[] from = {};
    private int[] element = {};
    private int[] records = {};

    /**
     * @param column where the elements go
     * @param columns all columns of the frame; those before {@code column} are there when it runs
     */
    Unnesting(Node array, int column, Vec[] columns) {
        this.array = array;
        this.column = column;
        this.gathered = new Vec[column];
        for (int i = 0; i < column; i++) {
            gathered[i] = new Vec(columns[i].type);
        }
        this.elements = new Vec(((Type.Array) array.type).element());
        this.unnested = new Vec(elements.type);
        columns[column] = unnested;
    }

    /** Changes the frame and {@code rows}, which are all of its rows, to the rows after the unnest. */
    void expand(Frame frame, Rows rows) {
        Vec arrays = array.eval(frame, rows);
        long total = 0;
        for (int r = 0; r < rows.count; r++) {
            total += arrays.isNull(r) ? 0 : arrays.length[r];
        }
        int n = Math.toIntExact(total);
        if (from.length < n) {
            from = new int[n];
            element = new int[n];
            records = new int[n];
        }
        int k = 0;
        for (int r = 0; r < rows.count; r++) {
            if (!arrays.isNull(r)) {
                int count = arrays.length[r];
                Arrays.fill(from, k, k + count, r);
                Arrays.fill(records, k, k + count, frame.record(r));
                for (int i = 0; i < count; i++) {
                    element[k++] = arrays.start[r] + i;
                }
            }
        }
        Column values = arrays.elements;
        if (values != null) {
            elements.show(values);
        }
        for (int i = 0; i < column; i++) {
            Gather.rows(frame.inputs[i], from, n, gathered[i]);
            frame.inputs[i] = gathered[i];
        }
        Gather.rows(elements, element, n, unnested);
        frame.inputs[column] = unnested;
        frame.rows = n;
        frame.records = records;
        rows.all(n);
    }
}
