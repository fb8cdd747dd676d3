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
            case Expr.Watched e -> new WatchedNode(compile(e.operand()), e);
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
            // These three bring their arguments to their own type.
            case COALESCE -> new Conditionals.Coalesce(type, compileAllAs(exprs, type));
            case GREATEST -> new Comparisons.Extreme(type, true, compileAllAs(exprs, type));
            case LEAST -> new Comparisons.Extreme(type, false, compileAllAs(exprs, type));
            case NULLIF -> new Conditionals.NullIf(compileAs(exprs.getFirst(), type), args.get(1));
            case REJECT -> new Conditionals.Reject(type, literalText(exprs.getFirst()));
            case CONCAT_OP -> new TextMakers.Join(args.toArray(Node[]::new));
            case CONCAT -> new TextMakers.Concat(args);
            case LOWER -> new TextMakers.ChangeCase(true, first);
            case UPPER -> new TextMakers.ChangeCase(false, first);
            case TRIM -> new TextParts.Trim(true, true, first, args.get(1));
            case LTRIM -> new TextParts.Trim(true, false, first, args.get(1));
            case RTRIM -> new TextParts.Trim(false, true, first, args.get(1));
            case SUBSTRING -> new TextParts.Substring(args.toArray(Node[]::new));
            case LEFT -> new TextParts.Side(true, first, args.get(1));
            case RIGHT -> new TextParts.Side(false, first, args.get(1));
            case POSITION -> new TextMeasures.Position(type, first, args.get(1));
            case REPLACE -> new TextMakers.Replace(first, args.get(1), args.get(2));
            case CHAR_LENGTH -> new TextMeasures.Length(type, false, first);
            case OCTET_LENGTH -> new TextMeasures.Length(type, true, first);
            case SPLIT_PART -> new TextParts.SplitPart(first, args.get(1), args.get(2));
            case LPAD -> new TextMakers.Pad(true, first, args.get(1), fill(args));
            case RPAD -> new TextMakers.Pad(false, first, args.get(1), fill(args));
            case REVERSE -> new TextMakers.Reverse(first);
            case REPEAT -> new TextMakers.Repeat(first, args.get(1));
            case STARTS_WITH -> new TextMeasures.StartsWith(first, args.get(1));
            case LIKE -> new Like(false, args.toArray(Node[]::new));
            case ILIKE -> new Like(true, args.toArray(Node[]::new));
            case REGEXP_LIKE -> new Regexes.RegexpLike(first, literalText(exprs.get(1)));
            case REGEXP_REPLACE -> new Regexes.RegexpReplace(first, literalText(exprs.get(1)), args.get(2));
            case REGEXP_SUBSTR -> new Regexes.RegexpSubstr(first, literalText(exprs.get(1)));
            case EXTRACT -> new TimeFunctions.Extract(type, TimeUnit.of(literalText(exprs.getFirst())), args.get(1));
            case DATE_TRUNC -> new TimeFunctions.Truncate(TimeUnit.of(literalText(exprs.getFirst())), args.get(1));
            case ADD_INTERVAL -> new TimeFunctions.AddInterval(type, first, args.get(1), args.get(2));
            case DATE_DIFF_DAYS -> new IntegerArithmetic.Subtract(type, first, args.get(1));
            case PARSE_TIMESTAMP, PARSE_DATE -> new TimeFormats.Parse(type, literalText(exprs.getFirst()), args.get(1));
            case FORMAT_TIMESTAMP -> new TimeFormats.Format(literalText(exprs.getFirst()), args.get(1));
            case TO_TIMESTAMP -> new TimeFunctions.ToTimestamp(first);
            case AT_TIME_ZONE -> new TimeFormats.AtZone(first, literalText(exprs.get(1)));
            case JSON_VALUE -> new JsonNodes.Value(first, literalText(exprs.get(1)));
            case JSON_QUERY -> new JsonNodes.Query(first, literalText(exprs.get(1)));
            case CARDINALITY -> new ArrayFunctions.Cardinality(type, first);
            case ELEMENT_AT -> new ArrayFunctions.ElementAt(first, args.get(1));
            case MD5 -> new Hashes.Digest("MD5", first);
            case SHA256 -> new Hashes.Digest("SHA-256", first);
            case HMAC_SHA256 -> new Hashes.Hmac(first, args.get(1));
        };
    }

    private static Node fill(List<Node> args) {
        return args.size() > 2 ? args.get(2) : new Leaves.Constant(new Expr.Literal(Type.VARCHAR, " "));
    }

    static String literalText(Expr expr) {
        if (expr instanceof Expr.Literal(Type type, String text)) {
            return text;
        }
        throw new IllegalArgumentException("expected a text literal");
    }
}
