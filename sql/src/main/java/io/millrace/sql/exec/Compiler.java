package io.millrace.sql.exec;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import java.util.ArrayList;
import java.util.List;

/** Makes operators of expressions, specialised by type. */
final class Compiler {

    private Compiler() {}

    static Node compile(Expr expr) {
        return switch (expr) {
            case Expr.Literal e -> new Leaves.Constant(e);
            case Expr.Input e -> new Leaves.Input(e.column(), e.type());
            case Expr.Surrounding e -> new Leaves.Surrounding(e);
            case Expr.Case e -> {
                List<Node> conditions = new ArrayList<>();
                List<Node> results = new ArrayList<>();
                for (Expr.When when : e.whens()) {
                    conditions.add(compile(when.condition()));
                    results.add(compileAs(when.result(), e.type()));
                }
                yield new Conditionals.Case(e.type(), conditions, results, compileAs(e.otherwise(), e.type()));
            }
            case Expr.Cast e -> Casts.of(compile(e.operand()), e.type(), e.orNull());
            case Expr.Call e -> call(e);
        };
    }

    /** A decimal of another scale or size than its surroundings is brought to theirs. */
    private static Node compileAs(Expr expr, Type type) {
        if (expr.type() instanceof Type.Decimal && !expr.type().equals(type)) {
            return compile(new Expr.Cast(expr, type, false));
        }
        return compile(expr);
    }

    private static List<Node> compileAllAs(List<Expr> args, Type type) {
        return args.stream().map(a -> compileAs(a, type)).toList();
    }

    private static Node call(Expr.Call call) {
        List<Expr> exprs = call.args();
        Type type = call.type();
        // These three bring their arguments to their own type.
        switch (call.function()) {
            case COALESCE -> {
                return new Conditionals.Coalesce(type, compileAllAs(exprs, type));
            }
            case GREATEST -> {
                return new Comparisons.Extreme(type, true, compileAllAs(exprs, type));
            }
            case LEAST -> {
                return new Comparisons.Extreme(type, false, compileAllAs(exprs, type));
            }
            default -> {}
        }
        List<Node> args = exprs.stream().map(Compiler::compile).toList();
        Node first = args.isEmpty() ? new Leaves.Constant(new Expr.Literal(type, null)) : args.getFirst();
        return switch (call.function()) {
            case ADD,
                    SUBTRACT,
                    MULTIPLY,
                    DIVIDE,
                    MOD,
                    NEGATE,
                    ABS,
                    SIGN,
                    ROUND,
                    FLOOR,
                    CEIL,
                    TRUNC,
                    SQRT,
                    POWER,
                    LN,
                    EXP -> Numbers.of(call.function(), type, args);
            case EQ -> Comparisons.of(Comparisons.Test.EQ, first, args.get(1));
            case NE -> Comparisons.of(Comparisons.Test.NE, first, args.get(1));
            case LT -> Comparisons.of(Comparisons.Test.LT, first, args.get(1));
            case LE -> Comparisons.of(Comparisons.Test.LE, first, args.get(1));
            case GT -> Comparisons.of(Comparisons.Test.GT, first, args.get(1));
            case GE -> Comparisons.of(Comparisons.Test.GE, first, args.get(1));
            case IS_NULL -> new Logic.IsNull(first, false);
            case IS_NOT_NULL -> new Logic.IsNull(first, true);
            case NOT_DISTINCT -> new Comparisons.NotDistinct(first, args.get(1));
            case IS_TRUE -> new Logic.Is(first, true);
            case IS_FALSE -> new Logic.Is(first, false);
            case IN -> new Comparisons.In(first, args.subList(1, args.size()));
            case AND -> new Logic.Junction(true, args);
            case OR -> new Logic.Junction(false, args);
            case NOT -> new Logic.Not(first);
            case NULLIF -> new Conditionals.NullIf(first, args.get(1));
            case REJECT -> new Conditionals.Reject(type, literalText(exprs.getFirst()));
            default -> throw new IllegalArgumentException(call.function() + " is not there yet");
        };
    }

    static String literalText(Expr expr) {
        if (expr instanceof Expr.Literal(Type type, String text)) {
            return text;
        }
        throw new IllegalArgumentException("expected a text literal");
    }
}
