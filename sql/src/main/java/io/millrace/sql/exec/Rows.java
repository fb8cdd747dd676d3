package io.millrace.sql.exec;

import org.jspecify.annotations.Nullable;

/** Which rows of a batch an operator is to look at, in ascending order. Reused. */
final class Rows {
    /** The rows; null where they are {@code 0 .. count}. */
    int @Nullable [] index;

    int count;

    private int[] buffer = {};

    void all(int rows) {
        index = null;
        count = rows;
    }

    /** Makes room for up to {@code most} rows, to be written to the returned array; {@link #count} is set afterwards. */
    int[] begin(int most) {
        // One more than asked for: loops without branches write one place further than they keep.
        if (buffer.length <= most) {
            buffer = new int[Math.max(most + 1, Math.min(2 * buffer.length, 1 << 24))];
        }
        index = buffer;
        count = 0;
        return buffer;
    }

    int row(int i) {
        int[] rows = index;
        return rows == null ? i : rows[i];
    }
}
