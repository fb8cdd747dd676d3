package io.millrace.sql.exec;

import io.millrace.api.Type;

/**
 * Arithmetic of INTEGER and BIGINT. The loops compute with wrap-around and collect whether any row went wrong; only then
 * the rows are looked at one by one.
 */
final class IntegerArithmetic {

    private IntegerArithmetic() {}

    abstract static class Op extends StrictNode {
        private final boolean narrow;

        Op(Type type, Node... args) {
            super(type, args);
            this.narrow = type.equals(Type.INTEGER);
        }

        /** Fails the rows whose result is no INTEGER, where the type is that. */
        final void checkNarrow(Frame frame, Rows rows) {
            if (!narrow) {
                return;
            }
            long[] o = out.longs;
            int[] index = rows.index;
            int n = rows.count;
            long bad = 0;
            for (int i = 0; i < n; i++) {
                int r = index == null ? i : index[i];
                bad |= o[r] ^ (int) o[r];
            }
            if (bad != 0) {
                for (int i = 0; i < n; i++) {
                    int r = rows.row(i);
                    if (o[r] != (int) o[r]) {
                        overflow(frame, r);
                    }
                }
            }
        }
    }

    static final class Add extends Op {
        Add(Type type, Node a, Node b) {
            super(type, a, b);
        }

        @Override
        void run(Frame frame, Rows rows) {
            long[] a = in[0].longs;
            long[] b = in[1].longs;
            long[] o = out.longs;
            int[] index = rows.index;
            int n = rows.count;
            long bad = 0;
            for (int i = 0; i < n; i++) {
                int r = index == null ? i : index[i];
                long sum = a[r] + b[r];
                bad |= (a[r] ^ sum) & (b[r] ^ sum);
                o[r] = sum;
            }
            if (bad < 0) {
                for (int i = 0; i < n; i++) {
                    int r = rows.row(i);
                    if (((a[r] ^ o[r]) & (b[r] ^ o[r])) < 0) {
                        overflow(frame, r);
                    }
                }
            }
            checkNarrow(frame, rows);
        }
    }

    static final class Subtract extends Op {
        Subtract(Type type, Node a, Node b) {
            super(type, a, b);
        }

        @Override
        void run(Frame frame, Rows rows) {
            long[] a = in[0].longs;
            long[] b = in[1].longs;
            long[] o = out.longs;
            int[] index = rows.index;
            int n = rows.count;
            long bad = 0;
            for (int i = 0; i < n; i++) {
                int r = index == null ? i : index[i];
                long difference = a[r] - b[r];
                bad |= (a[r] ^ b[r]) & (a[r] ^ difference);
                o[r] = difference;
            }
            if (bad < 0) {
                for (int i = 0; i < n; i++) {
                    int r = rows.row(i);
                    if (((a[r] ^ b[r]) & (a[r] ^ o[r])) < 0) {
                        overflow(frame, r);
                    }
                }
            }
            checkNarrow(frame, rows);
        }
    }

    static final class Multiply extends Op {
        Multiply(Type type, Node a, Node b) {
            super(type, a, b);
        }

        @Override
        void run(Frame frame, Rows rows) {
            long[] a = in[0].longs;
            long[] b = in[1].longs;
            long[] o = out.longs;
            int[] index = rows.index;
            int n = rows.count;
            long bad = 0;
            for (int i = 0; i < n; i++) {
                int r = index == null ? i : index[i];
                long product = a[r] * b[r];
                bad |= Math.multiplyHigh(a[r], b[r]) ^ product >> 63;
                o[r] = product;
            }
            if (bad != 0) {
                for (int i = 0; i < n; i++) {
                    int r = rows.row(i);
                    if (Math.multiplyHigh(a[r], b[r]) != o[r] >> 63) {
                        overflow(frame, r);
                    }
                }
            }
            checkNarrow(frame, rows);
        }
    }

    static final class Negate extends Op {
        Negate(Type type, Node a) {
            super(type, a);
        }

        @Override
        void run(Frame frame, Rows rows) {
            long[] a = in[0].longs;
            long[] o = out.longs;
            int[] index = rows.index;
            int n = rows.count;
            long bad = 0;
            for (int i = 0; i < n; i++) {
                int r = index == null ? i : index[i];
                long value = -a[r];
                // Only the least number has the sign of its opposite.
                bad |= value & a[r];
                o[r] = value;
            }
            if (bad < 0) {
                for (int i = 0; i < n; i++) {
                    int r = rows.row(i);
                    if (a[r] == Long.MIN_VALUE) {
                        overflow(frame, r);
                    }
                }
            }
            checkNarrow(frame, rows);
        }
    }

    static final class Abs extends Op {
        Abs(Type type, Node a) {
            super(type, a);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                out.longs[r] = Math.abs(in[0].longs[r]);
                if (out.longs[r] < 0) {
                    overflow(frame, r);
                }
            }
            checkNarrow(frame, rows);
        }
    }

    /** Truncates toward zero. */
    static final class Divide extends Op {
        Divide(Type type, Node a, Node b) {
            super(type, a, b);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                long a = in[0].longs[r];
                long b = in[1].longs[r];
                out.longs[r] = 0;
                if (b == 0) {
                    fail(frame, r, TransformCode.DIVISION_BY_ZERO, "division by zero");
                } else if (a == Long.MIN_VALUE && b == -1) {
                    overflow(frame, r);
                } else {
                    out.longs[r] = a / b;
                }
            }
            checkNarrow(frame, rows);
        }
    }

    /** The remainder with the dividend's sign. */
    static final class Mod extends Op {
        Mod(Type type, Node a, Node b) {
            super(type, a, b);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                long b = in[1].longs[r];
                if (b == 0) {
                    fail(frame, r, TransformCode.DIVISION_BY_ZERO, "division by zero");
                } else {
                    out.longs[r] = in[0].longs[r] % b;
                }
            }
        }
    }

    static final class Sign extends Op {
        Sign(Type type, Node a) {
            super(type, a);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                out.longs[r] = Long.signum(in[0].longs[r]);
            }
        }
    }

    /** ROUND and TRUNC to a power of ten: the digits are negative. */
    static final class ToTens extends Op {
        private final int zeros;
        private final boolean round;

        ToTens(Type type, Node a, int zeros, boolean round) {
            super(type, a);
            this.zeros = zeros;
            this.round = round;
        }

        @Override
        void run(Frame frame, Rows rows) {
            Int128 value = new Int128();
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                long a = in[0].longs[r];
                if (zeros > 19) {
                    out.longs[r] = 0;
                    continue;
                }
                if (round) {
                    value.set(a);
                    value.scaleDown(zeros);
                } else {
                    value.set(zeros > 18 ? 0 : a / Int128.POW10[zeros]);
                }
                if (value.scaleUp(zeros) && value.fitsLong()) {
                    out.longs[r] = value.low;
                } else {
                    out.longs[r] = 0;
                    overflow(frame, r);
                }
            }
            checkNarrow(frame, rows);
        }
    }
}
