package io.millrace.sql.calcite;

import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells whether an expression can be null for a row that passes the WHERE. */
final class Nullability {
    private final Inputs inputs;
    /** What the WHERE lets through only where it is not null. */
    private final Set<Expr> certain = new HashSet<>();

    Nullability(Inputs inputs, @Nullable Expr filter) {
        this.inputs = inputs;
        if (filter != null) {
            learn(filter);
        }
    }

    private void learn(Expr condition) {
        if (!(condition instanceof Expr.Call(Function function, List<Expr> args, var type))) {
            return;
        }
        switch (function) {
            case AND -> args.forEach(this::learn);
            // A comparison with null is not TRUE.
            case IS_NOT_NULL, EQ, NE, LT, LE, GT, GE, LIKE, ILIKE, STARTS_WITH, REGEXP_LIKE ->
                args.forEach(this::isCertain);
            case IN -> isCertain(args.getFirst());
            default -> {}
        }
    }

    private void isCertain(Expr expr) {
        certain.add(expr);
        if (expr instanceof Expr.Cast cast) {
            isCertain(cast.operand());
        }
    }

    boolean canBeNull(Expr expr) {
        if (certain.contains(expr)) {
            return false;
        }
        return switch (expr) {
            case Expr.Literal literal -> literal.value() == null;
            case Expr.Surrounding s -> s.kind() == Expr.Surrounding.Kind.CLIENT;
            case Expr.Input input -> inputs.isNullable(input);
            case Expr.Watched watched -> canBeNull(watched.operand());
            case Expr.Cast cast -> cast.orNull() || canBeNull(cast.operand());
            case Expr.Case(List<Expr.When> whens, Expr otherwise, var type) ->
                canBeNull(otherwise) || whens.stream().anyMatch(w -> canBeNull(w.result()));
            case Expr.Call(Function function, List<Expr> args, var type) ->
                switch (function) {
                    case IS_NULL, IS_NOT_NULL, NOT_DISTINCT, IS_TRUE, IS_FALSE, CONCAT, REJECT -> false;
                    case NULLIF, REGEXP_SUBSTR, JSON_VALUE, JSON_QUERY, ELEMENT_AT -> true;
                    case COALESCE, GREATEST, LEAST -> args.stream().allMatch(this::canBeNull);
                    default -> args.stream().anyMatch(this::canBeNull);
                };
        };
    }
}
