package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Functions of one exact number. */
final class DecimalRounding {

    private DecimalRounding() {}

    /** What {@link Signed} makes of a sign. */
    enum Sign {
        OPPOSITE,
        POSITIVE,
        /** -1, 0 or 1. */
        ONLY
    }

    /** NEGATE, ABS and SIGN. */
    static final class Signed extends DecimalNode {
        private final Sign sign;
        private final int up;
        private final Int128 x = new Int128();

        Signed(Type type, Node a, Sign sign) {
            super(type, a);
            this.sign = sign;
            this.up = sign == Sign.ONLY ? scale : scale - scaleOf(a.type);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                x.load(in[0], r);
                switch (sign) {
                    case OPPOSITE -> x.negate();
                    case POSITIVE -> {
                        if (x.high < 0) {
                            x.negate();
                        }
                    }
                    case ONLY -> x.set(x.signum());
                }
                if (up < 0) {
                    x.scaleDown(-up);
                } else if (!x.scaleUp(up)) {
                    tooLarge(frame, r);
                    continue;
                }
                put(frame, r, x);
            }
        }
    }

    /** ROUND, TRUNC, FLOOR and CEIL: to digits after the point, or before it where they are negative. */
    static final class ToDigits extends DecimalNode {
        private final int from;
        private final int digits;
        private final RoundingMode mode;
        private final Int128 x = new Int128();

        ToDigits(Type type, Node a, int digits, RoundingMode mode) {
            super(type, a);
            this.from = scaleOf(a.type);
            this.digits = Math.min(digits, from);
            this.mode = mode;
        }

        @Override
        void run(Frame frame, Rows rows) {
            int down = from - digits;
            boolean small = down <= 18 && scale - digits >= 0;
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                x.load(in[0], r);
                if (small && x.fitsLong()) {
                    x.set(divide(x.low, Int128.POW10[down]));
                    if (x.scaleUp(scale - digits)) {
                        put(frame, r, x);
                        continue;
                    }
                    x.load(in[0], r);
                }
                BigInteger rounded = new BigDecimal(x.toBigInteger(), from)
                        .setScale(digits, mode)
                        .setScale(scale, RoundingMode.HALF_UP)
                        .unscaledValue();
                put(frame, r, rounded, x);
            }
        }

        private long divide(long value, long divisor) {
            return switch (mode) {
                case HALF_UP -> Int128.divideHalfAway(value, divisor);
                case FLOOR -> Math.floorDiv(value, divisor);
                case CEILING -> Math.ceilDiv(value, divisor);
                default -> value / divisor;
            };
        }
    }
}
