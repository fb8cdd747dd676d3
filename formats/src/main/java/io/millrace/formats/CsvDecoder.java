package io.millrace.formats;

import io.millrace.api.Batch;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes CSV: finds the fields of a row and casts those that are read. */
final class CsvDecoder implements Decoder {

    private final Projection.Field[] fields;
    private final Cells[] cells;
    /** For each field of the projection, which field of a row it is. */
    private final int[] places;

    private final int width;
    private final byte quote;
    private final List<String> names;
    private final CsvRow line;
    private final Rows rows;
    private final JsonCast cast;
    private final JsonScanner json = new JsonScanner();
    private boolean torn;

    /** @param names the columns; null where the input has no header because it is empty */
    CsvDecoder(Csv csv, Projection projection, @Nullable List<String> names) {
        fields = projection.fields().toArray(new Projection.Field[0]);
        cells = new Cells[fields.length];
        places = new int[fields.length];
        for (int i = 0; i < fields.length; i++) {
            cells[i] = new Cells(fields[i].type(), csv.maxRows());
            places[i] = names == null ? -1 : place(fields[i], names);
        }
        this.names = names == null ? List.of() : names;
        width = this.names.size();
        Character q = csv.quote();
        quote = q == null ? 0 : (byte) q.charValue();
        line = new CsvRow(csv);
        rows = new Rows(projection.schema(), cells, csv.maxRows());
        cast = new JsonCast(rows.side);
    }

    private static int place(Projection.Field field, List<String> names) {
        String known = "; the columns are " + String.join(", ", names);
        if (field.path().size() != 1) {
            throw new IllegalArgumentException(
                    "CSV has no fields within fields, so there is no " + field.name() + known);
        }
        int place = names.indexOf(field.name());
        if (place < 0 && field.optional()) {
            return -1;
        }
        if (place < 0) {
            throw new IllegalArgumentException("there is no column " + field.name() + known);
        }
        if (names.lastIndexOf(field.name()) != place) {
            throw new IllegalArgumentException("there are several columns " + field.name() + known);
        }
        return place;
    }

    @Override
    public int decode(byte[] bytes, int from, int to, boolean end) {
        rows.clear(bytes);
        torn = false;
        int p = from;
        while (p < to && rows.room()) {
            int blank = emptyLine(bytes, p, to, end);
            if (blank != p) {
                p = blank;
                continue;
            }
            int next = line.read(bytes, p, to, end);
            if (next == CsvRow.UNCLOSED) {
                next = strayQuote(bytes, p, to);
            } else if (next == to && end && bytes[to - 1] != '\n' && line.error() == null && line.count() < width) {
                next = CsvRow.UNCLOSED;
            }
            if (next < 0) {
                torn = next == CsvRow.UNCLOSED;
                break;
            }
            take(bytes, p, next);
            p = next;
        }
        return p;
    }

    private static int emptyLine(byte[] b, int p, int to, boolean end) {
        if (b[p] == '\n') {
            return p + 1;
        }
        if (b[p] == '\r') {
            if (p + 1 < to && b[p + 1] == '\n') {
                return p + 2;
            }
            if (p + 1 == to && end) {
                return to;
            }
        }
        return p;
    }

    /**
     * Decides what a row is whose quote is open at the end of the input: its beginning only, or a row with a stray quote
     * that swallowed the rows after it. It is the latter where the line after it is a whole row by itself.
     *
     * @return the place after its first line, or {@link CsvRow#UNCLOSED}
     */
    private int strayQuote(byte[] b, int from, int to) {
        int second = Words.newline(b, from, to) + 1;
        if (second < to) {
            int third = line.read(b, second, to, true);
            boolean whole = third > 0 && line.error() == null && line.count() == width && b[third - 1] == '\n';
            line.read(b, from, to, true);
            return whole ? second : CsvRow.UNCLOSED;
        }
        return CsvRow.UNCLOSED;
    }

    private void take(byte[] b, int from, int to) {
        if (line.error() != null) {
            reject(b, from, to, ReasonCode.MALFORMED_CSV, null, line.message(from));
            return;
        }
        if (!line.ascii()) {
            int wrong = Utf8.invalidAt(b, from, to);
            if (wrong >= 0) {
                reject(b, from, to, ReasonCode.INVALID_UTF8, null, JsonScanner.place(wrong, from) + "not UTF-8");
                return;
            }
        }
        if (line.count() != width) {
            String message = "expected " + width + " fields, found " + line.count();
            reject(b, from, to, ReasonCode.WRONG_FIELD_COUNT, null, message);
            return;
        }
        for (int i = 0; i < fields.length; i++) {
            if (!fill(b, from, to, i)) {
                rows.retry();
                return;
            }
        }
        rows.take(from, to);
    }

    private boolean fill(byte[] b, int from, int to, int index) {
        int row = rows.count;
        int place = places[index];
        if (place < 0) {
            return fillNull(b, from, to, index, from);
        }
        int start = line.start(place);
        int end = line.end(place);
        Cells column = cells[index];
        if (start == end && !line.quoted(place)) {
            return fillNull(b, from, to, index, start);
        }
        boolean inSide = line.doubled(place);
        byte[] text = b;
        if (inSide) {
            start = rows.side.unquote(b, start, end, quote);
            end = rows.side.length();
            text = rows.side.bytes();
        }
        ReasonCode reason;
        if (column.layout == Cells.Layout.TEXTS || column.layout == Cells.Layout.ARRAYS) {
            if (column.type.equals(Type.VARCHAR)) {
                column.setText(row, start, end - start, inSide);
                return true;
            }
            json.reset(text, end, true);
            int p = json.space(start);
            int after = json.value(p, 0);
            if (after < 0 || json.space(after) != end) {
                reason = ReasonCode.CAST_FAILED;
            } else if (text[p] == 'n') {
                return fillNull(b, from, to, index, line.start(place));
            } else {
                reason = cast.put(column, row, text, p, after, json.escaped, inSide, true);
            }
        } else if (column.wholeMax > 0 && Numbers.whole(column, row, text, start) == end) {
            return true;
        } else {
            reason = cast.text().put(column, row, text, start, end);
        }
        if (reason == null) {
            return true;
        }
        String message = JsonCast.message(reason, column.type, "another kind of JSON value");
        String at = JsonScanner.place(line.start(place), from);
        reject(b, from, to, reason, fields[index].name(), at + message);
        return false;
    }

    private boolean fillNull(byte[] b, int from, int to, int index, int at) {
        if (!fields[index].nullable()) {
            String message = JsonScanner.place(at, from) + "expected "
                    + fields[index].type().sql() + ", found null";
            reject(b, from, to, ReasonCode.NULL_FIELD, fields[index].name(), message);
            return false;
        }
        cells[index].setNull(rows.count);
        return true;
    }

    private void reject(byte[] b, int from, int to, ReasonCode code, @Nullable String field, String message) {
        int end = Rows.withoutTerminator(b, from, to);
        rows.malformed.add(new Malformed(from, end, code.code(), field, message));
    }

    @Override
    public Batch batch() {
        return rows.batch();
    }

    @Override
    public int start(int row) {
        return rows.start(row);
    }

    @Override
    public int end(int row) {
        return rows.end(row);
    }

    /** An object of texts. A field that is empty and has no quotes is null, and so it is missing here. */
    @Override
    public RecordBatch.Text json(int row) {
        byte[] b = rows.input();
        line.read(b, rows.start(row), rows.end(row), true);
        StringBuilder object = new StringBuilder("{");
        for (int i = 0; i < width; i++) {
            if (line.start(i) < line.end(i) || line.quoted(i)) {
                object.append(object.length() > 1 ? "," : "");
                JsonQuotes.append(object, names.get(i));
                object.append(':');
                JsonQuotes.append(object, line.text(b, i));
            }
        }
        byte[] text = object.append('}').toString().getBytes(StandardCharsets.UTF_8);
        return new RecordBatch.Text(text, 0, text.length, true);
    }

    @Override
    public List<Malformed> malformed() {
        return rows.malformed;
    }

    @Override
    public boolean torn() {
        return torn;
    }
}
