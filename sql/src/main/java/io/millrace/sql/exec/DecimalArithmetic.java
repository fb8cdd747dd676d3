package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.math.BigInteger;

/**
 * Arithmetic of DECIMAL. Each operator chooses when it is compiled whether 64 bits always do; else it works in 128 bits,
 * and through BigInteger for the rows whose intermediate results outgrow even those.
 */
final class DecimalArithmetic {

    private DecimalArithmetic() {}

    private static boolean isLong(Type type) {
        return Vec.Kind.of(type) == Vec.Kind.LONG;
    }

    /** Addition and subtraction. */
    static final class Sum extends DecimalNode {
        private final int aUp;
        private final int bUp;
        private final int down;
        private final int sign;
        private final boolean small;
        private final Int128 x = new Int128();
        private final Int128 y = new Int128();

        Sum(Type type, Node a, Node b, int sign) {
            super(type, a, b);
            int common = Math.max(scaleOf(a.type), scaleOf(b.type));
            // Where the result has more digits after the point than both, they are added before rather than after.
            int to = Math.max(common, scale);
            this.aUp = to - scaleOf(a.type);
            this.bUp = to - scaleOf(b.type);
            this.down = to - scale;
            this.sign = sign;
            this.small = isLong(a.type)
                    && isLong(b.type)
                    && isLong(type)
                    && down == 0
                    && precisionOf(a.type) + aUp <= 18
                    && precisionOf(b.type) + bUp <= 18;
        }

        @Override
        void run(Frame frame, Rows rows) {
            if (small) {
                long[] a = in[0].longs;
                long[] b = in[1].longs;
                long[] o = out.longs;
                long p = Int128.POW10[aUp];
                long q = sign * Int128.POW10[bUp];
                int[] index = rows.index;
                int n = rows.count;
                for (int i = 0; i < n; i++) {
                    int r = index == null ? i : index[i];
                    o[r] = a[r] * p + b[r] * q;
                }
                checkDigits(frame, rows);
                return;
            }
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                x.load(in[0], r);
                y.load(in[1], r);
                if (sign < 0) {
                    y.negate();
                }
                if (x.scaleUp(aUp) && y.scaleUp(bUp) && x.add(y.high, y.low)) {
                    x.scaleDown(down);
                    put(frame, r, x);
                } else {
                    putLarge(frame, r);
                }
            }
        }

        private void putLarge(Frame frame, int r) {
            x.load(in[0], r);
            y.load(in[1], r);
            if (sign < 0) {
                y.negate();
            }
            BigInteger sum = x.toBigInteger()
                    .multiply(powerOfTen(aUp))
                    .add(y.toBigInteger().multiply(powerOfTen(bUp)));
            put(frame, r, Int128.divideHalfAway(sum, powerOfTen(down)), x);
        }
    }

    static final class Multiply extends DecimalNode {
        private final int down;
        private final boolean longs;
        private final boolean small;
        private final Int128 x = new Int128();
        private final Int128 y = new Int128();

        Multiply(Type type, Node a, Node b) {
            super(type, a, b);
            this.down = scaleOf(a.type) + scaleOf(b.type) - scale;
            this.longs = isLong(a.type) && isLong(b.type);
            this.small = longs && isLong(type) && down == 0 && precisionOf(a.type) + precisionOf(b.type) <= 18;
        }

        @Override
        void run(Frame frame, Rows rows) {
            if (small) {
                long[] a = in[0].longs;
                long[] b = in[1].longs;
                long[] o = out.longs;
                int[] index = rows.index;
                int n = rows.count;
                for (int i = 0; i < n; i++) {
                    int r = index == null ? i : index[i];
                    o[r] = a[r] * b[r];
                }
                checkDigits(frame, rows);
                return;
            }
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                if (longs) {
                    x.multiply(in[0].longs[r], in[1].longs[r]);
                    if (down >= 0) {
                        x.scaleDown(down);
                        put(frame, r, x);
                    } else if (x.scaleUp(-down)) {
                        put(frame, r, x);
                    } else {
                        tooLarge(frame, r);
                    }
                } else {
                    x.load(in[0], r);
                    y.load(in[1], r);
                    BigInteger product = x.toBigInteger().multiply(y.toBigInteger());
                    BigInteger scaled = down >= 0
                            ? Int128.divideHalfAway(product, powerOfTen(down))
                            : product.multiply(powerOfTen(-down));
                    put(frame, r, scaled, x);
                }
            }
        }
    }

    /** Rounds half away from zero. */
    static final class Divide extends DecimalNode {
        private final int up;
        private final Int128 x = new Int128();
        private final Int128 y = new Int128();

        Divide(Type type, Node a, Node b) {
            super(type, a, b);
            this.up = scale + scaleOf(b.type) - scaleOf(a.type);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                x.load(in[0], r);
                y.load(in[1], r);
                if (y.signum() == 0) {
                    fail(frame, r, TransformCode.DIVISION_BY_ZERO, "division by zero");
                    continue;
                }
                if (up >= 0
                        && y.fitsLong()
                        && y.low != Long.MIN_VALUE
                        && x.scaleUp(up)
                        && x.fitsLong()
                        && x.low != Long.MIN_VALUE) {
                    long quotient = x.low / y.low;
                    long rest = Math.abs(x.low % y.low);
                    if (rest >= Math.abs(y.low) - rest) {
                        quotient += x.low < 0 == y.low < 0 ? 1 : -1;
                    }
                    x.set(quotient);
                    put(frame, r, x);
                    continue;
                }
                x.load(in[0], r);
                BigInteger dividend = x.toBigInteger().multiply(powerOfTen(Math.max(up, 0)));
                BigInteger divisor = y.toBigInteger().multiply(powerOfTen(Math.max(-up, 0)));
                put(frame, r, Int128.divideHalfAway(dividend, divisor), x);
            }
        }
    }

    /** The remainder with the dividend's sign. */
    static final class Mod extends DecimalNode {
        private final int common;
        private final int aUp;
        private final int bUp;
        private final Int128 x = new Int128();
        private final Int128 y = new Int128();

        Mod(Type type, Node a, Node b) {
            super(type, a, b);
            this.common = Math.max(scaleOf(a.type), scaleOf(b.type));
            this.aUp = common - scaleOf(a.type);
            this.bUp = common - scaleOf(b.type);
        }

        @Override
        void run(Frame frame, Rows rows) {
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                x.load(in[0], r);
                y.load(in[1], r);
                if (y.signum() == 0) {
                    fail(frame, r, TransformCode.DIVISION_BY_ZERO, "division by zero");
                } else if (x.scaleUp(aUp) && y.scaleUp(bUp) && x.fitsLong() && y.fitsLong()) {
                    x.set(x.low % y.low);
                    rescale(frame, r);
                } else {
                    x.load(in[0], r);
                    y.load(in[1], r);
                    BigInteger a = x.toBigInteger().multiply(powerOfTen(aUp));
                    BigInteger b = y.toBigInteger().multiply(powerOfTen(bUp));
                    BigInteger rest = a.remainder(b);
                    BigInteger scaled = scale >= common
                            ? rest.multiply(powerOfTen(scale - common))
                            : Int128.divideHalfAway(rest, powerOfTen(common - scale));
                    put(frame, r, scaled, x);
                }
            }
        }

        private void rescale(Frame frame, int r) {
            if (scale < common) {
                x.scaleDown(common - scale);
            } else if (!x.scaleUp(scale - common)) {
                tooLarge(frame, r);
                return;
            }
            put(frame, r, x);
        }
    }
}
