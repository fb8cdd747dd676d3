package io.millrace.api;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One column of a {@link Batch}: values of one type over primitive arrays.
 *
 * <p>Arrays may be longer than {@link #size()}; what lies beyond has no meaning. A value at a row that is null has no
 * meaning either. The arrays are shared, not copied: whoever holds a column may read them for as long as the batch is
 * valid, and nobody writes to them after the column was built.
 */
public sealed interface Column {

    Type type();

    /** The number of rows. */
    int size();

    /** Which rows are null; null itself where no row is. */
    boolean @Nullable [] nulls();

    default boolean isNull(int row) {
        boolean[] nulls = nulls();
        return nulls != null && nulls[row];
    }

    /**
     * BOOLEAN (0 or 1), INTEGER, BIGINT, DATE (days since 1970-01-01), TIMESTAMP and TIMESTAMP_TZ (microseconds since
     * 1970-01-01T00:00, the latter in UTC), and DECIMAL of at most {@value Type#MAX_LONG_PRECISION} digits (unscaled).
     */
    record Longs(Type type, int size, long[] values, boolean @Nullable [] nulls) implements Column {}

    /** DECIMAL of more digits than fit a {@code long}: unscaled two's complement of 128 bits, in two halves. */
    record Wides(Type type, int size, long[] high, long[] low, boolean @Nullable [] nulls) implements Column {
        /** The unscaled value of a row that is not null. */
        public BigInteger unscaled(int row) {
            return Wide.toBigInteger(high[row], low[row]);
        }
    }

    /** DOUBLE. */
    record Doubles(int size, double[] values, boolean @Nullable [] nulls) implements Column {
        @Override
        public Type type() {
            return Type.DOUBLE;
        }
    }

    /**
     * VARCHAR and JSON: row {@code i} is the UTF-8 text {@code data[start[i]] .. data[start[i] + length[i]]}. Rows may
     * share bytes and lie in any order, so that a decoder can point into the bytes that arrived.
     */
    record Texts(Type type, int size, byte[] data, int[] start, int[] length, boolean @Nullable [] nulls)
            implements Column {
        /** The text of a row that is not null, as a new string. Not for the hot path. */
        public String string(int row) {
            return new String(data, start[row], length[row], StandardCharsets.UTF_8);
        }
    }

    /** Arrays: row {@code i} holds rows {@code offsets[i] .. offsets[i + 1]} of {@code elements}. */
    record Arrays(Type type, int size, int[] offsets, Column elements, boolean @Nullable [] nulls) implements Column {}
}
