package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.util.Arrays;
import java.util.List;

/** Comparison of values of one type. */
final class Comparisons {

    private Comparisons() {}

    /** What a comparison asks of the order of its arguments. */
    enum Test {
        EQ(false, true, false),
        NE(true, false, true),
        LT(true, false, false),
        LE(true, true, false),
        GT(false, false, true),
        GE(false, true, true);

        final boolean less;
        final boolean equal;
        final boolean greater;

        Test(boolean less, boolean equal, boolean greater) {
            this.less = less;
            this.equal = equal;
            this.greater = greater;
        }

        boolean holds(int order) {
            return order < 0 ? less : order == 0 ? equal : greater;
        }
    }

    static Node of(Test test, Node a, Node b) {
        boolean equality = test == Test.EQ || test == Test.NE;
        if (equality && Vec.Kind.of(a.type) == Vec.Kind.TEXT) {
            if (b instanceof Leaves.Constant c && c.value != null) {
                return new TextIs(a, c.bytes(), test == Test.NE);
            }
            if (a instanceof Leaves.Constant c && c.value != null) {
                return new TextIs(b, c.bytes(), test == Test.NE);
            }
            return new TextEquality(a, b, test == Test.NE);
        }
        boolean scaled = a.type instanceof Type.Decimal x && b.type instanceof Type.Decimal y && x.scale() != y.scale();
        if (!scaled && Vec.Kind.of(a.type) == Vec.Kind.LONG && Vec.Kind.of(b.type) == Vec.Kind.LONG) {
            return new LongComparison(test, a, b);
        }
        return new Comparison(test, a, b);
    }

    /** Any type, one row at a time. */
    private static final class Comparison extends StrictNode {
        private final Test test;
        private final Order order;

        Comparison(Test test, Node a, Node b) {
            super(Type.BOOLEAN, a, b);
            this.test = test;
            this.order = Order.of(a.type, b.type);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                out.longs[r] = test.holds(order.compare(in[0], r, in[1], r)) ? 1 : 0;
            }
        }
    }

    private static final class LongComparison extends StrictNode {
        private final Test test;

        LongComparison(Test test, Node a, Node b) {
            super(Type.BOOLEAN, a, b);
            this.test = test;
        }

        @Override
        void run(Frame frame, Rows rows) {
            // Every test is one of "equal" and "less" with the arguments or the result turned round.
            switch (test) {
                case EQ -> equal(rows, 0);
                case NE -> equal(rows, 1);
                case LT -> less(rows, in[0].longs, in[1].longs, 0);
                case GE -> less(rows, in[0].longs, in[1].longs, 1);
                case GT -> less(rows, in[1].longs, in[0].longs, 0);
                case LE -> less(rows, in[1].longs, in[0].longs, 1);
            }
        }

        private void equal(Rows rows, long flip) {
            long[] a = in[0].longs;
            long[] b = in[1].longs;
            long[] o = out.longs;
            int[] index = rows.index;
            int n = rows.count;
            for (int i = 0; i < n; i++) {
                int r = index == null ? i : index[i];
                o[r] = (a[r] == b[r] ? 1 : 0) ^ flip;
            }
        }

        private void less(Rows rows, long[] a, long[] b, long flip) {
            long[] o = out.longs;
            int[] index = rows.index;
            int n = rows.count;
            for (int i = 0; i < n; i++) {
                int r = index == null ? i : index[i];
                o[r] = (a[r] < b[r] ? 1 : 0) ^ flip;
            }
        }
    }

    /** Equality of two texts: most differ in length, which is cheaper to see than their order. */
    private static final class TextEquality extends StrictNode {
        private final boolean negated;

        TextEquality(Node a, Node b, boolean negated) {
            super(Type.BOOLEAN, a, b);
            this.negated = negated;
        }

        @Override
        void run(Frame frame, Rows rows) {
            Vec a = in[0];
            Vec b = in[1];
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                boolean same = a.length[r] == b.length[r]
                        && Arrays.equals(
                                a.data,
                                a.start[r],
                                a.start[r] + a.length[r],
                                b.data,
                                b.start[r],
                                b.start[r] + b.length[r]);
                out.longs[r] = same != negated ? 1 : 0;
            }
        }
    }

    /** Equality of a text with a constant, the test of most CASE expressions: two loads settle up to 16 bytes. */
    private static final class TextIs extends StrictNode {
        private final byte[] wanted;
        private final int length;
        private final long head;
        private final long tail;
        private final boolean negated;

        TextIs(Node text, byte[] wanted, boolean negated) {
            super(Type.BOOLEAN, text);
            this.wanted = wanted;
            this.length = wanted.length;
            this.head = Bytes.upTo8(wanted, 0, Math.min(length, 8));
            this.tail = length >= 8 ? Bytes.long8(wanted, length - 8) : 0;
            this.negated = negated;
        }

        private boolean matches(byte[] data, int start, int bytes) {
            if (bytes != length) {
                return false;
            }
            if (length < 8) {
                return Bytes.upTo8(data, start, length) == head;
            }
            return Bytes.long8(data, start) == head
                    && Bytes.long8(data, start + length - 8) == tail
                    && (length <= 16 || Arrays.equals(data, start, start + length, wanted, 0, length));
        }

        @Override
        void run(Frame frame, Rows rows) {
            Vec a = in[0];
            byte[] data = a.data;
            int[] start = a.start;
            int[] bytes = a.length;
            long[] o = out.longs;
            int[] index = rows.index;
            int n = rows.count;
            for (int i = 0; i < n; i++) {
                int r = index == null ? i : index[i];
                o[r] = matches(data, start[r], bytes[r]) != negated ? 1 : 0;
            }
        }
    }

    /** IS NOT DISTINCT FROM: nulls are equal to each other. */
    static final class NotDistinct extends Node {
        private final Node a;
        private final Node b;
        private final Order order;
        private final Vec out = new Vec(Type.BOOLEAN);

        NotDistinct(Node a, Node b) {
            super(Type.BOOLEAN);
            this.a = a;
            this.b = b;
            this.order = Order.of(a.type, b.type);
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            Vec x = a.eval(frame, rows);
            Vec y = b.eval(frame, rows);
            out.reset(frame.rows);
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                boolean missing = x.isNull(r);
                boolean same = missing == y.isNull(r) && (missing || order.compare(x, r, y, r) == 0);
                out.longs[r] = same ? 1 : 0;
            }
            return out;
        }
    }

    /** IN: TRUE where an element is equal; else null where the value or an element is null. */
    static final class In extends Node {
        private final Node value;
        private final List<Node> elements;
        private final Order[] orders;
        private final Vec out = new Vec(Type.BOOLEAN);

        In(Node value, List<Node> elements) {
            super(Type.BOOLEAN);
            this.value = value;
            this.elements = elements;
            this.orders =
                    elements.stream().map(e -> Order.of(value.type, e.type)).toArray(Order[]::new);
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            Vec x = value.eval(frame, rows);
            out.reset(frame.rows);
            for (int i = 0; i < rows.count; i++) {
                out.longs[rows.row(i)] = 0;
            }
            for (int k = 0; k < orders.length; k++) {
                Vec y = elements.get(k).eval(frame, rows);
                for (int i = 0; i < rows.count; i++) {
                    int r = rows.row(i);
                    if (out.longs[r] != 1 && !x.isNull(r)) {
                        out.longs[r] = y.isNull(r) ? 2 : orders[k].compare(x, r, y, r) == 0 ? 1 : out.longs[r];
                    }
                }
            }
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                if (x.isNull(r) || out.longs[r] == 2) {
                    out.longs[r] = 0;
                    out.setNull(r);
                }
            }
            return out;
        }
    }

    /** GREATEST and LEAST; nulls are passed over. */
    static final class Extreme extends Node {
        private final List<Node> args;
        private final int sign;
        private final Order order;
        private final Vec out;
        private final Rows better = new Rows();
        private boolean[] set = {};

        Extreme(Type type, boolean greatest, List<Node> args) {
            super(type);
            this.args = args;
            this.sign = greatest ? 1 : -1;
            this.order = Order.of(type, type);
            this.out = new Vec(type);
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            out.reset(frame.rows);
            if (set.length < frame.rows) {
                set = new boolean[frame.rows];
            }
            Arrays.fill(set, 0, frame.rows, false);
            for (Node arg : args) {
                Vec vec = arg.eval(frame, rows);
                int[] to = better.begin(rows.count);
                int n = 0;
                for (int i = 0; i < rows.count; i++) {
                    int r = rows.row(i);
                    if (!vec.isNull(r) && (!set[r] || sign * order.compare(vec, r, out, r) > 0)) {
                        set[r] = true;
                        to[n++] = r;
                    }
                }
                better.count = n;
                out.copy(frame, vec, better);
            }
            for (int i = 0; i < rows.count; i++) {
                if (!set[rows.row(i)]) {
                    out.setNull(rows.row(i));
                }
            }
            return out;
        }
    }
}
