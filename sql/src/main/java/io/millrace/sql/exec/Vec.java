package io.millrace.sql.exec;

import io.millrace.api.Column;
import io.millrace.api.Type;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values of one type, one for each row of a batch that an operator was asked for; other rows hold garbage. The arrays
 * are either its own, reused from batch to batch, or those of a column or of another vector that it only shows.
 */
final class Vec {
    /** How values lie in memory. */
    enum Kind {
        LONG,
        WIDE,
        DOUBLE,
        TEXT,
        ARRAY;

        static Kind of(Type type) {
            return switch (type) {
                case Type.Simple s ->
                    switch (s) {
                        case BOOLEAN, INTEGER, BIGINT, DATE, TIMESTAMP, TIMESTAMP_TZ -> LONG;
                        case DOUBLE -> DOUBLE;
                        case VARCHAR, JSON -> TEXT;
                    };
                case Type.Decimal d -> d.fitsLong() ? LONG : WIDE;
                case Type.Array a -> ARRAY;
            };
        }
    }

    /** All texts of one vector together: an array can't be much longer. */
    static final int MAX_ARENA_BYTES = 1 << 30;

    private static final int KEPT_ARENA_BYTES = 1 << 22;

    final Type type;
    final Kind kind;

    /** LONG; the lower halves of WIDE. */
    long[] longs = {};
    /** The upper halves of WIDE. */
    long[] high = {};

    double[] doubles = {};

    /** The bytes that TEXT rows point into. */
    byte[] data = {};
    /** TEXT: where a row's bytes begin in {@link #data}; ARRAY: where its elements do in {@link #elements}. */
    int[] start = {};

    int[] length = {};
    /** The values that ARRAY rows point into. */
    @Nullable
    Column elements;

    /** Which rows are null; null where none is. */
    boolean @Nullable [] nulls;

    /** Whether every row has the same value. */
    boolean constant;

    private boolean[] nullBuffer = {};
    private byte[] arena = {};
    private int used;
    private int rows;

    Vec(Type type) {
        this.type = type;
        this.kind = Kind.of(type);
    }

    /** Makes the arrays its own again, of at least {@code rows} places, with no nulls and no texts. */
    void reset(int rows) {
        this.rows = rows;
        nulls = null;
        switch (kind) {
            case LONG -> {
                if (longs.length < rows) {
                    longs = new long[rows];
                }
            }
            case WIDE -> {
                if (longs.length < rows) {
                    longs = new long[rows];
                    high = new long[rows];
                }
            }
            case DOUBLE -> {
                if (doubles.length < rows) {
                    doubles = new double[rows];
                }
            }
            case TEXT -> {
                if (start.length < rows) {
                    start = new int[rows];
                    length = new int[rows];
                }
                if (arena.length > KEPT_ARENA_BYTES && used < arena.length / 8) {
                    arena = new byte[arena.length / 2];
                }
                used = 0;
                data = arena;
            }
            case ARRAY -> {
                if (start.length < rows) {
                    start = new int[rows];
                    length = new int[rows];
                }
            }
        }
    }

    /** Shows a column as it is. */
    void show(Column column) {
        rows = column.size();
        nulls = column.nulls();
        switch (column) {
            case Column.Longs c -> longs = c.values();
            case Column.Wides c -> {
                longs = c.low();
                high = c.high();
            }
            case Column.Doubles c -> doubles = c.values();
            case Column.Texts c -> {
                data = c.data();
                start = c.start();
                length = c.length();
            }
            case Column.Arrays c -> {
                if (start.length < rows) {
                    start = new int[rows];
                    length = new int[rows];
                }
                int[] offsets = c.offsets();
                for (int i = 0; i < rows; i++) {
                    start[i] = offsets[i];
                    length[i] = offsets[i + 1] - offsets[i];
                }
                elements = c.elements();
            }
        }
    }

    boolean isNull(int row) {
        boolean[] flags = nulls;
        return flags != null && flags[row];
    }

    void setNull(int row) {
        boolean[] flags = nulls;
        if (flags == null) {
            if (nullBuffer.length < rows) {
                nullBuffer = new boolean[rows];
            } else {
                Arrays.fill(nullBuffer, 0, rows, false);
            }
            flags = nullBuffer;
            nulls = flags;
        }
        flags[row] = true;
    }

    void setAllNull() {
        for (int i = 0; i < rows; i++) {
            setNull(i);
        }
    }

    void setWide(int row, Int128 value) {
        longs[row] = value.low;
        high[row] = value.high;
    }

    /** Where the next text of at most {@code most} bytes can be written in {@link #data}; -1 where there is no room. */
    int reserve(long most) {
        long needed = used + most;
        if (needed > MAX_ARENA_BYTES) {
            return -1;
        }
        if (needed > arena.length) {
            arena = Arrays.copyOf(arena, (int) Math.min(MAX_ARENA_BYTES, Math.max(needed, 2L * arena.length + 256)));
            data = arena;
        }
        return used;
    }

    /** The row's text is what was written at {@code at}, which {@link #reserve} gave. */
    void commit(int row, int at, int bytes) {
        start[row] = at;
        length[row] = bytes;
        used = at + bytes;
    }

    /** A copy of bytes that are not in this vector's own arena; false where there is no room. */
    boolean append(int row, byte[] from, int offset, int bytes) {
        int at = reserve(bytes);
        if (at < 0) {
            return false;
        }
        System.arraycopy(from, offset, arena, at, bytes);
        commit(row, at, bytes);
        return true;
    }

    /** Takes over the values of some rows of a vector of the same type. */
    void copy(Frame frame, Vec from, Rows which) {
        int[] index = which.index;
        int n = which.count;
        switch (kind) {
            case LONG -> {
                long[] a = from.longs;
                long[] o = longs;
                if (index == null) {
                    System.arraycopy(a, 0, o, 0, n);
                } else {
                    for (int i = 0; i < n; i++) {
                        o[index[i]] = a[index[i]];
                    }
                }
            }
            case WIDE -> {
                for (int i = 0; i < n; i++) {
                    int r = index == null ? i : index[i];
                    longs[r] = from.longs[r];
                    high[r] = from.high[r];
                }
            }
            case DOUBLE -> {
                for (int i = 0; i < n; i++) {
                    int r = index == null ? i : index[i];
                    doubles[r] = from.doubles[r];
                }
            }
            case TEXT -> copyTexts(frame, from, which);
            case ARRAY -> copyArrays(from, which);
        }
        boolean[] theirs = from.nulls;
        if (theirs != null) {
            for (int i = 0; i < n; i++) {
                int r = index == null ? i : index[i];
                if (theirs[r]) {
                    setNull(r);
                }
            }
        }
    }

    private void copyTexts(Frame frame, Vec from, Rows which) {
        int n = which.count;
        if (from.constant && n > 0) {
            if (from.isNull(which.row(0))) {
                return;
            }
            // One copy for all rows: rows may share bytes.
            int at = reserve(from.length[0]);
            if (at >= 0) {
                System.arraycopy(from.data, from.start[0], arena, at, from.length[0]);
                for (int i = 0; i < n; i++) {
                    commit(which.row(i), at, from.length[0]);
                }
                return;
            }
        }
        for (int i = 0; i < n; i++) {
            int r = which.row(i);
            if (!from.isNull(r) && !append(r, from.data, from.start[r], from.length[r])) {
                frame.tooLong(r);
                setNull(r);
            }
        }
    }

    // The same object or another is the question: whether the elements are already there.
    @SuppressWarnings("ReferenceEquality")
    private void copyArrays(Vec from, Rows which) {
        Column theirs = from.elements;
        if (theirs == null) {
            return;
        }
        Column ours = elements;
        int base = 0;
        if (ours == null) {
            elements = theirs;
        } else if (ours != theirs) {
            base = ours.size();
            elements = Gather.concat(ours, theirs);
        }
        for (int i = 0; i < which.count; i++) {
            int r = which.row(i);
            start[r] = base + from.start[r];
            length[r] = from.length[r];
        }
    }

    /** The first {@code size} rows as a column that shares the arrays. */
    Column column(int size) {
        return switch (kind) {
            case LONG -> new Column.Longs(type, size, longs, nulls);
            case WIDE -> new Column.Wides(type, size, high, longs, nulls);
            case DOUBLE -> new Column.Doubles(size, doubles, nulls);
            case TEXT -> new Column.Texts(type, size, data, start, length, nulls);
            case ARRAY -> Gather.array(this, size);
        };
    }
}
