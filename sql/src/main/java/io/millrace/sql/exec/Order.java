package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.util.Arrays;

/** How two values of one type are ordered. Decimals may differ in scale. */
abstract class Order {

    /** Negative, zero or positive, for rows that are not null. */
    abstract int compare(Vec a, int aRow, Vec b, int bRow);

    static Order of(Type a, Type b) {
        if (a instanceof Type.Decimal x && b instanceof Type.Decimal y) {
            return x.scale() == y.scale() && x.fitsLong() && y.fitsLong() ? new Longs() : new Decimals(x, y);
        }
        return switch (Vec.Kind.of(a)) {
            case LONG -> new Longs();
            case DOUBLE -> new Doubles();
            case TEXT -> new Texts();
            case WIDE, ARRAY -> throw new IllegalArgumentException(a.sql() + " can't be compared with " + b.sql());
        };
    }

    /** NaN equals itself and is greater than any other number, as in PostgreSQL; zeros are equal. */
    static int compare(double a, double b) {
        if (a < b) {
            return -1;
        }
        if (a > b) {
            return 1;
        }
        return a == b ? 0 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }

    static int compareTexts(Vec a, int aRow, Vec b, int bRow) {
        return Arrays.compareUnsigned(
                a.data,
                a.start[aRow],
                a.start[aRow] + a.length[aRow],
                b.data,
                b.start[bRow],
                b.start[bRow] + b.length[bRow]);
    }

    private static final class Longs extends Order {
        @Override
        int compare(Vec a, int aRow, Vec b, int bRow) {
            return Long.compare(a.longs[aRow], b.longs[bRow]);
        }
    }

    private static final class Doubles extends Order {
        @Override
        int compare(Vec a, int aRow, Vec b, int bRow) {
            return compare(a.doubles[aRow], b.doubles[bRow]);
        }
    }

    private static final class Texts extends Order {
        @Override
        int compare(Vec a, int aRow, Vec b, int bRow) {
            return compareTexts(a, aRow, b, bRow);
        }
    }

    private static final class Decimals extends Order {
        private final int aUp;
        private final int bUp;
        private final Int128 x = new Int128();
        private final Int128 y = new Int128();

        Decimals(Type.Decimal a, Type.Decimal b) {
            int scale = Math.max(a.scale(), b.scale());
            this.aUp = scale - a.scale();
            this.bUp = scale - b.scale();
        }

        @Override
        int compare(Vec a, int aRow, Vec b, int bRow) {
            x.load(a, aRow);
            y.load(b, bRow);
            // At most one of them is scaled; one that no longer fits is further from zero than any that does.
            if (aUp > 0 && !x.scaleUp(aUp)) {
                x.load(a, aRow);
                return x.signum();
            }
            if (bUp > 0 && !y.scaleUp(bUp)) {
                y.load(b, bRow);
                return -y.signum();
            }
            return x.compareTo(y);
        }
    }
}
