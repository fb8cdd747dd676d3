package io.millrace.formats;

import io.millrace.api.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of a column's type out of text and puts them into a column. What it takes is what PostgreSQL takes for
 * the same type, but for NaN and infinities, and whole numbers may be written 98.0 or 1e2. Not thread-safe.
 */
final class TextCast {

    private final Numbers numbers = new Numbers();
    private final Times times = new Times();

    /**
     * Puts {@code b[p..end)}, with the whitespace around it removed, as any type but VARCHAR, JSON and arrays.
     *
     * @return why it can't be, or null
     */
    @Nullable
    ReasonCode put(Cells cells, int row, byte[] b, int p, int end) {
        while (p < end && space(b[p])) {
            p++;
        }
        while (end > p && space(b[end - 1])) {
            end--;
        }
        return switch (cells.type) {
            case Type.Decimal _ -> numberText(cells, row, b, p, end);
            case Type.Array _ -> throw new IllegalArgumentException("not a scalar: " + cells.type.sql());
            case Type.Simple simple ->
                switch (simple) {
                    case INTEGER, BIGINT, DOUBLE -> numberText(cells, row, b, p, end);
                    case BOOLEAN -> logical(cells, row, b, p, end);
                    case DATE, TIMESTAMP, TIMESTAMP_TZ -> time(cells, row, b, p, end, true);
                    case VARCHAR, JSON -> throw new IllegalArgumentException("not cast: " + cells.type.sql());
                };
        };
    }

    private @Nullable ReasonCode numberText(Cells cells, int row, byte[] b, int p, int end) {
        return p == end ? ReasonCode.CAST_FAILED : number(cells, row, b, p, end);
    }

    private static boolean space(byte c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /** Puts a number, with nothing around it, into a numeric column. */
    @Nullable
    ReasonCode number(Cells cells, int row, byte[] b, int p, int end) {
        if (!numbers.scan(b, p, end)) {
            return ReasonCode.CAST_FAILED;
        }
        ReasonCode reason = null;
        switch (cells.type) {
            case Type.Decimal d -> {
                reason = numbers.exact(d.precision(), d.scale());
                if (cells.layout == Cells.Layout.WIDES) {
                    cells.highs[row] = numbers.high;
                }
                cells.longs[row] = numbers.low;
            }
            case Type.Simple.DOUBLE -> {
                double value = numbers.nearest(b, p, end);
                if (Double.isInfinite(value)) {
                    reason = ReasonCode.NUMBER_OUT_OF_RANGE;
                }
                cells.doubles[row] = value;
            }
            case Type.Simple.INTEGER -> {
                reason = numbers.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
                cells.longs[row] = numbers.low;
            }
            case Type.Simple.BIGINT -> {
                reason = numbers.integer(Long.MIN_VALUE, Long.MAX_VALUE);
                cells.longs[row] = numbers.low;
            }
            case Type.Simple _, Type.Array _ -> throw new IllegalArgumentException("not numeric: " + cells.type.sql());
        }
        return reason;
    }

    /**
     * Puts a date or a timestamp with nothing around it.
     *
     * @param loose whether a date will do for a timestamp, and a timestamp without an offset for one with
     */
    @Nullable
    ReasonCode time(Cells cells, int row, byte[] b, int p, int end, boolean loose) {
        boolean ok = switch (cells.type) {
            case Type.Simple.DATE -> times.date(b, p, end);
            case Type.Simple.TIMESTAMP -> times.timestamp(b, p, end, Times.Zone.FORBIDDEN, loose);
            case Type.Simple.TIMESTAMP_TZ ->
                times.timestamp(b, p, end, loose ? Times.Zone.UTC_BY_DEFAULT : Times.Zone.REQUIRED, loose);
            case Type.Simple _, Type.Decimal _, Type.Array _ ->
                throw new IllegalArgumentException("not a time: " + cells.type.sql());
        };
        cells.longs[row] = times.value;
        return ok ? null : ReasonCode.CAST_FAILED;
    }

    private static @Nullable ReasonCode logical(Cells cells, int row, byte[] b, int p, int end) {
        boolean yes = is(b, p, end, "true")
                || is(b, p, end, "t")
                || is(b, p, end, "yes")
                || is(b, p, end, "y")
                || is(b, p, end, "on")
                || is(b, p, end, "1");
        boolean no = !yes
                && (is(b, p, end, "false")
                        || is(b, p, end, "f")
                        || is(b, p, end, "no")
                        || is(b, p, end, "n")
                        || is(b, p, end, "off")
                        || is(b, p, end, "0"));
        cells.longs[row] = yes ? 1 : 0;
        return yes || no ? null : ReasonCode.CAST_FAILED;
    }

    /** Whether the text is this word, in any case. */
    private static boolean is(byte[] b, int p, int end, String word) {
        if (end - p != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            int c = b[p + i];
            if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
