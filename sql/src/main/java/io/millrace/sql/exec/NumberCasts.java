package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Conversions to numbers and booleans. */
final class NumberCasts {

    private NumberCasts() {}

    /** From BOOLEAN, INTEGER, BIGINT and DECIMAL. Digits that go are rounded half away from zero. */
    static final class FromExact extends CastNode {
        private final int up;
        private final boolean same;
        private final Int128 x = new Int128();

        FromExact(Node operand, Type to, boolean orNull) {
            super(operand, to, orNull);
            this.up = scale - scaleOf(operand.type);
            // Every value fits: INTEGER to BIGINT, or a DECIMAL of no fewer digits before the point.
            this.same = operand.type.equals(Type.INTEGER) && to.equals(Type.BIGINT);
        }

        @Override
        void run(Frame frame, Rows rows) {
            switch (type) {
                case Type.Simple s when s == Type.Simple.DOUBLE -> toDouble(rows);
                case Type.Simple s when s == Type.Simple.BOOLEAN -> toBoolean(rows);
                case Type t -> {
                    if (same) {
                        out.copy(frame, in[0], rows);
                    } else {
                        toExact(frame, rows);
                    }
                }
            }
        }

        private void toExact(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                x.load(in[0], r);
                if (up < 0) {
                    x.scaleDown(-up);
                } else if (!x.scaleUp(up)) {
                    tooLarge(frame, r);
                    continue;
                }
                put(frame, r, x);
            }
        }

        private void toBoolean(Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                x.load(in[0], r);
                out.longs[r] = x.signum() != 0 ? 1 : 0;
            }
        }

        private void toDouble(Rows rows) {
            int from = scaleOf(in[0].type);
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                x.load(in[0], r);
                if (x.fitsLong() && from == 0) {
                    out.doubles[r] = x.low;
                } else if (x.fitsLong() && Math.abs(x.low) < 1L << 53 && from <= 18) {
                    // Both are exact, so the division rounds once.
                    out.doubles[r] = (double) x.low / Int128.POW10[from];
                } else {
                    out.doubles[r] = new BigDecimal(x.toBigInteger(), from).doubleValue();
                }
            }
        }
    }

    /** From DOUBLE: to integers half to even, to DECIMAL by way of 15 significant digits, as PostgreSQL does. */
    static final class FromDouble extends CastNode {
        private static final MathContext DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);

        private final Int128 x = new Int128();

        FromDouble(Node operand, Type to, boolean orNull) {
            super(operand, to, orNull);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                double value = in[0].doubles[r];
                switch (type) {
                    case Type.Decimal d -> toDecimal(frame, r, value);
                    case Type.Simple s when s == Type.Simple.BOOLEAN -> out.longs[r] = value != 0 ? 1 : 0;
                    case Type t -> toInteger(frame, r, value);
                }
            }
        }

        private void toInteger(Frame frame, int row, double value) {
            double rounded = Math.rint(value);
            if (rounded >= -0x1p63 && rounded < 0x1p63) {
                x.set((long) rounded);
                put(frame, row, x);
            } else {
                tooLarge(frame, row);
            }
        }

        private void toDecimal(Frame frame, int row, double value) {
            if (!(Math.abs(value) < 1e39)) {
                tooLarge(frame, row);
                return;
            }
            BigDecimal decimal = new BigDecimal(value).round(DIGITS).setScale(scale, RoundingMode.HALF_UP);
            put(frame, row, decimal.unscaledValue(), x);
        }
    }

    /** From VARCHAR. */
    static final class FromText extends CastNode {
        private final NumberParser parser = new NumberParser();

        FromText(Node operand, Type to, boolean orNull) {
            super(operand, to, orNull);
        }

        @Override
        void run(Frame frame, Rows rows) {
            Vec text = in[0];
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                NumberParser.Outcome outcome = read(text.data, text.start[r], text.length[r]);
                if (accepted(frame, r, outcome)) {
                    if (out.kind == Vec.Kind.DOUBLE) {
                        out.doubles[r] = parser.number;
                    } else {
                        put(frame, r, parser.value);
                    }
                }
            }
        }

        private NumberParser.Outcome read(byte[] data, int start, int length) {
            return switch (type) {
                case Type.Decimal d -> parser.decimal(data, start, length, scale);
                case Type.Simple s when s == Type.Simple.DOUBLE -> parser.floating(data, start, length);
                case Type.Simple s when s == Type.Simple.BOOLEAN -> parser.bool(data, start, length);
                case Type t -> parser.integer(data, start, length);
            };
        }
    }
}
