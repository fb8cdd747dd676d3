package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.fun.SqlBetweenOperator;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.NlsString;

/** Works out the type of an expression and writes it with every conversion spelt out. */
final class ExpressionChecker {

    static final String HOW_TO_GET_A_NUMBER =
            "a column without a declared type is read as text: declare it under columns: (amount: BIGINT) or write"
                    + " CAST(amount AS BIGINT)";

    private final Inputs inputs;
    private final Conversions conversions;
    private final FunctionChecker functions;

    ExpressionChecker(Inputs inputs, Conversions conversions) {
        this.inputs = inputs;
        this.conversions = conversions;
        this.functions = new FunctionChecker(this, conversions);
    }

    /** A condition: BOOLEAN. */
    Expr condition(SqlNode node, String where) {
        Expr expr = check(node);
        if (conversions.isUntyped(expr)) {
            return conversions.to(expr, Type.BOOLEAN);
        }
        if (!expr.type().equals(Type.BOOLEAN)) {
            throw new Refusal(
                    node.getParserPosition(),
                    where + " takes a condition, this is " + expr.type().sql());
        }
        return expr;
    }

    /** Any expression; {@link Conversions#isUntyped} tells whether it has no type of its own. */
    Expr check(SqlNode node) {
        return switch (node) {
            case SqlIntervalLiteral interval ->
                throw new Refusal(
                        interval.getParserPosition(), "an INTERVAL can only be added to or taken from a date or time");
            case SqlUnknownLiteral literal -> moment(literal);
            case SqlLiteral literal -> literal(literal);
            case SqlIdentifier name -> name(name);
            case SqlCase choice -> choice(choice);
            case SqlCall call -> call(call);
            default -> throw new Refusal(node.getParserPosition(), "did not expect " + node.getKind().sql + " here");
        };
    }

    private Expr name(SqlIdentifier name) {
        String first = name.names.getFirst().toUpperCase(Locale.ROOT);
        if (name.isSimple() && !(inputs.areDeclared() && inputs.isField(name.getSimple()))) {
            if (first.startsWith("CURRENT_") || first.equals("LOCALTIMESTAMP") || first.equals("LOCALTIME")) {
                throw new Refusal(
                        name.getParserPosition(),
                        first + " would differ each time a record is read again; _received_at is when it was read");
            }
        }
        return inputs.resolve(name.getParserPosition(), name.names);
    }

    // Literals

    private Expr literal(SqlLiteral literal) {
        if (literal instanceof SqlNumericLiteral number) {
            return number(number);
        }
        return switch (literal.getValue()) {
            case null -> conversions.nullLiteral();
            case Boolean b -> new Expr.Literal(Type.BOOLEAN, b);
            case NlsString text -> new Expr.Literal(Type.VARCHAR, text.getValue());
            default ->
                throw new Refusal(literal.getParserPosition(), "literals of this kind are not supported: " + literal);
        };
    }

    private static Expr number(SqlNumericLiteral literal) {
        String text = literal.toString();
        BigDecimal value = literal.bigDecimalValue();
        if (value == null) {
            throw new Refusal(literal.getParserPosition(), "this is no number: " + text);
        }
        if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
            return new Expr.Literal(Type.DOUBLE, value.doubleValue());
        }
        if (value.scale() <= 0 && value.toBigInteger().bitLength() < Integer.SIZE) {
            return new Expr.Literal(Type.INTEGER, value.longValueExact());
        }
        if (value.scale() <= 0 && value.toBigInteger().bitLength() < Long.SIZE) {
            return new Expr.Literal(Type.BIGINT, value.longValueExact());
        }
        return exact(literal, value);
    }

    private static Expr exact(SqlNumericLiteral literal, BigDecimal value) {
        int scale = Math.max(value.scale(), 0);
        int precision = Math.max(value.precision() - value.scale() + scale, scale);
        if (precision > Type.MAX_PRECISION) {
            throw new Refusal(literal.getParserPosition(), "a number has at most " + Type.MAX_PRECISION + " digits");
        }
        return new Expr.Literal(Type.decimal(Math.max(precision, 1), scale), value.setScale(scale));
    }

    /** {@code DATE '2026-01-31'} and its kin: a cast of the text. */
    private static Expr moment(SqlUnknownLiteral literal) {
        Type type = switch (literal.tag.toUpperCase(Locale.ROOT)) {
            case "DATE" -> Type.DATE;
            case "TIMESTAMP", "DATETIME" -> Type.TIMESTAMP;
            case "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_TZ", "TIMESTAMPTZ" -> Type.TIMESTAMP_TZ;
            default ->
                throw new Refusal(
                        literal.getParserPosition(),
                        literal.tag + " literals are not supported; DATE '...' and TIMESTAMP '...' are");
        };
        return new Expr.Cast(new Expr.Literal(Type.VARCHAR, String.valueOf(literal.getValue())), type, false);
    }

    // Conditionals

    private Expr choice(SqlCase choice) {
        List<Expr> conditions = new ArrayList<>();
        SqlNode value = choice.getValueOperand();
        for (SqlNode when : choice.getWhenOperands()) {
            conditions.add(
                    value == null
                            ? condition(when, "WHEN")
                            : compare(when.getParserPosition(), Function.EQ, check(value), check(when)));
        }
        List<Expr> results = new ArrayList<>();
        for (SqlNode then : choice.getThenOperands()) {
            results.add(check(then));
        }
        SqlNode otherwise = choice.getElseOperand();
        results.add(otherwise == null ? conversions.nullLiteral() : check(otherwise));
        Type type = conversions.common(choice.getParserPosition(), results, "CASE");
        if (type == null) {
            return results.getLast();
        }
        List<Expr.When> whens = new ArrayList<>();
        for (int i = 0; i < conditions.size(); i++) {
            whens.add(new Expr.When(conditions.get(i), conversions.to(results.get(i), type)));
        }
        return new Expr.Case(whens, conversions.to(results.getLast(), type), type);
    }

    // Operators

    private Expr call(SqlCall call) {
        SqlParserPos place = call.getParserPosition();
        return switch (call.getKind()) {
            case PLUS -> plusOrMinus(call, Function.ADD);
            case MINUS -> plusOrMinus(call, Function.SUBTRACT);
            case TIMES -> arithmetic(place, Function.MULTIPLY, check(call.operand(0)), check(call.operand(1)));
            case DIVIDE -> arithmetic(place, Function.DIVIDE, check(call.operand(0)), check(call.operand(1)));
            case MOD -> arithmetic(place, Function.MOD, check(call.operand(0)), check(call.operand(1)));
            case MINUS_PREFIX -> negated(call);
            case PLUS_PREFIX -> functions.number(place, check(call.operand(0)));
            case EQUALS -> comparison(call, Function.EQ);
            case NOT_EQUALS -> comparison(call, Function.NE);
            case LESS_THAN -> comparison(call, Function.LT);
            case LESS_THAN_OR_EQUAL -> comparison(call, Function.LE);
            case GREATER_THAN -> comparison(call, Function.GT);
            case GREATER_THAN_OR_EQUAL -> comparison(call, Function.GE);
            case IS_NOT_DISTINCT_FROM -> comparison(call, Function.NOT_DISTINCT);
            case IS_DISTINCT_FROM -> not(comparison(call, Function.NOT_DISTINCT));
            case AND -> logic(call, Function.AND);
            case OR -> logic(call, Function.OR);
            case NOT -> not(condition(call.operand(0), "NOT"));
            case IS_NULL, IS_UNKNOWN -> test(call, Function.IS_NULL);
            case IS_NOT_NULL -> test(call, Function.IS_NOT_NULL);
            case IS_TRUE -> truth(call, Function.IS_TRUE);
            case IS_FALSE -> truth(call, Function.IS_FALSE);
            case IS_NOT_TRUE -> not(truth(call, Function.IS_TRUE));
            case IS_NOT_FALSE -> not(truth(call, Function.IS_FALSE));
            case BETWEEN -> between(call);
            case IN -> in(call);
            case NOT_IN -> not(in(call));
            case LIKE -> like(call);
            case CAST -> cast(call, false);
            case SAFE_CAST -> cast(call, true);
            case EXTRACT -> functions.extract(call, unit(call.operand(0)), check(call.operand(1)));
            case FLOOR, CEIL -> functions.floorOrCeil(call, arguments(call));
            case TRIM -> trim(call);
            case SELECT, SCALAR_QUERY, EXISTS ->
                throw new Refusal(place, "subqueries are not supported: the query reads one record at a time");
            case OVER ->
                throw new Refusal(place, "window functions hold rows back; run them in the destination, in a view");
            default -> functions.call(call);
        };
    }

    /** The arguments that are values; units of time and keywords are left to the function. */
    List<Expr> arguments(SqlCall call) {
        List<Expr> arguments = new ArrayList<>();
        for (SqlNode operand : call.getOperandList()) {
            if (!(operand instanceof SqlIntervalQualifier)) {
                arguments.add(check(operand));
            }
        }
        return arguments;
    }

    static String unit(SqlNode node) {
        return node.toString().toUpperCase(Locale.ROOT).replace("\"", "").replace("`", "");
    }

    private Expr plusOrMinus(SqlCall call, Function function) {
        SqlNode left = call.operand(0);
        SqlNode right = call.operand(1);
        if (right instanceof SqlIntervalLiteral interval) {
            return functions.shifted(call, check(left), interval, function == Function.SUBTRACT);
        }
        if (left instanceof SqlIntervalLiteral interval && function == Function.ADD) {
            return functions.shifted(call, check(right), interval, false);
        }
        Expr a = check(left);
        Expr b = check(right);
        if (a.type().equals(Type.DATE)) {
            if (b.type().equals(Type.DATE) && function == Function.SUBTRACT) {
                return new Expr.Call(Function.DATE_DIFF_DAYS, List.of(a, b), Type.BIGINT);
            }
            throw new Refusal(
                    call.getParserPosition(),
                    "a date takes an INTERVAL: day + INTERVAL '1' DAY, or day - another date");
        }
        return arithmetic(call.getParserPosition(), function, a, b);
    }

    Expr arithmetic(SqlParserPos place, Function function, Expr left, Expr right) {
        Type common =
                conversions.common(place, List.of(left, right), function.name().toLowerCase(Locale.ROOT));
        if (common == null) {
            return conversions.nullLiteral();
        }
        if (!NumericTypes.isNumber(common)) {
            throw new Refusal(place, "arithmetic takes numbers, this is " + common.sql() + "; " + HOW_TO_GET_A_NUMBER);
        }
        Expr a = operand(left, common);
        Expr b = operand(right, common);
        Type type = NumericTypes.result(function, List.of(a.type(), b.type()));
        return new Expr.Call(function, List.of(a, b), type);
    }

    /** One operand of an operation over numbers, as {@link Function} wants it: decimals may differ in scale. */
    Expr operand(Expr expr, Type common) {
        return conversions.to(expr, conversions.isUntyped(expr) ? common : NumericTypes.operand(expr.type(), common));
    }

    private Expr negated(SqlCall call) {
        SqlNode operand = call.operand(0);
        Expr expr = functions.number(call.getParserPosition(), check(operand));
        if (expr instanceof Expr.Literal(Type type, Object value)) {
            return switch (value) {
                case Long whole -> new Expr.Literal(type, -whole);
                case BigDecimal number
                when number.scale() == 0 && number.negate().compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) == 0 ->
                    new Expr.Literal(Type.BIGINT, Long.MIN_VALUE);
                case BigDecimal number -> new Expr.Literal(type, number.negate());
                case Double number -> new Expr.Literal(type, -number);
                default -> expr;
            };
        }
        return new Expr.Call(Function.NEGATE, List.of(expr), expr.type());
    }

    private Expr comparison(SqlCall call, Function function) {
        return compare(call.getParserPosition(), function, check(call.operand(0)), check(call.operand(1)));
    }

    Expr compare(SqlParserPos place, Function function, Expr left, Expr right) {
        Type common = conversions.common(place, List.of(left, right), "the comparison");
        if (common == null) {
            common = Type.VARCHAR;
        }
        refuseUncomparable(place, common);
        Expr a = NumericTypes.isNumber(common) ? operand(left, common) : conversions.to(left, common);
        Expr b = NumericTypes.isNumber(common) ? operand(right, common) : conversions.to(right, common);
        return new Expr.Call(function, List.of(a, b), Type.BOOLEAN);
    }

    private static void refuseUncomparable(SqlParserPos place, Type type) {
        if (type.equals(Type.JSON) || type instanceof Type.Array) {
            throw new Refusal(
                    place, type.sql() + " can't be compared; compare what JSON_VALUE finds in it, or an element");
        }
    }

    private Expr logic(SqlCall call, Function function) {
        List<Expr> conditions = new ArrayList<>();
        for (SqlNode operand : call.getOperandList()) {
            conditions.add(condition(operand, function.name()));
        }
        return new Expr.Call(function, conditions, Type.BOOLEAN);
    }

    private static Expr not(Expr condition) {
        return new Expr.Call(Function.NOT, List.of(condition), Type.BOOLEAN);
    }

    private Expr test(SqlCall call, Function function) {
        return new Expr.Call(function, List.of(check(call.operand(0))), Type.BOOLEAN);
    }

    private Expr truth(SqlCall call, Function function) {
        return new Expr.Call(function, List.of(condition(call.operand(0), "IS TRUE")), Type.BOOLEAN);
    }

    private Expr between(SqlCall call) {
        SqlBetweenOperator operator = (SqlBetweenOperator) call.getOperator();
        SqlParserPos place = call.getParserPosition();
        Expr value = check(call.operand(0));
        Expr low = check(call.operand(1));
        Expr high = check(call.operand(2));
        Expr within = within(place, value, low, high);
        if (operator.flag == SqlBetweenOperator.Flag.SYMMETRIC) {
            within = new Expr.Call(Function.OR, List.of(within, within(place, value, high, low)), Type.BOOLEAN);
        }
        return operator.isNegated() ? not(within) : within;
    }

    private Expr within(SqlParserPos place, Expr value, Expr low, Expr high) {
        return new Expr.Call(
                Function.AND,
                List.of(compare(place, Function.GE, value, low), compare(place, Function.LE, value, high)),
                Type.BOOLEAN);
    }

    private Expr in(SqlCall call) {
        if (!(call.operand(1) instanceof SqlNodeList list)) {
            throw new Refusal(call.getParserPosition(), "IN takes a list of values; subqueries are not supported");
        }
        List<Expr> values = new ArrayList<>();
        values.add(check(call.operand(0)));
        list.forEach(item -> values.add(check(item)));
        Type common = conversions.common(call.getParserPosition(), values, "IN");
        Type type = common == null ? Type.VARCHAR : common;
        refuseUncomparable(call.getParserPosition(), type);
        return new Expr.Call(
                Function.IN, values.stream().map(v -> conversions.to(v, type)).toList(), Type.BOOLEAN);
    }

    private Expr like(SqlCall call) {
        String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
        if (name.contains("SIMILAR") || name.contains("RLIKE")) {
            throw new Refusal(call.getParserPosition(), name + " is not supported; REGEXP_LIKE(text, 'pattern') is");
        }
        List<Expr> args = functions.texts(call.getParserPosition(), name, arguments(call));
        Expr like = new Expr.Call(name.contains("ILIKE") ? Function.ILIKE : Function.LIKE, args, Type.BOOLEAN);
        return name.startsWith("NOT") ? not(like) : like;
    }

    private Expr cast(SqlCall call, boolean orNull) {
        Type type = TypeSpecs.of((SqlDataTypeSpec) call.operand(1));
        Expr operand = check(call.operand(0));
        if (conversions.isUntyped(operand)) {
            return conversions.to(operand, type);
        }
        if (operand.type().equals(type)) {
            return operand;
        }
        if (!Casts.possible(operand.type(), type)) {
            throw new Refusal(call.getParserPosition(), operand.type().sql() + " can't be cast to " + type.sql());
        }
        return new Expr.Cast(operand, type, orNull);
    }

    private Expr trim(SqlCall call) {
        SqlTrimFunction.Flag flag = ((SqlLiteral) call.operand(0)).getValueAs(SqlTrimFunction.Flag.class);
        Function function = switch (flag) {
            case BOTH -> Function.TRIM;
            case LEADING -> Function.LTRIM;
            case TRAILING -> Function.RTRIM;
        };
        List<Expr> args = List.of(check(call.operand(1)), check(call.operand(2)));
        return new Expr.Call(function, functions.texts(call.getParserPosition(), "TRIM", args), Type.VARCHAR);
    }
}
