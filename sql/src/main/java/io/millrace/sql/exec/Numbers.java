package io.millrace.sql.exec;

import io.millrace.api.Type;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Chooses the operator for a function of numbers. */
final class Numbers {

    private Numbers() {}

    static Node of(Function function, Type type, List<Node> args) {
        Node a = args.getFirst();
        return switch (a.type) {
            case Type.Decimal d -> ofDecimals(function, type, args);
            case Type.Simple s ->
                switch (s) {
                    case INTEGER, BIGINT -> ofIntegers(function, type, args);
                    case DOUBLE -> ofDoubles(function, args);
                    case BOOLEAN, VARCHAR, DATE, TIMESTAMP, TIMESTAMP_TZ, JSON -> throw wrong(function, a);
                };
            case Type.Array s -> throw wrong(function, a);
        };
    }

    private static IllegalArgumentException wrong(Function function, Node a) {
        return new IllegalArgumentException(function + " can't be applied to " + a.type.sql());
    }

    private static int digits(List<Node> args) {
        if (args.size() < 2) {
            return 0;
        }
        if (args.get(1) instanceof Leaves.Constant c && c.value instanceof Long digits) {
            return Math.clamp(digits, -100, 100);
        }
        throw new IllegalArgumentException("the number of digits must be a literal");
    }

    private static Node ofIntegers(Function function, Type type, List<Node> args) {
        Node a = args.getFirst();
        return switch (function) {
            case ADD -> new IntegerArithmetic.Add(type, a, args.get(1));
            case SUBTRACT -> new IntegerArithmetic.Subtract(type, a, args.get(1));
            case MULTIPLY -> new IntegerArithmetic.Multiply(type, a, args.get(1));
            case DIVIDE -> new IntegerArithmetic.Divide(type, a, args.get(1));
            case MOD -> new IntegerArithmetic.Mod(type, a, args.get(1));
            case NEGATE -> new IntegerArithmetic.Negate(type, a);
            case ABS -> new IntegerArithmetic.Abs(type, a);
            case SIGN -> new IntegerArithmetic.Sign(type, a);
            case FLOOR, CEIL -> a;
            case ROUND, TRUNC ->
                digits(args) >= 0
                        ? a
                        : new IntegerArithmetic.ToTens(type, a, -digits(args), function == Function.ROUND);
            default -> throw wrong(function, a);
        };
    }

    private static Node ofDecimals(Function function, Type type, List<Node> args) {
        Node a = args.getFirst();
        return switch (function) {
            case ADD -> new DecimalArithmetic.Sum(type, a, args.get(1), 1);
            case SUBTRACT -> new DecimalArithmetic.Sum(type, a, args.get(1), -1);
            case MULTIPLY -> new DecimalArithmetic.Multiply(type, a, args.get(1));
            case DIVIDE -> new DecimalArithmetic.Divide(type, a, args.get(1));
            case MOD -> new DecimalArithmetic.Mod(type, a, args.get(1));
            case NEGATE -> new DecimalRounding.Signed(type, a, DecimalRounding.Sign.OPPOSITE);
            case ABS -> new DecimalRounding.Signed(type, a, DecimalRounding.Sign.POSITIVE);
            case SIGN -> new DecimalRounding.Signed(type, a, DecimalRounding.Sign.ONLY);
            case ROUND -> new DecimalRounding.ToDigits(type, a, digits(args), RoundingMode.HALF_UP);
            case TRUNC -> new DecimalRounding.ToDigits(type, a, digits(args), RoundingMode.DOWN);
            case FLOOR -> new DecimalRounding.ToDigits(type, a, 0, RoundingMode.FLOOR);
            case CEIL -> new DecimalRounding.ToDigits(type, a, 0, RoundingMode.CEILING);
            default -> throw wrong(function, a);
        };
    }

    private static Node ofDoubles(Function function, List<Node> args) {
        Node a = args.getFirst();
        return switch (function) {
            case ADD -> new DoubleArithmetic.BinaryOp(DoubleArithmetic.Binary.ADD, a, args.get(1));
            case SUBTRACT -> new DoubleArithmetic.BinaryOp(DoubleArithmetic.Binary.SUBTRACT, a, args.get(1));
            case MULTIPLY -> new DoubleArithmetic.BinaryOp(DoubleArithmetic.Binary.MULTIPLY, a, args.get(1));
            case DIVIDE -> new DoubleArithmetic.BinaryOp(DoubleArithmetic.Binary.DIVIDE, a, args.get(1));
            case MOD -> new DoubleArithmetic.BinaryOp(DoubleArithmetic.Binary.MOD, a, args.get(1));
            case POWER -> new DoubleArithmetic.BinaryOp(DoubleArithmetic.Binary.POWER, a, args.get(1));
            case NEGATE -> new DoubleArithmetic.Total(a, x -> -x);
            case ABS -> new DoubleArithmetic.Total(a, Math::abs);
            case SIGN -> new DoubleArithmetic.Total(a, x -> x > 0 ? 1 : x < 0 ? -1 : 0);
            case FLOOR -> new DoubleArithmetic.Total(a, Math::floor);
            case CEIL -> new DoubleArithmetic.Total(a, Math::ceil);
            case ROUND -> {
                int digits = digits(args);
                yield args.size() == 1
                        ? new DoubleArithmetic.Total(a, Math::rint)
                        : new DoubleArithmetic.Total(a, x -> toDigits(x, digits, RoundingMode.HALF_UP));
            }
            case TRUNC -> {
                int digits = digits(args);
                yield args.size() == 1
                        ? new DoubleArithmetic.Total(a, x -> x < 0 ? Math.ceil(x) : Math.floor(x))
                        : new DoubleArithmetic.Total(a, x -> toDigits(x, digits, RoundingMode.DOWN));
            }
            case SQRT -> new DoubleArithmetic.PartialOp(DoubleArithmetic.Partial.SQRT, a);
            case LN -> new DoubleArithmetic.PartialOp(DoubleArithmetic.Partial.LN, a);
            case EXP -> new DoubleArithmetic.PartialOp(DoubleArithmetic.Partial.EXP, a);
            default -> throw wrong(function, a);
        };
    }

    private static double toDigits(double x, int digits, RoundingMode mode) {
        return Double.isFinite(x) ? BigDecimal.valueOf(x).setScale(digits, mode).doubleValue() : x;
    }
}
