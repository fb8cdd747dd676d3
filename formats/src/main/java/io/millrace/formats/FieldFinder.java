package io.millrace.formats;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the value of one field in records of JSON: the last one where its name comes twice, as {@link Ndjson} has it. Not
 * thread-safe.
 */
public final class FieldFinder {

    private final JsonField field;
    private final FieldLocator locator;
    private final Side side = new Side();
    private long serial;
    private byte[] bytes = {};

    // What resolve found.
    private byte[] source = {};
    private int length;

    /** @param path the names that lead to the field, at least one */
    public FieldFinder(List<String> path) {
        field = new JsonField(new Projection.Field(path, Type.VARCHAR, true, true), 1);
        locator = new FieldLocator(FieldNode.of(List.of(field)), side);
    }

    /**
     * Reads the record {@code b[from..to)}, which may end with its newline.
     *
     * @return whether it is a JSON object with a value for the field that is no null, no object and no array
     */
    public boolean find(byte[] b, int from, int to) {
        bytes = b;
        side.cut(0);
        int end = to > from && b[to - 1] == '\n' ? to - 1 : to;
        int p = from;
        while (p < end && (b[p] == ' ' || b[p] == '\t' || b[p] == '\r')) {
            p++;
        }
        if (p == end || !locator.locate(b, from, end, ++serial, false) || field.found != JsonField.Found.VALUE) {
            return false;
        }
        byte first = b[field.at];
        return first != 'n' && first != '{' && first != '[';
    }

    /** The value that was found: the text of a string, and anything else as it stands in the record. */
    public String value() {
        int start = resolve();
        return new String(source, start, length, StandardCharsets.UTF_8);
    }

    /** A hash of that value: the same for the same value, however a string is escaped. Not secret and not random. */
    public int hash() {
        int start = resolve();
        // FNV-1a with a finish, since low bits are what partitions are chosen by.
        int hash = 0x811c9dc5;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ source[start + i]) * 0x01000193;
        }
        hash ^= hash >>> 15;
        hash *= 0x2c1b3c6d;
        return hash ^ (hash >>> 12);
    }

    /** Whether that value is {@code text} in UTF-8. */
    public boolean is(byte[] text) {
        int start = resolve();
        return Arrays.equals(source, start, start + length, text, 0, text.length);
    }

    /** Finds the bytes of the value without quotes and escapes: {@link #source}, {@link #length} and the result. */
    private int resolve() {
        source = bytes;
        if (bytes[field.at] != '"') {
            length = field.to - field.at;
            return field.at;
        }
        if (!field.escaped) {
            length = field.to - field.at - 2;
            return field.at + 1;
        }
        side.cut(0);
        int start = side.unescape(bytes, field.at + 1, field.to - 1);
        source = side.bytes();
        length = side.length() - start;
        return start;
    }
}
