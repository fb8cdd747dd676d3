package io.millrace.sql.oracle;

import io.millrace.api.Type;
import java.util.List;

/** The types of arithmetic as the reference gives them, written a second time so that the compiler's are checked. */
final class Numerics {
    private static final List<Type> ORDER = List.of(Type.INTEGER, Type.BIGINT);

    private Numerics() {}

    static boolean isDecimal(Type type) {
        return type instanceof Type.Decimal;
    }

    /** An exact number as a decimal: INTEGER has ten digits, BIGINT nineteen. */
    static Type.Decimal decimal(Type type) {
        return type instanceof Type.Decimal d ? d : new Type.Decimal(type.equals(Type.INTEGER) ? 10 : 19, 0);
    }

    static Type common(Type a, Type b) {
        if (a.equals(b)) {
            return a;
        }
        if (a.equals(Type.DOUBLE) || b.equals(Type.DOUBLE)) {
            return Type.DOUBLE;
        }
        if (isDecimal(a) || isDecimal(b)) {
            Type.Decimal x = decimal(a);
            Type.Decimal y = decimal(b);
            int scale = Math.max(x.scale(), y.scale());
            return kept(Math.max(whole(x), whole(y)) + scale, scale);
        }
        return ORDER.get(Math.max(ORDER.indexOf(a), ORDER.indexOf(b)));
    }

    static Type result(char operator, Type a, Type b) {
        Type common = common(a, b);
        if (!isDecimal(common)) {
            return common;
        }
        Type.Decimal x = decimal(a);
        Type.Decimal y = decimal(b);
        int scale = Math.max(x.scale(), y.scale());
        return switch (operator) {
            case '*' -> fitted(x.precision() + y.precision(), x.scale() + y.scale());
            case '/' -> {
                int digits = Math.max(6, x.scale() + y.precision() + 1);
                yield fitted(whole(x) + y.scale() + digits, digits);
            }
            case '%' -> kept(Math.min(whole(x), whole(y)) + scale, scale);
            default -> kept(Math.max(whole(x), whole(y)) + scale + 1, scale);
        };
    }

    static int whole(Type.Decimal d) {
        return d.precision() - d.scale();
    }

    /** Beyond 38 digits a sum overflows rather than be rounded. */
    private static Type kept(int precision, int scale) {
        return Type.decimal(Math.clamp(precision, Math.max(scale, 1), 38), scale);
    }

    /** Beyond 38 digits the scale gives way, down to six. */
    static Type fitted(int precision, int scale) {
        if (precision <= 38) {
            return Type.decimal(Math.max(precision, 1), scale);
        }
        int kept = Math.max(38 - (precision - scale), Math.min(scale, 6));
        return Type.decimal(38, Math.min(scale, kept));
    }
}
