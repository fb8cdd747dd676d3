package io.millrace.formats;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one record with full care: checks all of it and finds where the projected fields are, the last where a name
 * comes twice. This is the path for records that are not shaped as others before them. Not thread-safe.
 */
final class FieldLocator {

    /**
     * A value on the way through a record, of a field that is read or of one that is passed over.
     *
     * @param entered the nodes of objects that were opened since the value before, or stood there as null
     * @param parent the node of the object that it is in
     * @param node its own node; null where it is not read
     * @param nameFrom where its name begins
     */
    record Visit(
            List<FieldNode> entered,
            FieldNode parent,
            @Nullable FieldNode node,
            int nameFrom,
            int nameTo,
            int from,
            int to,
            int depth) {}

    final JsonScanner scanner = new JsonScanner();
    /** The values of the last record in their order. */
    final List<Visit> visits = new ArrayList<>();
    /** Whether the last record has nothing that keeps its shape from being taken as a pattern. */
    boolean plain;

    /** The nodes of objects that were opened since the last value, or stood there as null. */
    final List<FieldNode> entered = new ArrayList<>();

    private final FieldNode root;
    private final Side side;
    private long serial;
    private boolean withVisits;

    FieldLocator(FieldNode root, Side side) {
        this.root = root;
        this.side = side;
    }

    /**
     * Reads {@code b[from..to)}, which is not blank.
     *
     * @param serial a number that no record had before
     * @param withVisits whether to list {@link #visits}
     * @return false where it is not one JSON object; the scanner has the error
     */
    boolean locate(byte[] b, int from, int to, long serial, boolean withVisits) {
        scanner.reset(b, to, false);
        this.serial = serial;
        this.withVisits = withVisits;
        visits.clear();
        entered.clear();
        plain = true;
        root.forget();
        int p = scanner.space(from);
        if (b[p] != '{') {
            int next = scanner.value(p, 0);
            if (next >= 0 && ended(next, to)) {
                scanner.errorCode = ReasonCode.NOT_AN_OBJECT;
                scanner.errorAt = p;
                scanner.expected = "an object";
            }
            return false;
        }
        p = object(b, p + 1, to, root, 1);
        return p >= 0 && ended(p, to);
    }

    private boolean ended(int p, int to) {
        int at = scanner.space(p);
        if (at < to) {
            scanner.malformed(at, "nothing more after the record");
        }
        return at == to;
    }

    /** Reads an object that holds projected fields, from after its brace to after its closing one. */
    private int object(byte[] b, int p, int to, FieldNode node, int depth) {
        p = scanner.space(p);
        if (p < to && b[p] == '}') {
            return p + 1;
        }
        String expected = "a name or '}'";
        while (true) {
            if (p >= to || b[p] != '"') {
                return scanner.malformed(p, expected);
            }
            int nameFrom = p + 1;
            p = scanner.string(nameFrom);
            if (p < 0) {
                return -1;
            }
            int nameTo = p - 1;
            FieldNode child =
                    scanner.escaped ? childUnescaped(node, b, nameFrom, nameTo) : node.child(b, nameFrom, nameTo);
            p = scanner.colon(p);
            if (p < 0) {
                return -1;
            }
            p = child == null ? passOver(node, p, nameFrom, nameTo, depth) : read(b, child, p, to, depth);
            if (p < 0) {
                return -1;
            }
            p = scanner.space(p);
            if (p < to && b[p] == ',') {
                p = scanner.space(p + 1);
                expected = "a name";
            } else if (p < to && b[p] == '}') {
                return p + 1;
            } else {
                return scanner.malformed(p, "',' or '}'");
            }
        }
    }

    private @Nullable FieldNode childUnescaped(FieldNode node, byte[] b, int from, int to) {
        int start = side.unescape(b, from, to);
        FieldNode child = node.child(side.bytes(), start, side.length());
        side.cut(start);
        return child;
    }

    private int passOver(FieldNode parent, int p, int nameFrom, int nameTo, int depth) {
        int next = scanner.value(p, depth);
        visit(parent, null, nameFrom, nameTo, p, next, depth);
        return next;
    }

    private void visit(
            FieldNode parent, @Nullable FieldNode node, int nameFrom, int nameTo, int from, int to, int depth) {
        if (withVisits) {
            visits.add(new Visit(List.copyOf(entered), parent, node, nameFrom, nameTo, from, to, depth));
            entered.clear();
        }
    }

    /** Reads the value of a field that is projected or has projected fields in it. */
    private int read(byte[] b, FieldNode node, int p, int to, int depth) {
        if (node.stamp == serial) {
            plain = false;
        }
        node.stamp = serial;
        node.forget();
        int next;
        boolean escaped = false;
        if (node.children.isEmpty()) {
            next = scanner.value(p, depth);
            escaped = scanner.escaped;
        } else if (p < to && b[p] == '{') {
            entered.add(node);
            next = object(b, p + 1, to, node, depth + 1);
        } else {
            next = scanner.value(p, depth);
            if (next >= 0 && b[p] != 'n') {
                plain = false;
                node.block(p);
            }
            entered.add(node);
        }
        JsonField field = node.field;
        if (field != null && next >= 0) {
            field.locate(p, next, escaped);
            if (node.children.isEmpty() && node.parent != null) {
                visit(node.parent, node, 0, 0, p, next, depth);
            }
        }
        return next;
    }
}
