package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;

/** Checks arithmetic on numbers, and on dates and times with intervals. */
final class Arithmetic {
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private final ExpressionChecker expressions;

    Arithmetic(ExpressionChecker expressions) {
        this.expressions = expressions;
    }

    Expr call(SqlCall call) {
        return switch (call.getKind()) {
            case PLUS -> plusOrMinus(call, Function.ADD);
            case MINUS -> plusOrMinus(call, Function.SUBTRACT);
            case TIMES -> numbers(call, Function.MULTIPLY);
            case DIVIDE -> numbers(call, Function.DIVIDE);
            case MOD -> numbers(call, Function.MOD);
            case PLUS_PREFIX -> expressions.number(call.operand(0), expressions.check(call.operand(0)), "+");
            default -> negated(call);
        };
    }

    private static String symbol(Function function) {
        return switch (function) {
            case ADD -> "+";
            case SUBTRACT -> "-";
            case MULTIPLY -> "*";
            case DIVIDE -> "/";
            default -> function.name();
        };
    }

    private Expr negated(SqlCall call) {
        Expr expr = expressions.number(call.operand(0), expressions.check(call.operand(0)), "-");
        // The least BIGINT is the negation of a number that is none.
        if (expr instanceof Expr.Literal(Type type, BigDecimal number)
                && number.negate().compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) == 0
                && number.scale() == 0) {
            return new Expr.Literal(Type.BIGINT, Long.MIN_VALUE);
        }
        if (expr instanceof Expr.Literal(Type type, Long number) && number != Long.MIN_VALUE) {
            boolean fits = type.equals(Type.INTEGER) || number == 1L << 31;
            return new Expr.Literal(fits ? Type.INTEGER : Type.BIGINT, -number);
        }
        return new Expr.Call(Function.NEGATE, List.of(expr), expr.type());
    }

    private Expr numbers(SqlCall call, Function function) {
        return numbers(
                call.operand(0),
                expressions.check(call.operand(0)),
                call.operand(1),
                expressions.check(call.operand(1)),
                function);
    }

    /** An operation on two numbers. */
    Expr numbers(SqlNode leftNode, Expr left, SqlNode rightNode, Expr right, Function function) {
        if (Conversions.isUntyped(left) && Conversions.isUntyped(right)) {
            return Conversions.to(left, Type.INTEGER);
        }
        String symbol = symbol(function);
        Expr a = Conversions.isUntyped(left) ? left : expressions.number(leftNode, left, symbol);
        Expr b = Conversions.isUntyped(right) ? right : expressions.number(rightNode, right, symbol);
        Type common = Conversions.isUntyped(a)
                ? b.type()
                : Conversions.isUntyped(b) ? a.type() : NumericTypes.common(a.type(), b.type());
        if (common == null) {
            throw new IllegalStateException("two numbers have no common type");
        }
        a = NumericTypes.operand(a, common);
        b = NumericTypes.operand(b, common);
        return new Expr.Call(function, List.of(a, b), NumericTypes.result(function, List.of(a.type(), b.type())));
    }

    // Dates and times

    private Expr plusOrMinus(SqlCall call, Function function) {
        SqlNode left = call.operand(0);
        SqlNode right = call.operand(1);
        boolean minus = function == Function.SUBTRACT;
        if (Intervals.isInterval(right)) {
            return shifted(left, new Intervals(expressions).of(right, minus));
        }
        if (Intervals.isInterval(left) && !minus) {
            return shifted(right, new Intervals(expressions).of(left, false));
        }
        Expr a = expressions.check(left);
        Expr b = expressions.check(right);
        if (Conversions.isMoment(a.type()) && !Conversions.isUntyped(a)) {
            return fromMoment(call, a, b, minus);
        }
        if (Conversions.isMoment(b.type()) && !Conversions.isUntyped(b) && !minus && !Conversions.isUntyped(a)) {
            return fromMoment(call, b, a, false);
        }
        return numbers(left, a, right, b, function);
    }

    private Expr shifted(SqlNode node, Intervals.Interval interval) {
        Expr moment = expressions.moment(node, expressions.check(node), "an interval");
        Type type = moment.type().equals(Type.DATE) ? Type.TIMESTAMP : moment.type();
        return new Expr.Call(Function.ADD_INTERVAL, List.of(moment, interval.months(), interval.micros()), type);
    }

    private Expr fromMoment(SqlCall call, Expr moment, Expr other, boolean minus) {
        boolean date = moment.type().equals(Type.DATE);
        if (date && NumericTypes.isInteger(other.type()) && !Conversions.isUntyped(other)) {
            Expr day = new Expr.Literal(Type.BIGINT, minus ? -MICROS_PER_DAY : MICROS_PER_DAY);
            Expr micros = Intervals.times(Conversions.to(other, Type.BIGINT), day);
            return new Expr.Call(
                    Function.ADD_INTERVAL, List.of(moment, new Expr.Literal(Type.BIGINT, 0L), micros), Type.DATE);
        }
        if (date && minus && Conversions.isTextLiteral(other)) {
            other = expressions.asMoment(call.operand(1), other, Type.DATE);
        }
        if (date && minus && other.type().equals(Type.DATE)) {
            return new Expr.Call(Function.DATE_DIFF_DAYS, List.of(moment, other), Type.BIGINT);
        }
        boolean apart = minus && Conversions.isMoment(other.type()) && call.getKind() == SqlKind.MINUS;
        throw new Refusal(
                call.getParserPosition(),
                apart
                        ? "the time between two times has no type here; in seconds it is EXTRACT(EPOCH FROM "
                                + expressions.source(call.operand(0)) + ") - EXTRACT(EPOCH FROM "
                                + expressions.source(call.operand(1)) + ")"
                        : "a " + moment.type().sql()
                                + (minus ? " is taken an interval from" : " is added an interval to")
                                + ", such as INTERVAL '1' DAY"
                                + (date ? ", or a whole number of days" : ""));
    }
}
