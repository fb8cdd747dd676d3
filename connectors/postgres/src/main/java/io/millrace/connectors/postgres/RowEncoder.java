package io.millrace.connectors.postgres;

import io.millrace.api.Column;
import io.millrace.api.TableShape;
import io.millrace.api.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows in the form of {@code COPY ... (FORMAT binary)}: the number of fields, then for each its length (-1 for
 * null) and its bytes as the type's receive function wants them. Not thread-safe.
 */
final class RowEncoder {

    /** A key longer than a third of a page does not fit an index, 2,704 bytes with what the index adds. */
    static final int MAX_KEY_BYTES = 2_600;

    private static final long EPOCH_DAYS = 10_957;
    private static final long EPOCH_MICROS = EPOCH_DAYS * 24 * 60 * 60 * 1_000_000;

    /** Limits of PostgreSQL's dates and timestamps, in its own count from 2000-01-01 (datatype/timestamp.h). */
    private static final long MIN_DATE = -2_451_545;

    private static final long END_DATE = 2_145_031_949;
    private static final long MIN_TIMESTAMP = -211_813_488_000_000_000L;
    private static final long END_TIMESTAMP = 9_223_371_331_200_000_000L;

    private static final int MAX_TEXT_BYTES = 1_000_000_000;
    private static final int MAX_JSON_BYTES = 268_435_455;

    /** Room for the length and the bytes of a value of fixed size, and for the header of an array. */
    private static final int FIXED_BYTES = Integer.BYTES + NumericBinary.MAX_BYTES;

    private static final int NULL = -1;

    private final TableShape.Col[] shape;
    private final boolean[] key;
    private final boolean hashable;

    /** For each column the magnitude that a decimal must stay under; null where it need not be checked. */
    private final NumericBinary.@Nullable Limit[] limits;

    private final CopyBuffer out;
    private final NumericBinary numeric = new NumericBinary();
    private final JsonbText json = new JsonbText();

    private int column;
    private long keyHash;

    RowEncoder(TableShape shape, CopyBuffer out) {
        List<TableShape.Col> columns = shape.columns();
        this.shape = columns.toArray(TableShape.Col[]::new);
        this.out = out;
        this.key = new boolean[columns.size()];
        this.limits = new NumericBinary.@Nullable Limit[columns.size()];
        boolean comparable = true;
        for (int i = 0; i < key.length; i++) {
            TableShape.Col col = columns.get(i);
            key[i] = col.merge() == TableShape.Merge.KEY;
            if (key[i] && (col.type().equals(Type.JSON) || col.type() instanceof Type.Array)) {
                // Equal values of these types may have different bytes.
                comparable = false;
            }
            limits[i] = limit(col);
        }
        this.hashable = comparable;
    }

    private static NumericBinary.@Nullable Limit limit(TableShape.Col col) {
        Type type = col.type() instanceof Type.Array(Type element) ? element : col.type();
        // A total has no limit in the table either.
        return type instanceof Type.Decimal decimal && col.merge() != TableShape.Merge.ADD
                ? NumericBinary.Limit.of(decimal.precision())
                : null;
    }

    /** Whether rows with equal keys have equal {@link #keyHash}es. */
    boolean hashable() {
        return hashable;
    }

    /** A hash of the key of the last row. */
    long keyHash() {
        return keyHash;
    }

    /** The column at fault where the last row was refused. */
    int column() {
        return column;
    }

    /** Refuses a row as a whole, on behalf of its first column. */
    Refusal refuseRow(Refusal refusal) {
        column = 0;
        return refusal;
    }

    /** Writes a row; where it is refused nothing is written. */
    @Nullable
    Refusal encode(Column[] columns, int row) {
        out.reserve(Short.BYTES + size(columns, row));
        int start = out.mark();
        out.putShort(columns.length);
        int keyBytes = 0;
        keyHash = 0;
        for (column = 0; column < columns.length; column++) {
            int field = out.mark();
            Column values = columns[column];
            Refusal refusal;
            if (values.isNull(row)) {
                out.putInt(NULL);
                refusal = key[column] ? Refusal.NULL_KEY : shape[column].nullable() ? null : Refusal.NULL_VALUE;
            } else {
                refusal = value(values, row);
            }
            if (refusal == null && key[column]) {
                keyHash = out.hash(keyHash, field);
                keyBytes += out.mark() - field;
                refusal = keyBytes > MAX_KEY_BYTES ? Refusal.KEY_TOO_LONG : null;
            }
            if (refusal != null) {
                out.rewind(start);
                return refusal;
            }
        }
        return null;
    }

    /** The most bytes that a row may take. */
    private static int size(Column[] columns, int row) {
        int size = 0;
        for (Column values : columns) {
            size = Math.addExact(size, size(values, row));
        }
        return size;
    }

    private static int size(Column values, int row) {
        if (values.isNull(row)) {
            return Integer.BYTES;
        }
        return switch (values) {
            case Column.Texts texts -> Integer.BYTES + 1 + texts.length()[row];
            case Column.Arrays arrays -> {
                int size = FIXED_BYTES;
                for (int i = arrays.offsets()[row]; i < arrays.offsets()[row + 1]; i++) {
                    size = Math.addExact(size, size(arrays.elements(), i));
                }
                yield size;
            }
            case Column.Longs _, Column.Wides _, Column.Doubles _ -> FIXED_BYTES;
        };
    }

    private @Nullable Refusal value(Column values, int row) {
        return switch (values) {
            case Column.Longs longs -> number(longs.type(), longs.values()[row]);
            case Column.Wides wides -> wide(wides.type(), wides.high()[row], wides.low()[row]);
            case Column.Doubles doubles -> {
                out.putInt(Double.BYTES);
                double value = doubles.values()[row];
                // In a key, the two zeros are one.
                out.putLong(Double.doubleToLongBits(key[column] && value == 0 ? 0.0 : value));
                yield null;
            }
            case Column.Texts texts -> text(texts, row);
            case Column.Arrays arrays -> array(arrays, row);
        };
    }

    private @Nullable Refusal number(Type type, long value) {
        return switch (type) {
            case Type.Decimal decimal -> {
                NumericBinary.Limit limit = limits[column];
                if (limit != null && NumericBinary.tooLarge(value >> (Long.SIZE - 1), value, limit)) {
                    yield Refusal.NUMBER_OUT_OF_RANGE;
                }
                numeric.write(out, value, decimal.scale());
                yield null;
            }
            case Type.Simple simple -> simple(simple, value);
            case Type.Array array -> throw new IllegalArgumentException("an array has a column of its own kind");
        };
    }

    private @Nullable Refusal simple(Type.Simple type, long value) {
        switch (type) {
            case BOOLEAN -> {
                out.putInt(1);
                out.putByte(value == 0 ? 0 : 1);
            }
            case INTEGER -> {
                if ((int) value != value) {
                    return Refusal.NUMBER_OUT_OF_RANGE;
                }
                out.putInt(Integer.BYTES);
                out.putInt((int) value);
            }
            case BIGINT -> {
                out.putInt(Long.BYTES);
                out.putLong(value);
            }
            case DATE -> {
                if (value < MIN_DATE + EPOCH_DAYS || value >= END_DATE + EPOCH_DAYS) {
                    return Refusal.DATE_OUT_OF_RANGE;
                }
                out.putInt(Integer.BYTES);
                out.putInt((int) (value - EPOCH_DAYS));
            }
            case TIMESTAMP, TIMESTAMP_TZ -> {
                // PostgreSQL's end, seen from 1970, is beyond the largest long: compared on its side of the epoch.
                if (value < MIN_TIMESTAMP + EPOCH_MICROS || value - EPOCH_MICROS >= END_TIMESTAMP) {
                    return Refusal.TIMESTAMP_OUT_OF_RANGE;
                }
                out.putInt(Long.BYTES);
                out.putLong(value - EPOCH_MICROS);
            }
            case DOUBLE, VARCHAR, JSON -> throw new IllegalArgumentException(type + " is not kept as whole numbers");
        }
        return null;
    }

    private @Nullable Refusal wide(Type type, long high, long low) {
        if (!(type instanceof Type.Decimal decimal)) {
            throw new IllegalArgumentException(type.sql() + " is not kept as 128-bit numbers");
        }
        NumericBinary.Limit limit = limits[column];
        if (limit != null && NumericBinary.tooLarge(high, low, limit)) {
            return Refusal.NUMBER_OUT_OF_RANGE;
        }
        numeric.write(out, high, low, decimal.scale());
        return null;
    }

    private @Nullable Refusal text(Column.Texts texts, int row) {
        byte[] data = texts.data();
        int start = texts.start()[row];
        int length = texts.length()[row];
        if (length > MAX_TEXT_BYTES) {
            return Refusal.TEXT_TOO_LONG;
        }
        switch (Texts.check(data, start, length)) {
            case GOOD -> {}
            case NUL -> {
                return Refusal.TEXT_WITH_NUL;
            }
            case MALFORMED -> {
                return Refusal.INVALID_UTF8;
            }
        }
        if (texts.type().equals(Type.JSON)) {
            Refusal refusal = length > MAX_JSON_BYTES
                    ? Refusal.JSON_TOO_LONG
                    : switch (json.check(data, start, length)) {
                        case GOOD -> null;
                        case MALFORMED -> Refusal.INVALID_JSON;
                        case NUL -> Refusal.JSON_WITH_NUL;
                        case NUMBER -> Refusal.JSON_NUMBER_OUT_OF_RANGE;
                        case DEPTH -> Refusal.JSON_TOO_DEEP;
                    };
            if (refusal != null) {
                return refusal;
            }
            out.putInt(length + 1);
            out.putByte(1); // the version of the binary form of jsonb
        } else {
            out.putInt(length);
        }
        out.putBytes(data, start, length);
        return null;
    }

    /** Dimensions, whether nulls occur, type of the elements, then per dimension length and lower bound (array_recv). */
    private @Nullable Refusal array(Column.Arrays arrays, int row) {
        Column elements = arrays.elements();
        int from = arrays.offsets()[row];
        int to = arrays.offsets()[row + 1];
        int lengthAt = out.mark();
        out.putInt(0);
        int start = out.mark();
        out.putInt(to > from ? 1 : 0);
        out.putInt(hasNull(elements, from, to) ? 1 : 0);
        out.putInt(ColumnTypes.oid(elements.type()));
        if (to > from) {
            out.putInt(to - from);
            out.putInt(1);
        }
        for (int i = from; i < to; i++) {
            if (elements.isNull(i)) {
                out.putInt(NULL);
            } else {
                Refusal refusal = value(elements, i);
                if (refusal != null) {
                    return refusal;
                }
            }
        }
        out.putIntAt(lengthAt, out.mark() - start);
        return null;
    }

    private static boolean hasNull(Column elements, int from, int to) {
        for (int i = from; i < to; i++) {
            if (elements.isNull(i)) {
                return true;
            }
        }
        return false;
    }
}
