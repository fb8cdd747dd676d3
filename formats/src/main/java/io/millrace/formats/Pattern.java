package io.millrace.formats;

import io.millrace.api.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of records seen so far. Producers write names, commas and whitespace alike in record after record; what
 * lies between two values (the glue, <code>,"name":</code> for instance) is kept as it was seen in a record that passed
 * every check. Where the same bytes follow the same field again they need no second look: comparing them, eight at a
 * time, checks every one of them.
 *
 * <p>A graph: a step is a field whose value is to be read next, an edge the glue from one step to another. Any path from
 * the first step to {@link #END} is a valid record, if no field comes twice, which the reader has to see to. Not
 * thread-safe.
 */
final class Pattern {

    /** What to do with the value of a step. */
    static final int END = 0;

    static final int PASS_OVER = 1;
    static final int TEXT = 2;
    static final int INTEGER = 3;
    static final int OTHER = 4;

    /** Bounds on what is kept, for input whose records are all different. */
    private static final int MAX_EDGES = 1024;

    private static final int MAX_EDGES_OF_STEP = 16;
    private static final int MAX_GLUE_BYTES = 512;
    /** How many records may go by that a full graph does not know before it is begun anew. */
    private static final int PATIENCE = 1 << 16;

    private static final FieldNode[] NOTHING = {};

    /** A field whose value comes next, or the end of the record. */
    static final class Step {
        final int action;
        final @Nullable JsonField field;
        /** How many containers are open around the value. */
        final int depth;

        @Nullable
        Edge first;

        private int edges;

        Step(int action, @Nullable JsonField field, int depth) {
            this.action = action;
            this.field = field;
            this.depth = depth;
        }
    }

    /** The bytes from the end of one value to the beginning of the next. */
    static final class Edge {
        final int length;
        private final KnownBytes glue;
        final Step target;
        /** The nodes of objects that these bytes open, or have as null. */
        final FieldNode[] entered;

        final @Nullable Edge next;

        private Edge(byte[] bytes, Step target, FieldNode[] entered, @Nullable Edge next) {
            this.length = bytes.length;
            this.glue = new KnownBytes(bytes);
            this.target = target;
            this.entered = entered;
            this.next = next;
        }

        /** Whether the bytes at {@code p} are these. False too where the array ends within a word of them. */
        boolean matches(byte[] b, int p) {
            return glue.at(b, p);
        }

        private boolean same(byte[] b, int from, int to, FieldNode[] nodes) {
            return to - from == length
                    && matches(Arrays.copyOfRange(b, from, from + length + 8), 0)
                    && Arrays.equals(nodes, entered);
        }
    }

    /** The name of a field that is not read, as it is written, in the object of a node. */
    private record Name(FieldNode parent, String raw) {}

    private final Step end = new Step(END, null, 0);
    private Step start = new Step(PASS_OVER, null, 0);
    private final Map<FieldNode, Step> read = new HashMap<>();
    private final Map<Name, Step> passedOver = new HashMap<>();
    private int edges;
    private int misses;

    /** The step before the first value. */
    Step start() {
        return start;
    }

    /** Learns the shape of a valid record without repeated fields, {@code b[from..to)} with its newline. */
    void learn(byte[] b, int from, int to, List<FieldLocator.Visit> visits, List<FieldNode> enteredLast) {
        Step step = start;
        int at = from;
        for (FieldLocator.Visit visit : visits) {
            Step next = step(b, visit);
            connect(step, b, at, visit.from(), visit.entered().toArray(NOTHING), next);
            step = next;
            at = visit.to();
        }
        connect(step, b, at, to, enteredLast.toArray(NOTHING), end);
    }

    /** Whether the shape of a record that is not known should be learnt. Called once for each such record. */
    boolean curious() {
        if (edges >= MAX_EDGES) {
            misses++;
            if (misses < PATIENCE) {
                return false;
            }
            forget();
        }
        return true;
    }

    private void forget() {
        start = new Step(PASS_OVER, null, 0);
        read.clear();
        passedOver.clear();
        edges = 0;
        misses = 0;
    }

    private Step step(byte[] b, FieldLocator.Visit visit) {
        FieldNode node = visit.node();
        if (node != null) {
            JsonField field = node.field;
            int action = field == null ? PASS_OVER : action(field);
            return read.computeIfAbsent(node, _ -> new Step(action, field, visit.depth()));
        }
        String raw = new String(b, visit.nameFrom(), visit.nameTo() - visit.nameFrom(), StandardCharsets.ISO_8859_1);
        Name name = new Name(visit.parent(), raw);
        return passedOver.computeIfAbsent(name, _ -> new Step(PASS_OVER, null, visit.depth()));
    }

    private static int action(JsonField field) {
        return switch (field.cells.layout) {
            case TEXTS -> field.field.type().equals(Type.VARCHAR) ? TEXT : OTHER;
            case LONGS -> field.cells.wholeMax > 0 ? INTEGER : OTHER;
            case WIDES, DOUBLES, ARRAYS -> OTHER;
        };
    }

    private void connect(Step from, byte[] b, int glueFrom, int glueTo, FieldNode[] entered, Step to) {
        if (from.edges >= MAX_EDGES_OF_STEP || glueTo - glueFrom > MAX_GLUE_BYTES) {
            return;
        }
        for (Edge edge = from.first; edge != null; edge = edge.next) {
            if (edge.target == to && edge.same(b, glueFrom, glueTo, entered)) {
                return;
            }
        }
        from.first = new Edge(Arrays.copyOfRange(b, glueFrom, glueTo), to, entered, from.first);
        from.edges++;
        edges++;
    }
}
