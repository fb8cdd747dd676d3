package io.millrace.formats;

import io.millrace.api.Type;
import org.jspecify.annotations.Nullable;

/** Puts valid JSON values into columns, as far as their kinds fit. Not thread-safe. */
final class JsonCast {

    private final TextCast text = new TextCast();
    private final JsonScanner scanner = new JsonScanner();
    private final Side side;

    /** Where the last value that did not fit begins: an element, where it was in an array. */
    private int misfitAt;

    private byte[] misfitIn = {};
    private Type misfitType = Type.JSON;

    JsonCast(Side side) {
        this.side = side;
    }

    TextCast text() {
        return text;
    }

    /**
     * Puts the value {@code b[p..end)}, which is valid and not null.
     *
     * @param escaped whether it is a string with escapes
     * @param inSide whether {@code b} is the side buffer
     * @param lenient whether text may be cast, and other kinds taken as text
     * @return why it does not fit, or null
     */
    @Nullable
    ReasonCode put(Cells cells, int row, byte[] b, int p, int end, boolean escaped, boolean inSide, boolean lenient) {
        ReasonCode reason = convert(cells, row, b, p, end, escaped, inSide, lenient);
        if (reason != null && cells.layout != Cells.Layout.ARRAYS) {
            misfit(cells, b, p);
        }
        return reason;
    }

    private void misfit(Cells cells, byte[] b, int p) {
        misfitAt = p;
        misfitIn = b;
        misfitType = cells.type;
    }

    private @Nullable ReasonCode convert(
            Cells cells, int row, byte[] b, int p, int end, boolean escaped, boolean inSide, boolean lenient) {
        byte first = b[p];
        boolean string = first == '"';
        return switch (cells.type) {
            case Type.Array _ -> array(cells, row, b, p, end, inSide, lenient);
            case Type.Decimal _ -> number(cells, row, b, p, end, escaped, lenient);
            case Type.Simple simple ->
                switch (simple) {
                    case INTEGER, BIGINT, DOUBLE -> number(cells, row, b, p, end, escaped, lenient);
                    case BOOLEAN -> {
                        if (first == 't' || first == 'f') {
                            cells.longs[row] = first == 't' ? 1 : 0;
                            yield null;
                        }
                        yield string && lenient ? cast(cells, row, b, p, end, escaped) : ReasonCode.WRONG_TYPE;
                    }
                    case DATE, TIMESTAMP, TIMESTAMP_TZ -> {
                        if (!string) {
                            yield ReasonCode.WRONG_TYPE;
                        }
                        yield lenient || escaped
                                ? cast(cells, row, b, p, end, escaped, lenient)
                                : text.time(cells, row, b, p + 1, end - 1, false);
                    }
                    case VARCHAR -> {
                        if (!string && !lenient) {
                            yield ReasonCode.WRONG_TYPE;
                        }
                        string(cells, row, b, p, end, escaped, inSide);
                        yield null;
                    }
                    case JSON -> {
                        cells.setText(row, p, end - p, inSide);
                        yield null;
                    }
                };
        };
    }

    private @Nullable ReasonCode number(
            Cells cells, int row, byte[] b, int p, int end, boolean escaped, boolean lenient) {
        byte first = b[p];
        if (first == '-' || (first >= '0' && first <= '9')) {
            return text.number(cells, row, b, p, end);
        }
        return first == '"' && lenient ? cast(cells, row, b, p, end, escaped) : ReasonCode.WRONG_TYPE;
    }

    private @Nullable ReasonCode cast(Cells cells, int row, byte[] b, int p, int end, boolean escaped) {
        return cast(cells, row, b, p, end, escaped, true);
    }

    /** Casts the inside of a string. */
    private @Nullable ReasonCode cast(
            Cells cells, int row, byte[] b, int p, int end, boolean escaped, boolean lenient) {
        if (!escaped) {
            return text.put(cells, row, b, p + 1, end - 1);
        }
        int start = side.unescape(b, p + 1, end - 1);
        byte[] plain = side.bytes();
        int plainEnd = side.length();
        side.cut(start);
        return lenient
                ? text.put(cells, row, plain, start, plainEnd)
                : text.time(cells, row, plain, start, plainEnd, false);
    }

    /** Puts a string's inside, or the text of any other value. */
    private void string(Cells cells, int row, byte[] b, int p, int end, boolean escaped, boolean inSide) {
        if (b[p] != '"') {
            cells.setText(row, p, end - p, inSide);
        } else if (!escaped) {
            cells.setText(row, p + 1, end - p - 2, inSide);
        } else {
            int start = side.unescape(b, p + 1, end - 1);
            cells.setText(row, start, side.length() - start, true);
        }
    }

    private @Nullable ReasonCode array(
            Cells cells, int row, byte[] b, int p, int end, boolean inSide, boolean lenient) {
        Cells elements = cells.elements;
        if (b[p] != '[' || elements == null) {
            misfit(cells, b, p);
            return ReasonCode.WRONG_TYPE;
        }
        int element = cells.offsets[row];
        // Arrays in arrays are read by their own call, each of which sets the scanner anew.
        scanner.reset(b, end, true);
        int at = scanner.space(p + 1);
        while (b[at] != ']') {
            int next = scanner.value(at, 0);
            elements.ensure(element);
            if (b[at] == 'n') {
                elements.setNull(element);
            } else {
                elements.setNotNull(element);
                ReasonCode reason = put(elements, element, b, at, next, scanner.escaped, inSide, lenient);
                if (reason != null) {
                    return reason;
                }
                scanner.reset(b, end, true);
            }
            element++;
            at = scanner.space(next);
            if (b[at] == ',') {
                at = scanner.space(at + 1);
            }
        }
        cells.offsets[row + 1] = element;
        return null;
    }

    /**
     * The last misfit as a message for people.
     *
     * @param recordStart where the record begins in the buffer; negative where the value was not read from there
     */
    String message(ReasonCode reason, int recordStart) {
        String place = recordStart < 0 ? "" : JsonScanner.place(misfitAt, recordStart);
        String found = JsonScanner.kind(misfitIn[misfitAt]);
        return place + message(reason, misfitType, found);
    }

    static String message(ReasonCode reason, Type type, String found) {
        return switch (reason) {
            case NUMBER_OUT_OF_RANGE -> "the number is out of the range of " + type.sql();
            case INEXACT_NUMBER -> "the number has more digits after the point than " + type.sql() + " keeps";
            case CAST_FAILED -> "the text can't be read as " + type.sql() + form(type);
            default -> "expected " + type.sql() + ", found " + found;
        };
    }

    private static String form(Type type) {
        return switch (type) {
            case Type.Simple.DATE -> "; expected YYYY-MM-DD";
            case Type.Simple.TIMESTAMP ->
                "; expected YYYY-MM-DDThh:mm:ss without an offset, with at most 6 digits of a fraction";
            case Type.Simple.TIMESTAMP_TZ ->
                "; expected YYYY-MM-DDThh:mm:ssZ or with an offset, with at most 6 digits of a fraction";
            case Type.Simple _, Type.Decimal _, Type.Array _ -> "";
        };
    }
}
