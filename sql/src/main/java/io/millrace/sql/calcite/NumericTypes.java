package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The types of numbers and what comes of them. DECIMAL results have the digits that the exact result can have. Beyond
 * {@value Type#MAX_PRECISION} the scale of a product or a quotient gives way first, down to {@value #LEAST_SCALE} (the
 * rule of SQL Server, which Calcite and Hive use too); sums keep their scale.
 */
final class NumericTypes {

    /** The scale that a DECIMAL keeps when its digits run out, and the least of an average or a quotient. */
    static final int LEAST_SCALE = 6;

    private static final int INTEGER_DIGITS = 10;
    private static final int BIGINT_DIGITS = 19;

    private NumericTypes() {}

    static boolean isNumber(Type type) {
        return rank(type) >= 0;
    }

    static boolean isInteger(Type type) {
        return type.equals(Type.INTEGER) || type.equals(Type.BIGINT);
    }

    private static int rank(Type type) {
        return switch (type) {
            case Type.Decimal d -> 2;
            case Type.Simple simple ->
                switch (simple) {
                    case INTEGER -> 0;
                    case BIGINT -> 1;
                    case DOUBLE -> 3;
                    case BOOLEAN, VARCHAR, DATE, TIMESTAMP, TIMESTAMP_TZ, JSON -> -1;
                };
            case Type.Array array -> -1;
        };
    }

    /** The narrowest type that holds every value of both; null where one is no number. */
    static @Nullable Type common(Type a, Type b) {
        if (!isNumber(a) || !isNumber(b)) {
            return null;
        }
        Type wider = rank(a) >= rank(b) ? a : b;
        if (!(wider instanceof Type.Decimal)) {
            return wider;
        }
        Type.Decimal x = decimal(a);
        Type.Decimal y = decimal(b);
        int scale = Math.max(x.scale(), y.scale());
        int whole = Math.max(x.precision() - x.scale(), y.precision() - y.scale());
        return kept(whole + scale, scale);
    }

    /** An operand of an operation of the given common type, converted: decimals keep their own scale. */
    static Expr operand(Expr expr, Type common) {
        boolean decimal = common instanceof Type.Decimal && !Conversions.isUntyped(expr);
        return Conversions.to(expr, decimal ? decimal(expr.type()) : common);
    }

    static Type.Decimal decimal(Type type) {
        if (type instanceof Type.Decimal decimal) {
            return decimal;
        }
        return new Type.Decimal(type.equals(Type.INTEGER) ? INTEGER_DIGITS : BIGINT_DIGITS, 0);
    }

    /** The type of an arithmetic operation on operands of one kind. */
    static Type result(Function function, List<Type> operands) {
        Type first = operands.getFirst();
        if (!(first instanceof Type.Decimal x)) {
            return first;
        }
        Type.Decimal y = decimal(operands.getLast());
        int xWhole = x.precision() - x.scale();
        int yWhole = y.precision() - y.scale();
        int scale = Math.max(x.scale(), y.scale());
        return switch (function) {
            case MULTIPLY -> fitted(x.precision() + y.precision(), x.scale() + y.scale());
            case DIVIDE -> {
                int digits = Math.max(LEAST_SCALE, x.scale() + y.precision() + 1);
                yield fitted(xWhole + y.scale() + digits, digits);
            }
            case MOD -> kept(Math.min(xWhole, yWhole) + scale, scale);
            default -> kept(Math.max(xWhole, yWhole) + scale + 1, scale);
        };
    }

    /** SUM's type. */
    static Type sum(Type type) {
        return switch (type) {
            case Type.Decimal decimal -> Type.decimal(Type.MAX_PRECISION, decimal.scale());
            case Type t when t.equals(Type.INTEGER) -> Type.BIGINT;
            case Type t when t.equals(Type.BIGINT) -> Type.decimal(Type.MAX_PRECISION, 0);
            default -> type;
        };
    }

    /** AVG's type. */
    static Type average(Type type) {
        return type.equals(Type.DOUBLE)
                ? Type.DOUBLE
                : Type.decimal(
                        Type.MAX_PRECISION, Math.max(LEAST_SCALE, decimal(type).scale()));
    }

    /** Where digits run out a value that has too many of them overflows; none is rounded. */
    private static Type kept(int precision, int scale) {
        return Type.decimal(Math.clamp(precision, Math.max(scale, 1), Type.MAX_PRECISION), scale);
    }

    private static Type fitted(int precision, int scale) {
        if (precision <= Type.MAX_PRECISION) {
            return Type.decimal(Math.max(precision, 1), scale);
        }
        int whole = precision - scale;
        int kept = Math.max(Type.MAX_PRECISION - whole, Math.min(scale, LEAST_SCALE));
        return Type.decimal(Type.MAX_PRECISION, Math.min(kept, scale));
    }
}
