package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings expressions to a type, by casts where there must be some. */
final class Conversions {

    /** Stands for an expression that could not be checked; fits wherever it is put, so that nothing follows from it. */
    static final Expr UNKNOWN = new Expr.Literal(Type.VARCHAR, null);

    private Conversions() {}

    static Expr nullLiteral() {
        return new Expr.Literal(Type.VARCHAR, null);
    }

    /** Whether an expression is NULL or REJECT or comes to one of these by every way: it is of any type. */
    static boolean isUntyped(Expr expr) {
        return switch (expr) {
            case Expr.Literal literal -> literal.value() == null;
            case Expr.Call(Function function, List<Expr> args, Type type) ->
                switch (function) {
                    case REJECT -> true;
                    case COALESCE, GREATEST, LEAST -> args.stream().allMatch(Conversions::isUntyped);
                    default -> false;
                };
            case Expr.Case(List<Expr.When> whens, Expr otherwise, Type type) ->
                isUntyped(otherwise) && whens.stream().allMatch(w -> isUntyped(w.result()));
            case Expr.Input i -> false;
            case Expr.Surrounding s -> false;
            case Expr.Cast c -> false;
            case Expr.Watched w -> isUntyped(w.operand());
        };
    }

    /** Converts. Literals are converted at once where nothing can be lost. */
    static Expr to(Expr expr, Type type) {
        if (isUntyped(expr)) {
            return retyped(expr, type);
        }
        if (expr.type().equals(type)) {
            return expr;
        }
        if (expr instanceof Expr.Literal literal) {
            Expr folded = folded(literal, type);
            if (folded != null) {
                return folded;
            }
        }
        return new Expr.Cast(expr, type, false);
    }

    private static Expr retyped(Expr untyped, Type type) {
        return switch (untyped) {
            case Expr.Call call ->
                new Expr.Call(
                        call.function(),
                        call.function() == Function.REJECT
                                ? call.args()
                                : call.args().stream()
                                        .map(a -> retyped(a, type))
                                        .toList(),
                        type);
            case Expr.Case branches ->
                new Expr.Case(
                        branches.whens().stream()
                                .map(w -> new Expr.When(w.condition(), retyped(w.result(), type)))
                                .toList(),
                        retyped(branches.otherwise(), type),
                        type);
            default -> new Expr.Literal(type, null);
        };
    }

    private static @Nullable Expr folded(Expr.Literal literal, Type type) {
        return switch (literal.value()) {
            case Long whole
            when NumericTypes.isInteger(literal.type()) ->
                switch (type) {
                    case Type t when t.equals(Type.BIGINT) -> new Expr.Literal(type, whole);
                    case Type t when t.equals(Type.DOUBLE) -> new Expr.Literal(type, (double) whole);
                    case Type.Decimal d -> decimal(BigDecimal.valueOf(whole), d);
                    default -> null;
                };
            case BigDecimal number ->
                switch (type) {
                    case Type t when t.equals(Type.DOUBLE) -> new Expr.Literal(type, number.doubleValue());
                    case Type.Decimal d -> decimal(number, d);
                    default -> null;
                };
            case null, default -> null;
        };
    }

    private static @Nullable Expr decimal(BigDecimal number, Type.Decimal type) {
        if (number.scale() > type.scale()) {
            return null;
        }
        BigDecimal scaled = number.setScale(type.scale());
        return scaled.precision() <= type.precision() ? new Expr.Literal(type, scaled) : null;
    }

    /** A text that stands in the query; beside a date or a time it is taken for one, as in PostgreSQL. */
    static boolean isTextLiteral(Expr expr) {
        return expr instanceof Expr.Literal literal && literal.value() instanceof String;
    }

    /** The type to which values of two types are brought; null where SQL brings them to none by itself. */
    static @Nullable Type common(Type a, Type b) {
        if (a.equals(b)) {
            return a;
        }
        Type number = NumericTypes.common(a, b);
        if (number != null) {
            return number;
        }
        int x = momentRank(a);
        int y = momentRank(b);
        return x < 0 || y < 0 ? null : x > y ? a : b;
    }

    private static int momentRank(Type type) {
        return type.equals(Type.DATE) ? 0 : type.equals(Type.TIMESTAMP) ? 1 : type.equals(Type.TIMESTAMP_TZ) ? 2 : -1;
    }

    static boolean isMoment(Type type) {
        return momentRank(type) >= 0;
    }
}
