package io.millrace.formats;

import io.millrace.api.Column;
import io.millrace.api.Type;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A column being filled, its arrays used again for every batch. Rows may be written again as long as they are the last.
 * Not thread-safe.
 */
final class Cells {

    /** How values are kept; see {@link Column}. */
    enum Layout {
        LONGS,
        WIDES,
        DOUBLES,
        TEXTS,
        ARRAYS
    }

    final Type type;
    final Layout layout;
    /** LONGS: the values. WIDES: their lower halves. */
    long[] longs = {};

    long[] highs = {};
    double[] doubles = {};
    /** TEXTS: where the text begins in the input; in the side buffer where negative, as its complement. */
    int[] starts = {};

    int[] lengths = {};
    int[] offsets = {0};
    final @Nullable Cells elements;

    /**
     * LONGS of numbers: a whole number whose magnitude is not above {@link #wholeMax} is kept times {@link #wholeFactor}.
     * Zero for all other columns.
     */
    final long wholeMax;

    final long wholeFactor;

    private boolean[] nulls = {};
    private boolean anyNull;
    private boolean anySide;
    private int capacity;

    Cells(Type type, int capacity) {
        this.type = type;
        this.layout = switch (type) {
            case Type.Array _ -> Layout.ARRAYS;
            case Type.Decimal d -> d.fitsLong() ? Layout.LONGS : Layout.WIDES;
            case Type.Simple.DOUBLE -> Layout.DOUBLES;
            case Type.Simple.VARCHAR, Type.Simple.JSON -> Layout.TEXTS;
            case Type.Simple _ -> Layout.LONGS;
        };
        this.elements = type instanceof Type.Array array ? new Cells(array.element(), 0) : null;
        this.wholeMax = switch (type) {
            case Type.Simple.INTEGER -> Integer.MAX_VALUE;
            case Type.Simple.BIGINT -> Long.MAX_VALUE;
            case Type.Decimal d when d.fitsLong() -> Numbers.power(d.precision() - d.scale()) - 1;
            case Type.Simple _, Type.Decimal _, Type.Array _ -> 0;
        };
        this.wholeFactor = type instanceof Type.Decimal d && d.fitsLong() ? Numbers.power(d.scale()) : 1;
        resize(capacity);
    }

    private void resize(int rows) {
        capacity = rows;
        nulls = Arrays.copyOf(nulls, rows);
        switch (layout) {
            case LONGS -> longs = Arrays.copyOf(longs, rows);
            case WIDES -> {
                longs = Arrays.copyOf(longs, rows);
                highs = Arrays.copyOf(highs, rows);
            }
            case DOUBLES -> doubles = Arrays.copyOf(doubles, rows);
            case TEXTS -> {
                starts = Arrays.copyOf(starts, rows);
                lengths = Arrays.copyOf(lengths, rows);
            }
            case ARRAYS -> offsets = Arrays.copyOf(offsets, rows + 1);
        }
    }

    /** Makes room for a row; only for elements of arrays, the others have room for a batch. */
    void ensure(int row) {
        if (row >= capacity) {
            resize(Math.max(64, Math.addExact(row, Math.min(row, Integer.MAX_VALUE - 64 - row))));
        }
    }

    /** Begins a new batch. */
    void clear() {
        if (anyNull) {
            Arrays.fill(nulls, false);
            anyNull = false;
        }
        anySide = false;
        if (elements != null) {
            elements.clear();
        }
    }

    void setNull(int row) {
        nulls[row] = true;
        anyNull = true;
        switch (layout) {
            case LONGS, WIDES, DOUBLES -> {}
            case TEXTS -> {
                starts[row] = 0;
                lengths[row] = 0;
            }
            case ARRAYS -> offsets[row + 1] = offsets[row];
        }
    }

    void setNotNull(int row) {
        nulls[row] = false;
    }

    /** Sets a text that lies in the input or, where {@code side}, in the side buffer. */
    void setText(int row, int start, int length, boolean side) {
        starts[row] = side ? ~start : start;
        lengths[row] = length;
        anySide |= side;
    }

    /** The rows so far as a column. Texts of the side buffer and of the input are brought together where both occur. */
    Column column(int rows, byte[] input, Side side) {
        boolean @Nullable [] n = anyNull ? nulls : null;
        return switch (layout) {
            case LONGS -> new Column.Longs(type, rows, longs, n);
            case WIDES -> new Column.Wides(type, rows, highs, longs, n);
            case DOUBLES -> new Column.Doubles(rows, doubles, n);
            case TEXTS -> new Column.Texts(type, rows, anySide ? gather(rows, input, side) : input, starts, lengths, n);
            case ARRAYS -> {
                if (elements == null) {
                    throw new IllegalStateException("an array without elements");
                }
                yield new Column.Arrays(type, rows, offsets, elements.column(offsets[rows], input, side), n);
            }
        };
    }

    private byte[] gather(int rows, byte[] input, Side side) {
        for (int i = 0; i < rows; i++) {
            int start = starts[i];
            starts[i] = start < 0 ? ~start : side.append(input, start, start + lengths[i]);
        }
        anySide = false;
        return side.bytes();
    }
}
