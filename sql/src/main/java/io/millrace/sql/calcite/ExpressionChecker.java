package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.util.NlsString;

/** Works out the type of an expression and writes it with every conversion spelt out. */
final class ExpressionChecker {

    /** Enough for people; keeps the plan's depth within what serialisation and evaluation can walk. */
    private static final int MAX_DEPTH = 200;

    /** Standard SQL's names for who asks and where, which mean nothing here. */
    private static final Set<String> WHO = Set.of(
            "CURRENT_USER",
            "CURRENT_ROLE",
            "CURRENT_CATALOG",
            "CURRENT_SCHEMA",
            "CURRENT_PATH",
            "SESSION_USER",
            "SYSTEM_USER");

    private static final String AN_INTERVAL = "an interval can only be added to a date or a time, or taken from one";

    private final QueryText text;
    private final TypeSpecs types;
    private final Inputs inputs;
    private final Problems problems;
    private final Arithmetic arithmetic;
    private final Comparisons comparisons;
    private final FunctionChecker functions;
    private final BranchSites sites;
    private int depth;

    ExpressionChecker(QueryText text, Inputs inputs, BranchSites sites, Problems problems) {
        this.text = text;
        this.types = new TypeSpecs(text);
        this.inputs = inputs;
        this.sites = sites;
        this.problems = problems;
        this.arithmetic = new Arithmetic(this);
        this.comparisons = new Comparisons(this);
        this.functions = new FunctionChecker(this, types);
    }

    Arithmetic arithmetic() {
        return arithmetic;
    }

    Comparisons comparisons() {
        return comparisons;
    }

    BranchSites sites() {
        return sites;
    }

    /** A node as it was written. */
    String source(SqlNode node) {
        return text.source(node);
    }

    /**
     * Any expression; {@link Conversions#isUntyped} tells whether it has no type of its own. A problem is noted, and
     * {@link Conversions#UNKNOWN} is given for it.
     */
    Expr check(SqlNode node) {
        try {
            if (++depth > MAX_DEPTH) {
                throw new Refusal(node.getParserPosition(), "the query is nested too deeply here");
            }
            return checked(node);
        } catch (Refusal e) {
            problems.add(e);
            return Conversions.UNKNOWN;
        } finally {
            depth--;
        }
    }

    List<Expr> checkAll(List<SqlNode> nodes) {
        List<Expr> exprs = new ArrayList<>(nodes.size());
        nodes.forEach(node -> exprs.add(check(node)));
        return exprs;
    }

    private Expr checked(SqlNode node) {
        return switch (node) {
            case SqlIntervalLiteral interval -> throw new Refusal(interval.getParserPosition(), AN_INTERVAL);
            case SqlUnknownLiteral literal -> moment(literal);
            case SqlLiteral literal -> literal(literal);
            case SqlIdentifier name -> name(name);
            case SqlCase branches -> branches(branches);
            case SqlCall call -> call(call);
            default ->
                throw new Refusal(
                        node.getParserPosition(),
                        node.getKind() == SqlKind.DYNAMIC_PARAM
                                ? "parameters are written ${name} in the pipeline file"
                                : "\"" + text.source(node) + "\" can't stand here");
        };
    }

    private Expr name(SqlIdentifier name) {
        if (name.isSimple() && !name.isComponentQuoted(0) && !inputs.isDeclared(name.getSimple())) {
            String upper = name.getSimple().toUpperCase(Locale.ROOT);
            boolean clock = upper.equals("CURRENT_TIMESTAMP")
                    || upper.equals("CURRENT_DATE")
                    || upper.equals("CURRENT_TIME")
                    || upper.equals("LOCALTIME")
                    || upper.equals("LOCALTIMESTAMP");
            if (clock || WHO.contains(upper)) {
                throw new Refusal(
                        name.getParserPosition(),
                        upper
                                + (clock
                                        ? " gives another time each time a record is read; use _received_at"
                                        : " means nothing here")
                                + "; if it is a column, write it in double quotes");
            }
        }
        return inputs.resolve(name);
    }

    // What is wanted

    /** A condition: BOOLEAN. */
    Expr condition(SqlNode node, String by) {
        return as(node, check(node), Type.BOOLEAN, by);
    }

    /** An expression as a value of a type of which there is one only: no number. */
    Expr as(SqlNode node, Expr expr, Type type, String by) {
        if (Conversions.isUntyped(expr) || expr.type().equals(type)) {
            return Conversions.to(expr, type);
        }
        return instead(mismatch(node, expr, by, Wanted.of(type)), type);
    }

    /** Notes a problem; what is given instead of the value lets the check go on. */
    private Expr instead(Refusal refusal, Type type) {
        problems.add(refusal);
        return Conversions.to(Conversions.UNKNOWN, type);
    }

    Expr number(SqlNode node, Expr expr, String by) {
        if (Conversions.isUntyped(expr)) {
            return Conversions.to(expr, Type.INTEGER);
        }
        if (!NumericTypes.isNumber(expr.type())) {
            return instead(mismatch(node, expr, by, Wanted.NUMBER), Type.INTEGER);
        }
        return expr;
    }

    Expr wholeNumber(SqlNode node, Expr expr, String by) {
        if (!Conversions.isUntyped(expr) && !NumericTypes.isInteger(expr.type())) {
            return instead(mismatch(node, expr, by, Wanted.WHOLE_NUMBER), Type.INTEGER);
        }
        return Conversions.isUntyped(expr) ? Conversions.to(expr, Type.INTEGER) : expr;
    }

    /** A date or a time; a text that stands in the query is read as one. */
    Expr moment(SqlNode node, Expr expr, String by) {
        if (Conversions.isUntyped(expr)) {
            return Conversions.to(expr, Type.TIMESTAMP);
        }
        if (Conversions.isTextLiteral(expr)) {
            return asMoment(node, expr, Type.TIMESTAMP);
        }
        if (!Conversions.isMoment(expr.type())) {
            return instead(mismatch(node, expr, by, Wanted.TIME), Type.TIMESTAMP);
        }
        return expr;
    }

    /** A text that stands in the query as a date or a time. */
    Expr asMoment(SqlNode node, Expr literal, Type type) {
        if (literal instanceof Expr.Literal(Type own, String value)) {
            Long parsed = Moments.parse(value, type);
            if (parsed != null) {
                return new Expr.Literal(type, parsed);
            }
        }
        throw new Refusal(
                node.getParserPosition(),
                text.source(node) + " is no " + type.sql() + "; one is written "
                        + (type.equals(Type.DATE)
                                ? "'2026-01-31'"
                                : type.equals(Type.TIMESTAMP) ? "'2026-01-31 12:30:00'" : "'2026-01-31 12:30:00+01'"));
    }

    boolean isUndeclaredText(Expr expr) {
        return expr instanceof Expr.Input input && inputs.isUndeclaredText(input);
    }

    /** What to say where a value of another type is needed. */
    Refusal mismatch(SqlNode node, Expr expr, String by, Wanted wanted) {
        String source = text.source(node);
        String example = wanted.example().sql();
        String message;
        if (isUndeclaredText(expr) && node instanceof SqlIdentifier) {
            message = "\"" + source + "\" has no declared type, so it is read as text, but " + by + " needs "
                    + wanted.words() + "; declare it under \"columns:\" (" + source + ": " + example
                    + ") or write CAST("
                    + source + " AS " + example + ")";
            if (wanted == Wanted.ARRAY) {
                message = "\"" + source + "\" has no declared type, so it is read as text; declare it under"
                        + " \"columns:\" (" + source + ": " + example + ")";
            }
        } else if (Conversions.isTextLiteral(expr)) {
            message = source + " is text, but " + by + " needs " + wanted.words()
                    + (wanted == Wanted.NUMBER && source.matches("'-?\\d+(\\.\\d+)?'") ? "; leave out the quotes" : "");
        } else {
            message = "\"" + source + "\" is " + expr.type().sql() + ", but " + by + " needs " + wanted.words()
                    + advice(source, expr, wanted);
        }
        return new Refusal(node.getParserPosition(), message);
    }

    private static String advice(String source, Expr expr, Wanted wanted) {
        if (expr.type().equals(Type.JSON) && wanted != Wanted.ARRAY) {
            return "; take a value out of it with JSON_VALUE(" + source + ", '$.name')";
        }
        if (wanted == Wanted.CONDITION && NumericTypes.isNumber(expr.type())) {
            return "; write " + source + " <> 0";
        }
        return Casts.possible(expr.type(), wanted.example()) && !(expr instanceof Expr.Literal)
                ? "; write CAST(" + source + " AS " + wanted.example().sql() + ")"
                : "";
    }

    // Literals

    private static Expr literal(SqlLiteral literal) {
        if (literal instanceof SqlNumericLiteral number) {
            return number(number);
        }
        return switch (literal.getValue()) {
            case null -> Conversions.nullLiteral();
            case Boolean b -> new Expr.Literal(Type.BOOLEAN, b);
            case NlsString characters -> text(literal, characters);
            default -> throw new Refusal(literal.getParserPosition(), "there are no literals of this kind: " + literal);
        };
    }

    private static Expr text(SqlLiteral literal, NlsString characters) {
        String value = characters.getValue();
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i)) && Character.codePointAt(value, i) == value.charAt(i)) {
                throw new Refusal(literal.getParserPosition(), "this text has half a character (a lone surrogate)");
            }
            i += Character.isHighSurrogate(value.charAt(i)) ? 1 : 0;
        }
        return new Expr.Literal(Type.VARCHAR, value);
    }

    private static Expr number(SqlNumericLiteral literal) {
        BigDecimal value = literal.bigDecimalValue();
        if (value == null) {
            throw new Refusal(literal.getParserPosition(), "this is no number: " + literal);
        }
        if (!literal.isExact()) {
            double number = value.doubleValue();
            if (Double.isInfinite(number)) {
                throw new Refusal(literal.getParserPosition(), "this number is too large for a DOUBLE");
            }
            return new Expr.Literal(Type.DOUBLE, number);
        }
        if (literal.isInteger() && value.toBigInteger().bitLength() < Long.SIZE) {
            long whole = value.longValueExact();
            return new Expr.Literal(whole == (int) whole ? Type.INTEGER : Type.BIGINT, whole);
        }
        int scale = Math.max(value.scale(), 0);
        int precision = Math.max(value.setScale(scale).precision(), Math.max(scale, 1));
        if (precision > Type.MAX_PRECISION) {
            throw new Refusal(literal.getParserPosition(), "a number has " + Type.MAX_PRECISION + " digits at most");
        }
        return new Expr.Literal(Type.decimal(precision, scale), value.setScale(scale));
    }

    /** {@code DATE '2026-01-31'} and its kin. */
    private Expr moment(SqlUnknownLiteral literal) {
        Type type = switch (literal.tag.toUpperCase(Locale.ROOT)) {
            case "DATE" -> Type.DATE;
            case "TIMESTAMP", "DATETIME" -> Type.TIMESTAMP;
            case "TIMESTAMP WITH TIME ZONE" -> Type.TIMESTAMP_TZ;
            default ->
                throw new Refusal(
                        literal.getParserPosition(),
                        "there are no " + literal.tag + " literals; there are DATE '...' and TIMESTAMP '...'");
        };
        return asMoment(literal, new Expr.Literal(Type.VARCHAR, literal.getValue()), type);
    }

    // Operators

    private Expr branches(SqlCase branches) {
        // The parser has made "CASE x WHEN y" into "CASE WHEN x = y" already.
        List<Expr> conditions = new ArrayList<>();
        branches.getWhenOperands().forEach(when -> conditions.add(condition(when, "WHEN")));
        List<SqlNode> nodes = new ArrayList<>(branches.getThenOperands().getList());
        SqlNode otherwise = branches.getElseOperand();
        if (otherwise != null) {
            nodes.add(otherwise);
        }
        List<Expr> results = comparisons.together(nodes, checkAll(nodes), "CASE");
        Type type = results.getFirst().type();
        List<Expr.When> whens = new ArrayList<>();
        for (int i = 0; i < conditions.size(); i++) {
            whens.add(new Expr.When(conditions.get(i), results.get(i)));
        }
        Expr.Case branching =
                new Expr.Case(whens, otherwise == null ? new Expr.Literal(type, null) : results.getLast(), type);
        sites.branches(branching, branches);
        return branching;
    }

    private Expr call(SqlCall call) {
        return switch (call.getKind()) {
            case PLUS, MINUS, TIMES, DIVIDE, MOD, MINUS_PREFIX, PLUS_PREFIX -> arithmetic.call(call);
            case EQUALS,
                    NOT_EQUALS,
                    LESS_THAN,
                    LESS_THAN_OR_EQUAL,
                    GREATER_THAN,
                    GREATER_THAN_OR_EQUAL,
                    IS_DISTINCT_FROM,
                    IS_NOT_DISTINCT_FROM,
                    BETWEEN,
                    IN,
                    NOT_IN -> comparisons.call(call);
            case AND -> logic(call, Function.AND);
            case OR -> logic(call, Function.OR);
            case NOT -> not(condition(call.operand(0), "NOT"));
            case IS_NULL -> test(Function.IS_NULL, check(call.operand(0)));
            case IS_NOT_NULL -> test(Function.IS_NOT_NULL, check(call.operand(0)));
            case IS_UNKNOWN -> test(Function.IS_NULL, condition(call.operand(0), "IS UNKNOWN"));
            case IS_TRUE -> test(Function.IS_TRUE, condition(call.operand(0), "IS TRUE"));
            case IS_FALSE -> test(Function.IS_FALSE, condition(call.operand(0), "IS FALSE"));
            case IS_NOT_TRUE -> not(test(Function.IS_TRUE, condition(call.operand(0), "IS NOT TRUE")));
            case IS_NOT_FALSE -> not(test(Function.IS_FALSE, condition(call.operand(0), "IS NOT FALSE")));
            case CAST -> cast(call, false);
            case SAFE_CAST -> cast(call, true);
            case INTERVAL -> throw new Refusal(call.getParserPosition(), AN_INTERVAL);
            default -> functions.call(call);
        };
    }

    /** A chain is one call, however long: the parser makes a tree of it that leans to the left. */
    private Expr logic(SqlCall call, Function function) {
        Deque<SqlNode> operands = new ArrayDeque<>();
        SqlNode left = call;
        while (left.getKind() == call.getKind()) {
            operands.push(((SqlCall) left).operand(1));
            left = ((SqlCall) left).operand(0);
        }
        operands.push(left);
        List<Expr> conditions = new ArrayList<>();
        operands.forEach(operand -> conditions.add(condition(operand, function.name())));
        return new Expr.Call(function, conditions, Type.BOOLEAN);
    }

    static Expr not(Expr condition) {
        return new Expr.Call(Function.NOT, List.of(condition), Type.BOOLEAN);
    }

    static Expr test(Function function, Expr... args) {
        return new Expr.Call(function, List.of(args), Type.BOOLEAN);
    }

    private Expr cast(SqlCall call, boolean orNull) {
        Expr operand = check(call.operand(0));
        Type type = types.of((SqlDataTypeSpec) call.operand(1));
        if (Conversions.isUntyped(operand)) {
            // The cast stays, so that this NULL has a type of its own.
            return new Expr.Cast(Conversions.to(operand, type), type, orNull);
        }
        if (operand.type().equals(type)) {
            return operand;
        }
        if (!Casts.possible(operand.type(), type)) {
            throw new Refusal(
                    call.getParserPosition(),
                    operand.type().sql() + " can't be cast to " + type.sql()
                            + (type instanceof Type.Array
                                    ? "; declare the field under \"columns:\" as " + type.sql()
                                    : ""));
        }
        return new Expr.Cast(operand, type, orNull);
    }
}
