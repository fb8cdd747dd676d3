package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.util.List;

/** Operators that evaluate their arguments only for the rows that need them. */
final class Conditionals {

    private Conditionals() {}

    /** CASE: each condition for the rows that no branch has taken yet, each result for the rows that take it. */
    static final class Case extends Node {
        private final List<Node> conditions;
        private final List<Node> results;
        private final Node otherwise;
        private final Vec out;
        private final Rows taken = new Rows();
        private final Rows[] left = {new Rows(), new Rows()};

        Case(Type type, List<Node> conditions, List<Node> results, Node otherwise) {
            super(type);
            this.conditions = conditions;
            this.results = results;
            this.otherwise = otherwise;
            this.out = new Vec(type);
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            out.reset(frame.rows);
            out.elements = null;
            Rows open = rows;
            for (int i = 0; i < conditions.size() && open.count > 0; i++) {
                Rows next = left[i & 1];
                conditions.get(i).split(frame, open, taken, next);
                take(frame, results.get(i), taken);
                open = next;
            }
            take(frame, otherwise, open);
            return out;
        }

        private void take(Frame frame, Node result, Rows rows) {
            if (rows.count > 0) {
                out.copy(frame, result.eval(frame, rows), rows);
            }
        }
    }

    /** COALESCE: each argument for the rows where those before are null. */
    static final class Coalesce extends Node {
        private final List<Node> args;
        private final Vec out;
        private final Rows found = new Rows();
        private final Rows[] left = {new Rows(), new Rows()};

        Coalesce(Type type, List<Node> args) {
            super(type);
            this.args = args;
            this.out = new Vec(type);
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            Vec first = args.getFirst().eval(frame, rows);
            if (first.nulls == null) {
                return first;
            }
            out.reset(frame.rows);
            out.elements = null;
            Rows open = rows;
            for (int i = 0; i < args.size() && open.count > 0; i++) {
                Vec vec = i == 0 ? first : args.get(i).eval(frame, open);
                if (i == args.size() - 1 || vec.nulls == null) {
                    out.copy(frame, vec, open);
                    break;
                }
                Rows next = left[i & 1];
                splitByNull(vec.nulls, open, found, next);
                out.copy(frame, vec, found);
                open = next;
            }
            return out;
        }

        private static void splitByNull(boolean[] nulls, Rows rows, Rows set, Rows missing) {
            int[] yes = set.begin(rows.count);
            int[] no = missing.begin(rows.count);
            int y = 0;
            int n = 0;
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                if (nulls[r]) {
                    no[n++] = r;
                } else {
                    yes[y++] = r;
                }
            }
            set.count = y;
            missing.count = n;
        }
    }

    /** NULLIF: null where the first argument equals the second. */
    static final class NullIf extends Node {
        private final Node value;
        private final Node other;
        private final Order order;
        private final Vec out;

        NullIf(Node value, Node other) {
            super(value.type);
            this.value = value;
            this.other = other;
            this.order = Order.of(value.type, other.type);
            this.out = new Vec(value.type);
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            Vec vec = value.eval(frame, rows);
            Vec unwanted = other.eval(frame, rows);
            out.reset(frame.rows);
            out.elements = null;
            out.copy(frame, vec, rows);
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                if (!vec.isNull(r) && !unwanted.isNull(r) && order.compare(vec, r, unwanted, r) == 0) {
                    out.setNull(r);
                }
            }
            return out;
        }
    }

    /** REJECT: fails every row that it is evaluated for. */
    static final class Reject extends Node {
        private final String message;
        private final Vec out;

        Reject(Type type, String message) {
            super(type);
            this.message = message;
            this.out = new Vec(type);
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            out.reset(frame.rows);
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                frame.fail(r, TransformCode.REJECTED_BY_QUERY, message);
                out.setNull(r);
            }
            return out;
        }
    }
}
