package io.millrace.connectors.memory;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Sink;
import io.millrace.api.TableShape;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of batches as objects, and finds those that PostgreSQL would not hold.
 *
 * <p>A value is a {@link Boolean}, a {@link Long} (whole numbers, days, microseconds), a {@link BigDecimal}, a
 * {@link Double}, a {@link String} (text; JSON in the form of {@link JsonText}), a {@link List} or null.
 */
final class RowReader {

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

    private final TableShape shape;

    RowReader(TableShape shape) {
        this.shape = shape;
    }

    /** The row, or why it can't be held. */
    sealed interface Result {
        record Row(@Nullable Object[] values) implements Result {}

        record Bad(Refusal refusal, TableShape.Col column) implements Result {}
    }

    List<Sink.Refused> check(Batch batch) {
        List<Sink.Refused> refused = new ArrayList<>(0);
        for (int row = 0; row < batch.rows(); row++) {
            if (read(batch, row, false) instanceof Result.Bad(Refusal refusal, TableShape.Col column)) {
                refused.add(new Sink.Refused(row, refusal.code(), column.name(), refusal.message(column)));
            }
        }
        return refused;
    }

    /** @param totals whether columns that are added up are read as well */
    Result read(Batch batch, int row, boolean totals) {
        if (shape.mode() != TableShape.Mode.MERGE && batch.weight(row) < 0) {
            return new Result.Bad(Refusal.RETRACTION, shape.columns().getFirst());
        }
        @Nullable Object[] values = new @Nullable Object[shape.columns().size()];
        int keyBytes = 0;
        for (int i = 0; i < values.length; i++) {
            TableShape.Col col = shape.columns().get(i);
            boolean key = col.merge() == TableShape.Merge.KEY;
            if (col.merge() == TableShape.Merge.ADD && !totals) {
                continue;
            }
            Column column = batch.column(i);
            if (column.isNull(row)) {
                if (key || !col.nullable()) {
                    return new Result.Bad(key ? Refusal.NULL_KEY : Refusal.NULL_VALUE, col);
                }
                continue;
            }
            try {
                Object value = value(column, row, col);
                if (key) {
                    keyBytes += Integer.BYTES + bytes(value, column, row);
                    if (keyBytes > MAX_KEY_BYTES) {
                        return new Result.Bad(Refusal.KEY_TOO_LONG, col);
                    }
                    // In a key, the two zeros are one.
                    value = value instanceof Double d && d == 0 ? (Object) 0.0 : value;
                }
                values[i] = value;
            } catch (Refusal.Found e) {
                return new Result.Bad(e.refusal(), col);
            }
        }
        return new Result.Row(values);
    }

    private static Object value(Column column, int row, TableShape.Col col) throws Refusal.Found {
        return switch (column) {
            case Column.Longs longs -> number(longs.type(), longs.values()[row], col);
            case Column.Wides wides -> decimal((Type.Decimal) wides.type(), wides.unscaled(row), col);
            case Column.Doubles doubles -> doubles.values()[row];
            case Column.Texts texts -> text(texts, row);
            case Column.Arrays arrays -> {
                List<@Nullable Object> elements = new ArrayList<>();
                for (int i = arrays.offsets()[row]; i < arrays.offsets()[row + 1]; i++) {
                    elements.add(arrays.elements().isNull(i) ? null : value(arrays.elements(), i, col));
                }
                yield Collections.unmodifiableList(elements);
            }
        };
    }

    private static Object number(Type type, long value, TableShape.Col col) throws Refusal.Found {
        return switch (type) {
            case Type.Decimal decimal -> decimal(decimal, BigInteger.valueOf(value), col);
            case Type.Array _ -> throw new IllegalArgumentException("an array has a column of its own kind");
            case Type.Simple simple ->
                switch (simple) {
                    case BOOLEAN -> value != 0;
                    case INTEGER -> require((int) value == value, value, Refusal.NUMBER_OUT_OF_RANGE);
                    case BIGINT -> value;
                    case DATE ->
                        require(
                                value >= MIN_DATE + EPOCH_DAYS && value < END_DATE + EPOCH_DAYS,
                                value,
                                Refusal.DATE_OUT_OF_RANGE);
                    // PostgreSQL's end, seen from 1970, is beyond the largest long: compared on its side of the epoch.
                    case TIMESTAMP, TIMESTAMP_TZ ->
                        require(
                                value >= MIN_TIMESTAMP + EPOCH_MICROS && value - EPOCH_MICROS < END_TIMESTAMP,
                                value,
                                Refusal.TIMESTAMP_OUT_OF_RANGE);
                    case DOUBLE, VARCHAR, JSON ->
                        throw new IllegalArgumentException(type + " is not kept as whole numbers");
                };
        };
    }

    /** A total has no limit in the table. */
    private static BigDecimal decimal(Type.Decimal type, BigInteger unscaled, TableShape.Col col) throws Refusal.Found {
        Type declared = col.type() instanceof Type.Array(Type element) ? element : col.type();
        if (col.merge() != TableShape.Merge.ADD
                && declared instanceof Type.Decimal limit
                && unscaled.abs().compareTo(BigInteger.TEN.pow(limit.precision())) >= 0) {
            throw new Refusal.Found(Refusal.NUMBER_OUT_OF_RANGE);
        }
        return new BigDecimal(unscaled, type.scale());
    }

    private static Long require(boolean within, long value, Refusal otherwise) throws Refusal.Found {
        if (!within) {
            throw new Refusal.Found(otherwise);
        }
        return value;
    }

    private static String text(Column.Texts texts, int row) throws Refusal.Found {
        int start = texts.start()[row];
        int length = texts.length()[row];
        if (length > MAX_TEXT_BYTES) {
            throw new Refusal.Found(Refusal.TEXT_TOO_LONG);
        }
        ByteBuffer in = ByteBuffer.wrap(texts.data(), start, length);
        CharBuffer out = CharBuffer.allocate(length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        String text = out.flip().toString();
        if (text.indexOf('\0') >= 0) {
            throw new Refusal.Found(Refusal.TEXT_WITH_NUL);
        } else if (result.isError()) {
            throw new Refusal.Found(Refusal.INVALID_UTF8);
        } else if (!texts.type().equals(Type.JSON)) {
            return text;
        } else if (length > MAX_JSON_BYTES) {
            throw new Refusal.Found(Refusal.JSON_TOO_LONG);
        }
        return JsonText.canonical(text);
    }

    /** How many bytes a value of a key takes on its way into PostgreSQL. */
    private static int bytes(@Nullable Object value, Column column, int row) {
        return switch (column) {
            case Column.Texts texts -> texts.length()[row] + (texts.type().equals(Type.JSON) ? 1 : 0);
            case Column.Arrays arrays -> {
                int from = arrays.offsets()[row];
                int to = arrays.offsets()[row + 1];
                int size = 3 * Integer.BYTES + (to > from ? 2 * Integer.BYTES : 0);
                for (int i = from; i < to; i++) {
                    Object element = value instanceof List<?> list ? list.get(i - from) : null;
                    size += Integer.BYTES + (element == null ? 0 : bytes(element, arrays.elements(), i));
                }
                yield size;
            }
            case Column.Longs _, Column.Wides _, Column.Doubles _ ->
                switch (value) {
                    case Boolean _ -> 1;
                    case BigDecimal decimal -> 8 + 2 * Numeric.digits(decimal);
                    case null, default ->
                        column.type().equals(Type.INTEGER) || column.type().equals(Type.DATE)
                                ? Integer.BYTES
                                : Long.BYTES;
                };
        };
    }
}
