package io.millrace.sql.exec;

import io.millrace.api.Column;
import io.millrace.api.Type;
import org.jspecify.annotations.Nullable;

/**
 * SUM. A sum that would no longer fit is put aside as a part and begins anew: the destination adds the parts up, or finds
 * there that the whole does not fit.
 */
final class Sums {

    private Sums() {}

    static Accumulator of(Type argument, Type type, boolean nullable) {
        Vec.Kind from = Vec.Kind.of(argument);
        Vec.Kind to = Vec.Kind.of(type);
        if (from == Vec.Kind.DOUBLE && to == Vec.Kind.DOUBLE) {
            return new OfDoubles(nullable);
        }
        if (from == Vec.Kind.LONG && to == Vec.Kind.LONG) {
            return new LongsToLong(nullable, type);
        }
        if (from == Vec.Kind.LONG && to == Vec.Kind.WIDE) {
            return new LongsToWide(nullable);
        }
        if (from == Vec.Kind.WIDE && to == Vec.Kind.WIDE) {
            return new WidesToWide(nullable, ((Type.Decimal) type).precision());
        }
        throw new IllegalArgumentException("SUM of " + argument.sql() + " can't be " + type.sql());
    }

    /**
     * 64-bit numbers into 128 bits, as {@code word 1 * 2^64 + word 0}, both signed: the second changes only when the first
     * overflows, which the processor learns to expect never. It is kept in the upper 63 bits of its word; the lowest says
     * whether the group has seen a value.
     */
    static final class LongsToWide extends Accumulator.OfValues {
        private final Int128 product = new Int128();

        LongsToWide(boolean nullable) {
            super(nullable, 1);
        }

        @Override
        long[] fresh() {
            return new long[2];
        }

        @Override
        void add(Column column, int n, int[] at, int @Nullable [] weights, long[] cells, Cells groups) {
            long[] values = ((Column.Longs) column).values();
            boolean[] nulls = column.nulls();
            boolean track = track(column, cells, groups);
            int w = word;
            if (!track && weights == null) {
                for (int i = 0; i < n; i++) {
                    int cell = at[i] + w;
                    long value = values[i];
                    long before = cells[cell];
                    long sum = before + value;
                    cells[cell] = sum;
                    if (((before ^ sum) & (value ^ sum)) < 0) {
                        cells[cell + 1] += value < 0 ? -2 : 2;
                    }
                }
                return;
            }
            for (int i = 0; i < n; i++) {
                if (nulls != null && nulls[i]) {
                    continue;
                }
                int cell = at[i] + w;
                if (track) {
                    see(cells, at[i]);
                }
                long weight = weights == null ? 1 : weights[i];
                product.multiply(values[i], weight);
                long value = product.low;
                long before = cells[cell];
                long sum = before + value;
                cells[cell] = sum;
                // The product is (high + 1 if low is negative) * 2^64 + low with low taken as signed.
                long carry = product.high + (value < 0 ? 1 : 0);
                if (((before ^ sum) & (value ^ sum)) < 0) {
                    carry += value < 0 ? -1 : 1;
                }
                cells[cell + 1] += 2 * carry;
            }
        }

        @Override
        void mergeValue(long[] theirs, int their, long[] cells, int cell, Cells groups) {
            long value = theirs[their];
            long before = cells[cell + word];
            long sum = before + value;
            cells[cell + word] = sum;
            long carry = theirs[their + 1] >> 1;
            if (((before ^ sum) & (value ^ sum)) < 0) {
                carry += value < 0 ? -1 : 1;
            }
            cells[cell + word + 1] += 2 * carry;
        }

        @Override
        void value(long[] cells, int cell, Vec out, int row) {
            long low = cells[cell + word];
            out.longs[row] = low;
            out.high[row] = (cells[cell + word + 1] >> 1) + (low >> 63);
        }

        @Override
        void part(long high, long low, Vec out, int row) {
            out.high[row] = high;
            out.longs[row] = low;
        }
    }

    /** 64-bit numbers, or INTEGERs, into 64 bits. */
    static final class LongsToLong extends Accumulator.OfValues {
        private final long limit;
        private final Int128 product = new Int128();

        LongsToLong(boolean nullable, Type type) {
            super(nullable, 1);
            this.limit = type instanceof Type.Decimal d ? Int128.POW10[d.precision()] - 1 : Long.MAX_VALUE;
        }

        @Override
        long[] fresh() {
            return new long[2];
        }

        @Override
        void add(Column column, int n, int[] at, int @Nullable [] weights, long[] cells, Cells groups) {
            long[] values = ((Column.Longs) column).values();
            boolean[] nulls = column.nulls();
            boolean track = track(column, cells, groups);
            for (int i = 0; i < n; i++) {
                if (nulls != null && nulls[i]) {
                    continue;
                }
                if (track) {
                    see(cells, at[i]);
                }
                int weight = weights == null ? 1 : weights[i];
                product.multiply(values[i], weight);
                if (product.fitsLong() && within(product.low)) {
                    add(cells, at[i], product.low, groups);
                } else {
                    for (int k = 0; k < Math.abs((long) weight); k++) {
                        add(cells, at[i], weight < 0 ? -values[i] : values[i], groups);
                    }
                }
            }
        }

        private boolean within(long value) {
            return value <= limit && value >= -limit;
        }

        private void add(long[] cells, int group, long value, Cells groups) {
            int cell = group + word;
            long before = cells[cell];
            long sum = before + value;
            if (((before ^ sum) & (value ^ sum)) < 0 || !within(sum)) {
                groups.putAside(this, group, before >> 63, before);
                sum = value;
            }
            cells[cell] = sum;
        }

        @Override
        void mergeValue(long[] theirs, int their, long[] cells, int cell, Cells groups) {
            add(cells, cell, theirs[their], groups);
        }

        @Override
        void value(long[] cells, int cell, Vec out, int row) {
            out.longs[row] = cells[cell + word];
        }

        @Override
        void part(long high, long low, Vec out, int row) {
            out.longs[row] = low;
        }
    }

    /** Wide decimals; words: high, low, seen. */
    static final class WidesToWide extends Accumulator.OfValues {
        private final int precision;
        private final Int128 sum = new Int128();
        private final Int128 value = new Int128();

        WidesToWide(boolean nullable, int precision) {
            super(nullable, 2);
            this.precision = precision;
        }

        @Override
        long[] fresh() {
            return new long[3];
        }

        @Override
        void add(Column column, int n, int[] at, int @Nullable [] weights, long[] cells, Cells groups) {
            Column.Wides wides = (Column.Wides) column;
            boolean[] nulls = column.nulls();
            boolean track = track(column, cells, groups);
            for (int i = 0; i < n; i++) {
                if (nulls != null && nulls[i]) {
                    continue;
                }
                if (track) {
                    see(cells, at[i]);
                }
                int weight = weights == null ? 1 : weights[i];
                value.set(wides.high()[i], wides.low()[i]);
                if (weight < 0) {
                    value.negate();
                }
                // A weight other than one is rare, and one that is large rarer: adding again keeps every part exact.
                for (long k = Math.abs((long) weight); k > 0; k--) {
                    add(cells, at[i], groups);
                }
            }
        }

        private void add(long[] cells, int group, Cells groups) {
            int cell = group + word;
            sum.set(cells[cell], cells[cell + 1]);
            if (!sum.add(value.high, value.low) || !sum.hasPrecision(precision)) {
                groups.putAside(this, group, cells[cell], cells[cell + 1]);
                sum.set(value.high, value.low);
            }
            cells[cell] = sum.high;
            cells[cell + 1] = sum.low;
        }

        @Override
        void mergeValue(long[] theirs, int their, long[] cells, int cell, Cells groups) {
            value.set(theirs[their], theirs[their + 1]);
            add(cells, cell, groups);
        }

        @Override
        void value(long[] cells, int cell, Vec out, int row) {
            out.high[row] = cells[cell + word];
            out.longs[row] = cells[cell + word + 1];
        }

        @Override
        void part(long high, long low, Vec out, int row) {
            out.high[row] = high;
            out.longs[row] = low;
        }
    }

    /** DOUBLEs, which round and overflow to infinity as they please. */
    static final class OfDoubles extends Accumulator.OfValues {
        OfDoubles(boolean nullable) {
            super(nullable, 1);
        }

        @Override
        long[] fresh() {
            return new long[2];
        }

        @Override
        void add(Column column, int n, int[] at, int @Nullable [] weights, long[] cells, Cells groups) {
            double[] values = ((Column.Doubles) column).values();
            boolean[] nulls = column.nulls();
            boolean track = track(column, cells, groups);
            for (int i = 0; i < n; i++) {
                if (nulls != null && nulls[i]) {
                    continue;
                }
                if (track) {
                    see(cells, at[i]);
                }
                double value = weights == null ? values[i] : weights[i] * values[i];
                int cell = at[i] + word;
                cells[cell] = Double.doubleToRawLongBits(Double.longBitsToDouble(cells[cell]) + value);
            }
        }

        @Override
        void mergeValue(long[] theirs, int their, long[] cells, int cell, Cells groups) {
            cells[cell + word] = Double.doubleToRawLongBits(
                    Double.longBitsToDouble(cells[cell + word]) + Double.longBitsToDouble(theirs[their]));
        }

        @Override
        void value(long[] cells, int cell, Vec out, int row) {
            out.doubles[row] = Double.longBitsToDouble(cells[cell + word]);
        }

        @Override
        void part(long high, long low, Vec out, int row) {
            out.doubles[row] = Double.longBitsToDouble(low);
        }
    }
}
