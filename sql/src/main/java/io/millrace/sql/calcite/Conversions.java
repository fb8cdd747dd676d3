package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Brings expressions to one type, by casts where there must be some. One for each query. */
final class Conversions {

    /** NULL and REJECT(...), which are of whatever type is asked of them. */
    private final Set<Expr> untyped = Collections.newSetFromMap(new IdentityHashMap<>());

    Expr nullLiteral() {
        return mark(new Expr.Literal(Type.VARCHAR, null));
    }

    Expr reject(Expr message) {
        return mark(new Expr.Call(Function.REJECT, List.of(message), Type.VARCHAR));
    }

    private Expr mark(Expr expr) {
        untyped.add(expr);
        return expr;
    }

    boolean isUntyped(Expr expr) {
        return untyped.contains(expr);
    }

    /** Converts where SQL does so by itself. */
    Expr to(Expr expr, Type type) {
        if (untyped.contains(expr)) {
            return switch (expr) {
                case Expr.Call call -> new Expr.Call(call.function(), call.args(), type);
                case Expr other -> new Expr.Literal(type, null);
            };
        }
        if (expr.type().equals(type)) {
            return expr;
        }
        if (expr instanceof Expr.Literal(Type own, @Nullable Object value) && value != null) {
            Expr folded = fold(value, type);
            if (folded != null) {
                return folded;
            }
        }
        return new Expr.Cast(expr, type, false);
    }

    private static @Nullable Expr fold(Object value, Type type) {
        if (value instanceof Long whole) {
            return switch (type) {
                case Type t when t.equals(Type.BIGINT) -> new Expr.Literal(type, whole);
                case Type t when t.equals(Type.DOUBLE) -> new Expr.Literal(type, (double) whole);
                case Type.Decimal d
                when d.precision() - d.scale() >= 19 ->
                    new Expr.Literal(type, BigDecimal.valueOf(whole).setScale(d.scale()));
                default -> null;
            };
        }
        if (value instanceof BigDecimal number && type.equals(Type.DOUBLE)) {
            return new Expr.Literal(type, number.doubleValue());
        }
        return null;
    }

    /**
     * The type to which all of these are brought.
     *
     * @return null where every one of them is untyped
     * @throws Refusal where there is none
     */
    @Nullable
    Type common(SqlParserPos place, List<Expr> exprs, String what) {
        Type common = null;
        for (Expr expr : exprs) {
            if (untyped.contains(expr)) {
                continue;
            }
            if (common == null) {
                common = expr.type();
                continue;
            }
            Type next = common(common, expr.type());
            if (next == null) {
                next = ofLiteral(common, expr, exprs);
            }
            if (next == null) {
                throw new Refusal(
                        place,
                        what + " can't bring together " + common.sql() + " and "
                                + expr.type().sql() + "; write a CAST around one of them");
            }
            common = next;
        }
        return common;
    }

    private static @Nullable Type common(Type a, Type b) {
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

    /** A text literal beside a date is a date, as in PostgreSQL: {@code day > '2026-01-01'}. */
    private static @Nullable Type ofLiteral(Type common, Expr expr, List<Expr> all) {
        if (expr instanceof Expr.Literal && expr.type().equals(Type.VARCHAR) && momentRank(common) >= 0) {
            return common;
        }
        boolean literalsBefore = common.equals(Type.VARCHAR)
                && all.stream().takeWhile(e -> !e.equals(expr)).allMatch(e -> e instanceof Expr.Literal);
        return literalsBefore && momentRank(expr.type()) >= 0 ? expr.type() : null;
    }

    static boolean isMoment(Type type) {
        return momentRank(type) >= 0;
    }
}
