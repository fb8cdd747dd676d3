package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.util.function.DoubleUnaryOperator;

/** Arithmetic of DOUBLE with PostgreSQL's errors: a result that leaves the finite numbers or vanishes is one. */
final class DoubleArithmetic {

    private DoubleArithmetic() {}

    /** Operators of two arguments. */
    enum Binary {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        MOD,
        POWER
    }

    static final class BinaryOp extends StrictNode {
        private final Binary op;

        BinaryOp(Binary op, Node a, Node b) {
            super(Type.DOUBLE, a, b);
            this.op = op;
        }

        @Override
        void run(Frame frame, Rows rows) {
            double[] a = in[0].doubles;
            double[] b = in[1].doubles;
            double[] o = out.doubles;
            int[] index = rows.index;
            int n = rows.count;
            switch (op) {
                case ADD -> {
                    for (int i = 0; i < n; i++) {
                        int r = index == null ? i : index[i];
                        o[r] = a[r] + b[r];
                    }
                }
                case SUBTRACT -> {
                    for (int i = 0; i < n; i++) {
                        int r = index == null ? i : index[i];
                        o[r] = a[r] - b[r];
                    }
                }
                case MULTIPLY -> {
                    for (int i = 0; i < n; i++) {
                        int r = index == null ? i : index[i];
                        o[r] = a[r] * b[r];
                    }
                }
                case DIVIDE -> {
                    for (int i = 0; i < n; i++) {
                        int r = index == null ? i : index[i];
                        o[r] = a[r] / b[r];
                    }
                }
                case MOD -> {
                    for (int i = 0; i < n; i++) {
                        int r = index == null ? i : index[i];
                        o[r] = a[r] % b[r];
                    }
                }
                case POWER -> {
                    for (int i = 0; i < n; i++) {
                        int r = index == null ? i : index[i];
                        o[r] = Math.pow(a[r], b[r]);
                    }
                }
            }
            for (int i = 0; i < n; i++) {
                int r = index == null ? i : index[i];
                // Whatever needs a second look is zero, infinite or not a number.
                if (o[r] == 0 || !(Math.abs(o[r]) <= Double.MAX_VALUE)) {
                    check(frame, r, a[r], b[r], o[r]);
                }
            }
        }

        private void check(Frame frame, int row, double a, double b, double result) {
            boolean finite = Double.isFinite(a) && Double.isFinite(b);
            boolean infinite = Double.isInfinite(result);
            switch (op) {
                case ADD, SUBTRACT -> overflowIf(frame, row, finite && infinite);
                case MULTIPLY -> overflowIf(frame, row, (finite && infinite) || (result == 0 && a != 0 && b != 0));
                case DIVIDE -> {
                    if (b == 0 && !Double.isNaN(a)) {
                        fail(frame, row, TransformCode.DIVISION_BY_ZERO, "division by zero");
                    } else {
                        overflowIf(
                                frame, row, (finite && infinite) || (result == 0 && a != 0 && !Double.isInfinite(b)));
                    }
                }
                case MOD -> {
                    if (b == 0) {
                        fail(frame, row, TransformCode.DIVISION_BY_ZERO, "division by zero");
                    }
                }
                case POWER -> checkPower(frame, row, a, b, result);
            }
        }

        private void checkPower(Frame frame, int row, double a, double b, double result) {
            if (a == 0 && b < 0) {
                fail(frame, row, TransformCode.INVALID_ARGUMENT, "zero raised to a negative power is undefined");
            } else if (a == 1 || b == 0) {
                out.doubles[row] = 1;
            } else if (a == -1 && Double.isInfinite(b)) {
                // Java says NaN; C, and so PostgreSQL, says 1.
                out.doubles[row] = 1;
            } else if (a < 0 && Double.isFinite(b) && b != Math.rint(b)) {
                fail(
                        frame,
                        row,
                        TransformCode.INVALID_ARGUMENT,
                        "a negative number raised to a fraction is not a real number");
            } else {
                boolean finite = Double.isFinite(a) && Double.isFinite(b);
                overflowIf(frame, row, finite && (Double.isInfinite(result) || (result == 0 && a != 0)));
            }
        }

        private void overflowIf(Frame frame, int row, boolean condition) {
            if (condition) {
                overflow(frame, row);
            }
        }
    }

    /** Functions that always have a result. */
    static final class Total extends StrictNode {
        private final DoubleUnaryOperator function;

        Total(Node a, DoubleUnaryOperator function) {
            super(Type.DOUBLE, a);
            this.function = function;
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                out.doubles[r] = function.applyAsDouble(in[0].doubles[r]);
            }
        }
    }

    /** SQRT, LN and EXP. */
    enum Partial {
        SQRT,
        LN,
        EXP
    }

    static final class PartialOp extends StrictNode {
        private final Partial op;

        PartialOp(Partial op, Node a) {
            super(Type.DOUBLE, a);
            this.op = op;
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                double x = in[0].doubles[r];
                switch (op) {
                    case SQRT -> {
                        out.doubles[r] = Math.sqrt(x);
                        if (x < 0) {
                            fail(frame, r, TransformCode.INVALID_ARGUMENT, "the square root of a negative number");
                        }
                    }
                    case LN -> {
                        out.doubles[r] = Math.log(x);
                        if (x <= 0) {
                            fail(
                                    frame,
                                    r,
                                    TransformCode.INVALID_ARGUMENT,
                                    "the logarithm of a number that is not positive");
                        }
                    }
                    case EXP -> {
                        double y = Math.exp(x);
                        out.doubles[r] = y;
                        if (Double.isFinite(x) && (Double.isInfinite(y) || y == 0)) {
                            overflow(frame, r);
                        }
                    }
                }
            }
        }
    }
}
