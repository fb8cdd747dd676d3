package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.util.List;

/** Three-valued logic. */
final class Logic {

    private Logic() {}

    /** AND and OR: each argument for the rows where those before leave the result open. */
    static final class Junction extends Node {
        private final List<Node> args;
        /** The value of one argument that settles the whole: 0 for AND, 1 for OR. */
        private final long settling;

        private final Vec out = new Vec(Type.BOOLEAN);
        private final Rows[] left = {new Rows(), new Rows()};

        Junction(boolean and, List<Node> args) {
            super(Type.BOOLEAN);
            this.args = args;
            this.settling = and ? 0 : 1;
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            out.reset(frame.rows);
            for (int i = 0; i < rows.count; i++) {
                out.longs[rows.row(i)] = 1 - settling;
            }
            boolean unknown = false;
            Rows open = rows;
            for (int k = 0; k < args.size() && open.count > 0; k++) {
                Vec vec = args.get(k).eval(frame, open);
                Rows next = left[k & 1];
                int[] to = next.begin(open.count);
                int n = 0;
                for (int i = 0; i < open.count; i++) {
                    int r = open.row(i);
                    if (vec.isNull(r)) {
                        // Neither value says "unknown": settled later by another argument, or null in the end.
                        out.longs[r] = 2;
                        unknown = true;
                        to[n++] = r;
                    } else if (vec.longs[r] == settling) {
                        out.longs[r] = settling;
                    } else {
                        to[n++] = r;
                    }
                }
                next.count = n;
                open = next;
            }
            if (unknown) {
                for (int i = 0; i < open.count; i++) {
                    int r = open.row(i);
                    if (out.longs[r] == 2) {
                        out.longs[r] = 0;
                        out.setNull(r);
                    }
                }
            }
            return out;
        }
    }

    static final class Not extends StrictNode {
        Not(Node arg) {
            super(Type.BOOLEAN, arg);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                out.longs[r] = 1 - in[0].longs[r];
            }
        }
    }

    /** IS NULL and IS NOT NULL. */
    static final class IsNull extends Node {
        private final Node arg;
        private final boolean negated;
        private final Vec out = new Vec(Type.BOOLEAN);

        IsNull(Node arg, boolean negated) {
            super(Type.BOOLEAN);
            this.arg = arg;
            this.negated = negated;
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            Vec vec = arg.eval(frame, rows);
            out.reset(frame.rows);
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                out.longs[r] = vec.isNull(r) != negated ? 1 : 0;
            }
            return out;
        }
    }

    /** IS TRUE and IS FALSE. */
    static final class Is extends Node {
        private final Node arg;
        private final long wanted;
        private final Vec out = new Vec(Type.BOOLEAN);

        Is(Node arg, boolean wanted) {
            super(Type.BOOLEAN);
            this.arg = arg;
            this.wanted = wanted ? 1 : 0;
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            Vec vec = arg.eval(frame, rows);
            out.reset(frame.rows);
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                out.longs[r] = !vec.isNull(r) && vec.longs[r] == wanted ? 1 : 0;
            }
            return out;
        }
    }
}
