package io.millrace.sql.exec;

import io.millrace.api.Column;
import io.millrace.api.Type;
import org.jspecify.annotations.Nullable;

/** MIN and MAX. They can't take a row back, so weights must be positive. */
final class Extremes {

    private Extremes() {}

    static Accumulator of(Type type, boolean max, boolean nullable) {
        return switch (Vec.Kind.of(type)) {
            case LONG, DOUBLE, WIDE -> new OfNumbers(Vec.Kind.of(type), max, nullable);
            case TEXT -> new OfTexts(max);
            case ARRAY -> throw new IllegalArgumentException("arrays have no order");
        };
    }

    private static void requirePositive(int n, int @Nullable [] weights) {
        if (weights != null) {
            for (int i = 0; i < n; i++) {
                if (weights[i] <= 0) {
                    throw new IllegalArgumentException("MIN and MAX can't take rows back: a weight is " + weights[i]);
                }
            }
        }
    }

    /** Numbers and times. Words: the value in 128 bits with the order of signed numbers, high then low; seen. */
    private static final class OfNumbers extends Accumulator.OfValues {
        private final Vec.Kind kind;
        private final boolean max;

        OfNumbers(Vec.Kind kind, boolean max, boolean nullable) {
            super(nullable, 2);
            this.kind = kind;
            this.max = max;
        }

        @Override
        long[] fresh() {
            // Whatever comes first wins against these.
            return max ? new long[] {Long.MIN_VALUE, 0, 0} : new long[] {Long.MAX_VALUE, -1, 0};
        }

        @Override
        void add(Column column, int n, int[] at, int @Nullable [] weights, long[] cells, Cells groups) {
            requirePositive(n, weights);
            boolean[] nulls = column.nulls();
            boolean track = track(column, cells, groups);
            for (int i = 0; i < n; i++) {
                if (nulls != null && nulls[i]) {
                    continue;
                }
                if (track) {
                    see(cells, at[i]);
                }
                long low = low(column, i);
                offer(column instanceof Column.Wides w ? w.high()[i] : low >> 63, low, cells, at[i] + word);
            }
        }

        private void offer(long high, long low, long[] cells, int cell) {
            int order = Int128.compare(high, low, cells[cell], cells[cell + 1]);
            if (max ? order > 0 : order < 0) {
                cells[cell] = high;
                cells[cell + 1] = low;
            }
        }

        @Override
        void mergeValue(long[] theirs, int their, long[] cells, int cell, Cells groups) {
            offer(theirs[their], theirs[their + 1], cells, cell + word);
        }

        private static long low(Column column, int row) {
            return switch (column) {
                case Column.Longs c -> c.values()[row];
                case Column.Wides c -> c.low()[row];
                case Column.Doubles c -> ordered(Double.doubleToLongBits(c.values()[row]));
                case Column.Texts c -> throw new IllegalStateException("a text is no number");
                case Column.Arrays c -> throw new IllegalStateException("an array is no number");
            };
        }

        /** The bits of a double in the order of signed numbers, NaN greatest; the same again gives them back. */
        private static long ordered(long bits) {
            return bits ^ ((bits >> 63) & Long.MAX_VALUE);
        }

        @Override
        void value(long[] cells, int cell, Vec out, int row) {
            part(cells[cell + word], cells[cell + word + 1], out, row);
        }

        @Override
        void part(long high, long low, Vec out, int row) {
            switch (kind) {
                case LONG -> out.longs[row] = low;
                case WIDE -> {
                    out.high[row] = high;
                    out.longs[row] = low;
                }
                case DOUBLE -> out.doubles[row] = Double.longBitsToDouble(ordered(low));
                case TEXT, ARRAY -> throw new IllegalStateException("no number");
            }
        }

        @Override
        void neutral(long[] cells, int cell, Vec out, int row) {
            // An extreme may be merged twice.
            result(cells, cell, out, row);
        }
    }

    /** Texts, by bytes. One word: where the text is in a heap, plus one; 0 for none. */
    private static final class OfTexts extends Accumulator {
        private final boolean max;
        private TextHeap heap = new TextHeap();
        private long garbage;

        OfTexts(boolean max) {
            this.max = max;
        }

        @Override
        long[] fresh() {
            return new long[1];
        }

        @Override
        void add(Column column, int n, int[] at, int @Nullable [] weights, long[] cells, Cells groups) {
            requirePositive(n, weights);
            Column.Texts texts = (Column.Texts) column;
            for (int i = 0; i < n; i++) {
                if (texts.isNull(i)) {
                    continue;
                }
                offer(texts.data(), texts.start()[i], texts.length()[i], cells, at[i] + word);
            }
        }

        private void offer(byte[] data, int start, int length, long[] cells, int cell) {
            int held = (int) cells[cell] - 1;
            if (held >= 0) {
                int order = heap.compare(held, data, start, length);
                if (max ? order >= 0 : order <= 0) {
                    return;
                }
                garbage += heap.length(held) + Integer.BYTES;
            }
            cells[cell] = heap.add(data, start, length) + 1L;
        }

        @Override
        void merge(Accumulator from, long[] theirs, int their, long[] cells, int cell, Cells groups) {
            int held = (int) theirs[their + from.word] - 1;
            if (held >= 0) {
                TextHeap texts = ((OfTexts) from).heap;
                offer(texts.data(), texts.start(held), texts.length(held), cells, cell + word);
            }
        }

        /** Leaves out the texts that are no longer anyone's extreme. */
        @Override
        void compact(long[] cells, int stride, int end) {
            if (garbage < 1 << 20 || garbage < heap.used() / 2) {
                return;
            }
            TextHeap old = heap;
            heap = new TextHeap();
            for (int cell = word; cell < end; cell += stride) {
                if (cells[cell] != 0) {
                    cells[cell] = heap.add(old, (int) cells[cell] - 1) + 1L;
                }
            }
            garbage = 0;
        }

        @Override
        void result(long[] cells, int cell, Vec out, int row) {
            if (cells[cell + word] == 0) {
                out.setNull(row);
            } else {
                heap.copyTo(out, row, (int) cells[cell + word] - 1);
            }
        }

        @Override
        void neutral(long[] cells, int cell, Vec out, int row) {
            result(cells, cell, out, row);
        }

        @Override
        void clear() {
            heap.clear();
            garbage = 0;
        }

        @Override
        long bytes() {
            return heap.used();
        }
    }
}
