package io.millrace.formats;

import io.millrace.api.Projection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The projected fields as a tree: a node is a name in an object, with a column where the field itself is read and
 * children where fields of the object in it are. Not thread-safe.
 */
final class FieldNode {

    final @Nullable FieldNode parent;
    final byte[] name;

    @Nullable
    JsonField field;

    final List<FieldNode> children = new ArrayList<>();
    /** The number of the record that had this object last. */
    long stamp;

    /** Children by the hash of their names, in chains of open addressing; always with a gap. */
    private @Nullable FieldNode[] table = new FieldNode[2];

    private FieldNode(@Nullable FieldNode parent, byte[] name) {
        this.parent = parent;
        this.name = name;
    }

    /** The root of the tree of these fields. */
    static FieldNode of(List<JsonField> fields) {
        FieldNode root = new FieldNode(null, new byte[0]);
        for (JsonField field : fields) {
            Projection.Field spec = field.field;
            if (spec.path().isEmpty()) {
                throw new IllegalArgumentException("a field of the projection has no path");
            }
            FieldNode node = root;
            for (String name : spec.path()) {
                node = node.childFor(name.getBytes(StandardCharsets.UTF_8));
            }
            if (node.field != null) {
                throw new IllegalArgumentException("the projection has field " + spec.name() + " twice");
            }
            node.field = field;
        }
        return root;
    }

    /** Whether some field is read both as itself and for what is in it. */
    boolean overlaps() {
        return (field != null && !children.isEmpty()) || children.stream().anyMatch(FieldNode::overlaps);
    }

    private FieldNode childFor(byte[] childName) {
        FieldNode child = child(childName, 0, childName.length);
        if (child == null) {
            child = new FieldNode(this, childName);
            children.add(child);
            if (children.size() * 2 > table.length) {
                table = new FieldNode[table.length * 2];
                children.forEach(this::enter);
            } else {
                enter(child);
            }
        }
        return child;
    }

    private void enter(FieldNode child) {
        int slot = hash(child.name, 0, child.name.length) & (table.length - 1);
        while (table[slot] != null) {
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = child;
    }

    /** The child of this name (unescaped), or null. */
    @Nullable
    FieldNode child(byte[] b, int from, int to) {
        int slot = hash(b, from, to) & (table.length - 1);
        for (FieldNode child = table[slot]; child != null; child = table[slot]) {
            if (Arrays.equals(b, from, to, child.name, 0, child.name.length)) {
                return child;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return null;
    }

    private static int hash(byte[] b, int from, int to) {
        int length = to - from;
        return length == 0 ? 0 : length * 31 + b[from] * 17 + b[to - 1] * 7 + b[from + length / 2];
    }

    /** Takes back what was found for this field and all in it. */
    void forget() {
        if (field != null) {
            field.found = JsonField.Found.NOTHING;
        }
        for (FieldNode child : children) {
            child.forget();
        }
    }

    /** Notes that a value at {@code at} stands where the object of these fields should be. */
    void block(int at) {
        for (FieldNode child : children) {
            if (child.field != null) {
                child.field.found = JsonField.Found.BLOCKED;
                child.field.at = at;
            }
            child.block(at);
        }
    }
}
