package io.millrace.sql.exec;

import io.millrace.api.Column;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate over the groups of a {@link GroupTable}, in words of its own in each. It takes a whole batch at a time:
 * for every row {@code i} its group begins at {@code cells[at[i]]}.
 *
 * <p>Whether a group has seen a value is kept only once it matters: as long as no argument was null every group has.
 */
abstract class Accumulator {
    /** Its first word in a group. */
    int word;

    /** The words of a new group. */
    abstract long[] fresh();

    /**
     * Adds a batch.
     *
     * @param weights null where all are 1
     */
    abstract void add(Column column, int n, int[] at, int @Nullable [] weights, long[] cells, Cells groups);

    /** Must be called before {@link #merge} for groups of another, and after these groups have been found or added. */
    void beginMerge(Accumulator from, long[] cells, Cells groups) {}

    /**
     * Adds a group of another table to one of this.
     *
     * @param from the same aggregate there
     */
    abstract void merge(Accumulator from, long[] theirs, int their, long[] cells, int cell, Cells groups);

    /** Writes the value of the group at {@code cell} to a row of a vector. */
    abstract void result(long[] cells, int cell, Vec out, int row);

    /** Writes what changes nothing when it is merged: for the rows of partial sums that were put aside. */
    abstract void neutral(long[] cells, int cell, Vec out, int row);

    /** Writes a part of the group's result that was put aside. */
    void part(long high, long low, Vec out, int row) {
        throw new IllegalStateException("this aggregate has no parts");
    }

    /** Gives back memory that is no longer needed, after a batch; the words of all groups end at {@code end}. */
    void compact(long[] cells, int stride, int end) {}

    void clear() {}

    /** Bytes held besides the words. */
    long bytes() {
        return 0;
    }

    /** What an accumulator needs to know of the groups. */
    interface Cells {
        /** Where in the array the groups end that were there before this batch. */
        int endBefore();

        int stride();

        /** Keeps a part of a sum that can't grow further; it becomes a row of its own. */
        void putAside(Accumulator by, int cell, long high, long low);
    }

    /** COUNT(*) and COUNT(x). */
    static final class Count extends Accumulator {
        @Override
        long[] fresh() {
            return new long[1];
        }

        @Override
        void add(Column column, int n, int[] at, int @Nullable [] weights, long[] cells, Cells groups) {
            boolean[] nulls = column.nulls();
            int w = word;
            if (nulls == null && weights == null) {
                for (int i = 0; i < n; i++) {
                    cells[at[i] + w]++;
                }
                return;
            }
            for (int i = 0; i < n; i++) {
                if (nulls == null || !nulls[i]) {
                    cells[at[i] + w] += weights == null ? 1 : weights[i];
                }
            }
        }

        @Override
        void merge(Accumulator from, long[] theirs, int their, long[] cells, int cell, Cells groups) {
            cells[cell + word] += theirs[their + from.word];
        }

        @Override
        void result(long[] cells, int cell, Vec out, int row) {
            out.longs[row] = cells[cell + word];
        }

        @Override
        void neutral(long[] cells, int cell, Vec out, int row) {
            out.longs[row] = 0;
        }
    }

    /** An aggregate that is null until it has seen a value. */
    abstract static class OfValues extends Accumulator {
        private final boolean nullable;
        /** Which of its words says whether it has seen a value. */
        private final int seen;

        private boolean tracking;

        OfValues(boolean nullable, int seen) {
            this.nullable = nullable;
            this.seen = seen;
        }

        /** Whether {@link #see} must be called for every value of this batch. */
        final boolean track(Column column, long[] cells, Cells groups) {
            if (column.nulls() != null) {
                beginTracking(cells, groups);
            }
            return tracking;
        }

        private void beginTracking(long[] cells, Cells groups) {
            if (!tracking) {
                tracking = true;
                // Until now no argument was null, so every group has seen one.
                for (int cell = 0; cell < groups.endBefore(); cell += groups.stride()) {
                    see(cells, cell);
                }
            }
        }

        final void see(long[] cells, int cell) {
            cells[cell + word + seen] |= 1;
        }

        final boolean hasSeen(long[] cells, int cell) {
            return !tracking || (cells[cell + word + seen] & 1) != 0;
        }

        @Override
        final void beginMerge(Accumulator from, long[] cells, Cells groups) {
            if (((OfValues) from).tracking) {
                beginTracking(cells, groups);
            }
        }

        @Override
        final void merge(Accumulator from, long[] theirs, int their, long[] cells, int cell, Cells groups) {
            if (((OfValues) from).hasSeen(theirs, their)) {
                if (tracking) {
                    see(cells, cell);
                }
                mergeValue(theirs, their + from.word, cells, cell, groups);
            }
        }

        /** Adds the value of another's group, whose words for it begin at {@code theirs[their]}. */
        abstract void mergeValue(long[] theirs, int their, long[] cells, int cell, Cells groups);

        @Override
        final void result(long[] cells, int cell, Vec out, int row) {
            if (hasSeen(cells, cell)) {
                value(cells, cell, out, row);
            } else {
                out.setNull(row);
            }
        }

        abstract void value(long[] cells, int cell, Vec out, int row);

        @Override
        void neutral(long[] cells, int cell, Vec out, int row) {
            if (nullable) {
                out.setNull(row);
            } else {
                part(0, 0, out, row);
            }
        }

        @Override
        void clear() {
            tracking = false;
        }
    }
}
