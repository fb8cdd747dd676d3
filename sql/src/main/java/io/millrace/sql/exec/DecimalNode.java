package io.millrace.sql.exec;

import io.millrace.api.Type;
import io.millrace.api.Wide;
import java.math.BigInteger;

/** An operator with exact numbers: knows the scale and the digits of its result and checks every value against them. */
abstract class DecimalNode extends StrictNode {
    /** Digits after the point of the result. */
    final int scale;

    private final int precision;
    /** 10^precision; of a precision beyond 18 the largest long, which a long-backed result never reaches. */
    final long limit;

    DecimalNode(Type type, Node... args) {
        super(type, args);
        if (type instanceof Type.Decimal d) {
            this.scale = d.scale();
            this.precision = d.precision();
            this.limit = precision <= 18 ? Int128.POW10[precision] : Long.MAX_VALUE;
        } else {
            this.scale = 0;
            this.precision = 38;
            this.limit = Long.MAX_VALUE;
        }
    }

    static int scaleOf(Type type) {
        return type instanceof Type.Decimal d ? d.scale() : 0;
    }

    static int precisionOf(Type type) {
        return type instanceof Type.Decimal d ? d.precision() : 19;
    }

    /** Whether an unscaled value fits the result's type. */
    final boolean fits(Int128 value) {
        return switch (type) {
            case Type.Decimal d -> value.hasPrecision(precision);
            case Type.Simple s -> value.fitsLong() && (s != Type.Simple.INTEGER || value.low == (int) value.low);
            case Type.Array a -> false;
        };
    }

    /** The row's result is this unscaled value, if it fits. */
    final void put(Frame frame, int row, Int128 value) {
        if (fits(value)) {
            out.longs[row] = value.low;
            if (out.kind == Vec.Kind.WIDE) {
                out.high[row] = value.high;
            }
        } else {
            tooLarge(frame, row);
        }
    }

    final void put(Frame frame, int row, BigInteger value, Int128 scratch) {
        if (Wide.fits(value)) {
            scratch.set(value);
            put(frame, row, scratch);
        } else {
            tooLarge(frame, row);
        }
    }

    /** What becomes of a row whose result does not fit. */
    void tooLarge(Frame frame, int row) {
        overflow(frame, row);
    }

    /** Fails the rows of a long-backed result that have too many digits. */
    final void checkDigits(Frame frame, Rows rows) {
        long[] o = out.longs;
        int[] index = rows.index;
        int n = rows.count;
        long most = limit - 1;
        long bad = 0;
        for (int i = 0; i < n; i++) {
            int r = index == null ? i : index[i];
            bad |= (most - o[r]) | (most + o[r]);
        }
        if (bad < 0) {
            for (int i = 0; i < n; i++) {
                int r = rows.row(i);
                if (o[r] > most || o[r] < -most) {
                    tooLarge(frame, r);
                }
            }
        }
    }

    static BigInteger powerOfTen(int exponent) {
        return BigInteger.TEN.pow(exponent);
    }
}
