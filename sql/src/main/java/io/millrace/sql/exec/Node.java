package io.millrace.sql.exec;

import io.millrace.api.Type;

/**
 * An operator of a compiled expression. Holds vectors that are reused from batch to batch, so it belongs to one lane.
 *
 * <p>A row for which an operator fails is reported to the frame and null from then on.
 */
abstract class Node {
    final Type type;

    Node(Type type) {
        this.type = type;
    }

    /** Computes the given rows. The result holds garbage at other rows and is valid until the next call. */
    abstract Vec eval(Frame frame, Rows rows);

    /** Of a condition: tells the rows for which it is TRUE from the others. The three must be different objects. */
    void split(Frame frame, Rows rows, Rows matching, Rows others) {
        Vec vec = eval(frame, rows);
        long[] values = vec.longs;
        boolean[] nulls = vec.nulls;
        int[] index = rows.index;
        int n = rows.count;
        int[] yes = matching.begin(n);
        int[] no = others.begin(n);
        int y = 0;
        int o = 0;
        // Both places are written and one of them is kept: no branch to mispredict.
        for (int i = 0; i < n; i++) {
            int r = index == null ? i : index[i];
            int hit = nulls == null ? (int) values[r] : nulls[r] ? 0 : (int) values[r];
            yes[y] = r;
            no[o] = r;
            y += hit;
            o += 1 - hit;
        }
        matching.count = y;
        others.count = o;
    }
}
