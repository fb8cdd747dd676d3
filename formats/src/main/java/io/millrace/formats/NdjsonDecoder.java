package io.millrace.formats;

import io.millrace.api.Batch;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes NDJSON. A record shaped as one before is read in one pass along its {@link Pattern}; any other, and any that
 * gives the least doubt, is read again by {@link FieldLocator}, which alone rejects.
 */
final class NdjsonDecoder implements Decoder {

    private final JsonField[] fields;
    private final Rows rows;
    private final JsonCast cast;
    private final FieldLocator locator;
    private final Pattern pattern = new Pattern();
    private final JsonScanner scanner = new JsonScanner();
    private final boolean learns;
    /** Grows with every attempt to read a record; fields and nodes that carry it have been seen in that attempt. */
    private long serial;

    private boolean torn;

    NdjsonDecoder(Projection projection, int maxRows) {
        List<JsonField> list = projection.fields().stream()
                .map(field -> new JsonField(field, maxRows))
                .toList();
        fields = list.toArray(new JsonField[0]);
        Cells[] cells = new Cells[fields.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = fields[i].cells;
        }
        FieldNode root = FieldNode.of(list);
        rows = new Rows(projection.schema(), cells, maxRows);
        cast = new JsonCast(rows.side);
        locator = new FieldLocator(root, rows.side);
        learns = !root.overlaps();
    }

    @Override
    public int decode(byte[] bytes, int from, int to, boolean end) {
        rows.clear(bytes);
        torn = false;
        int whole = to;
        while (whole > from && bytes[whole - 1] != '\n') {
            whole--;
        }
        scanner.reset(bytes, whole, false);
        int p = from;
        while (p < whole && rows.room()) {
            int next = learns ? follow(bytes, p) : -1;
            if (next < 0) {
                next = Words.newline(bytes, p, whole) + 1;
                examine(bytes, p, next - 1, next, false);
            } else {
                rows.take(p, next);
            }
            p = next;
        }
        if (end && p == whole && p < to && rows.room()) {
            examine(bytes, p, to, to, true);
            return torn ? p : to;
        }
        return p;
    }

    /**
     * Reads the record at {@code p} along the pattern into the next row. A newline must follow somewhere: no step goes
     * past it.
     *
     * @return the place after its newline; -1 where it leaves the pattern or needs a closer look
     */
    private int follow(byte[] b, int p) {
        long mark = ++serial;
        int row = rows.count;
        int seen = 0;
        Pattern.Step step = pattern.start();
        while (true) {
            Pattern.Edge edge = step.first;
            while (edge != null && !edge.matches(b, p)) {
                edge = edge.next;
            }
            if (edge == null) {
                return -1;
            }
            p += edge.length;
            step = edge.target;
            if (edge.entered.length > 0 && !enter(edge.entered, mark)) {
                return -1;
            }
            JsonField field = step.field;
            if (field == null) {
                if (step.action == Pattern.END) {
                    return seen == fields.length || complete(mark, row) ? p : -1;
                }
                p = passOver(b, p, step.depth);
            } else {
                if (field.stamp == mark) {
                    return -1;
                }
                field.stamp = mark;
                seen++;
                p = switch (step.action) {
                    case Pattern.TEXT -> text(b, p, step.depth, field, row);
                    case Pattern.INTEGER -> integer(b, p, step.depth, field, row);
                    default -> other(b, p, step.depth, field, row);
                };
            }
            if (p < 0) {
                return -1;
            }
        }
    }

    private static boolean enter(FieldNode[] nodes, long mark) {
        for (FieldNode node : nodes) {
            if (node.stamp == mark) {
                return false;
            }
            node.stamp = mark;
        }
        return true;
    }

    /** Makes the fields null that were not seen; false where one may not be. */
    private boolean complete(long mark, int row) {
        for (JsonField field : fields) {
            if (field.stamp != mark) {
                if (!field.nullable) {
                    return false;
                }
                field.cells.setNull(row);
            }
        }
        return true;
    }

    private int passOver(byte[] b, int p, int depth) {
        if (b[p] == '"') {
            int q = Words.plainEnd(b, p + 1);
            if (b[q] == '"') {
                return q + 1;
            }
        }
        return scanner.value(p, depth);
    }

    private int text(byte[] b, int p, int depth, JsonField field, int row) {
        if (b[p] == '"') {
            int q = Words.plainEnd(b, p + 1);
            if (b[q] == '"') {
                Cells cells = field.cells;
                cells.starts[row] = p + 1;
                cells.lengths[row] = q - p - 1;
                return q + 1;
            }
        }
        return other(b, p, depth, field, row);
    }

    private int integer(byte[] b, int p, int depth, JsonField field, int row) {
        int q = Numbers.whole(field.cells, row, b, p);
        return q < 0 ? other(b, p, depth, field, row) : q;
    }

    private int other(byte[] b, int p, int depth, JsonField field, int row) {
        int q = scanner.value(p, depth);
        if (q < 0) {
            return -1;
        }
        if (b[p] == 'n') {
            if (!field.nullable) {
                return -1;
            }
            field.cells.setNull(row);
            return q;
        }
        return cast.put(field.cells, row, b, p, q, scanner.escaped, false, field.lenient) == null ? q : -1;
    }

    /** Reads the record {@code b[from..to)} with care: it becomes a row, or malformed, or is torn, or is blank. */
    private void examine(byte[] b, int from, int to, int afterNewline, boolean unterminated) {
        rows.retry();
        int p = from;
        while (p < to && (b[p] == ' ' || b[p] == '\t' || b[p] == '\r')) {
            p++;
        }
        if (p == to) {
            return;
        }
        boolean learn = learns && !unterminated && pattern.curious();
        if (!locator.locate(b, from, to, ++serial, learn)) {
            JsonScanner wrong = locator.scanner;
            if (unterminated && b[p] == '{' && wrong.ranOut()) {
                torn = true;
            } else {
                reject(b, from, afterNewline, wrong.errorCode, null, wrong.message(from));
            }
            return;
        }
        int row = rows.count;
        for (JsonField field : fields) {
            if (!fill(b, from, afterNewline, field, row)) {
                rows.retry();
                return;
            }
        }
        rows.take(from, afterNewline);
        if (learn && locator.plain) {
            pattern.learn(b, from, afterNewline, locator.visits, locator.entered);
        }
    }

    /** Puts what was located for a field into its column; false where it does not fit. */
    private boolean fill(byte[] b, int from, int to, JsonField field, int row) {
        boolean missing = field.found == JsonField.Found.NOTHING;
        if (missing || (field.found == JsonField.Found.VALUE && b[field.at] == 'n')) {
            if (field.nullable) {
                field.cells.setNull(row);
                return true;
            }
            String expected = "expected " + field.field.type().sql();
            if (missing) {
                reject(b, from, to, ReasonCode.MISSING_FIELD, field, "the field is missing; " + expected);
            } else {
                String place = JsonScanner.place(field.at, from);
                reject(b, from, to, ReasonCode.NULL_FIELD, field, place + expected + ", found null");
            }
            return false;
        }
        if (field.found == JsonField.Found.BLOCKED) {
            String found = JsonScanner.kind(b[field.at]);
            String message = JsonScanner.place(field.at, from) + "expected an object on the way to the field, found ";
            reject(b, from, to, ReasonCode.WRONG_TYPE, field, message + found);
            return false;
        }
        ReasonCode reason = cast.put(field.cells, row, b, field.at, field.to, field.escaped, false, field.lenient);
        if (reason != null) {
            reject(b, from, to, reason, field, cast.message(reason, from));
            return false;
        }
        return true;
    }

    private void reject(byte[] b, int from, int to, ReasonCode code, @Nullable JsonField field, String message) {
        String name = field == null ? null : field.field.name();
        rows.malformed.add(new Malformed(from, Rows.withoutTerminator(b, from, to), code.code(), name, message));
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

    @Override
    public RecordBatch.Text json(int row) {
        return new RecordBatch.Text(rows.input(), rows.start(row), rows.end(row), false);
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
