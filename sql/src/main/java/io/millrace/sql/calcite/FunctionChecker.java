package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.FunctionCatalog;
import io.millrace.sql.FunctionCatalog.Kind;
import io.millrace.sql.Nearest;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalLiteral.IntervalValue;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.parser.SqlParserUtil;

/** Resolves calls of functions by the catalogue and works out their types. */
final class FunctionChecker {

    private static final Set<String> UNITS = Set.of(
            "YEAR",
            "QUARTER",
            "MONTH",
            "WEEK",
            "DAY",
            "HOUR",
            "MINUTE",
            "SECOND",
            "DOW",
            "ISODOW",
            "DOY",
            "ISOYEAR",
            "EPOCH",
            "MILLISECOND",
            "MICROSECOND");
    private static final Set<String> FRACTIONS = Set.of("SECOND", "EPOCH", "MILLISECOND");
    private static final Set<String> TRUNCATED =
            Set.of("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND");

    private final ExpressionChecker expressions;
    private final Conversions conversions;

    FunctionChecker(ExpressionChecker expressions, Conversions conversions) {
        this.expressions = expressions;
        this.conversions = conversions;
    }

    Expr call(SqlCall call) {
        String name = call.getOperator().getName();
        SqlParserPos place = call.getParserPosition();
        if (name.equals("||")) {
            return new Expr.Call(Function.CONCAT_OP, texts(place, name, expressions.arguments(call)), Type.VARCHAR);
        }
        FunctionCatalog.Entry entry = FunctionCatalog.find(name);
        if (entry == null) {
            throw new Refusal(place, unknown(name));
        }
        return switch (entry.function()) {
            case JSON_VALUE -> jsonValue(call, entry);
            case EXTRACT -> extract(call, literal(call.operand(0), entry), expressions.check(call.operand(1)));
            default -> plain(place, name, entry, call.getOperandList(), expressions.arguments(call));
        };
    }

    private static String unknown(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (Set.of("SUM", "COUNT", "MIN", "MAX", "AVG").contains(upper)) {
            return upper + " can't stand here: an aggregate is a whole column of the SELECT list";
        }
        if (Set.of("NOW", "RANDOM", "RAND", "UUID", "GEN_RANDOM_UUID").contains(upper)) {
            return upper + " would differ each time a record is read again; _received_at is when it was read";
        }
        Set<String> names = new HashSet<>(FunctionCatalog.names());
        String near = Nearest.to(upper, names);
        return "there is no function " + name
                + (near == null ? "; docs/reference/functions.md lists what there is" : "; did you mean " + near + "?");
    }

    private Expr plain(
            SqlParserPos place, String called, FunctionCatalog.Entry entry, List<SqlNode> nodes, List<Expr> given) {
        checkCount(place, entry, given.size());
        List<Expr> args = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Kind kind = entry.takes().get(Math.min(i, entry.takes().size() - 1));
            args.add(argument(nodes.get(i), entry, kind, given.get(i)));
        }
        Function function = entry.function();
        return switch (function) {
            case ABS, SIGN -> new Expr.Call(function, args, args.getFirst().type());
            case MOD -> expressions.arithmetic(place, function, args.getFirst(), args.getLast());
            case ROUND, TRUNC -> rounded(place, entry, args);
            case FLOOR, CEIL -> whole(function, args.getFirst());
            case COALESCE, GREATEST, LEAST -> together(place, entry, args);
            case NULLIF -> nullIf(place, args);
            case REJECT -> conversions.reject(args.getFirst());
            case DATE_TRUNC -> truncated(place, text(args.getFirst()), args.getLast());
            case AT_TIME_ZONE -> atTimeZone(place, args);
            case ELEMENT_AT ->
                args.getFirst().type() instanceof Type.Array(Type element)
                        ? new Expr.Call(function, args, element)
                        : args.getFirst();
            case TRIM, LTRIM, RTRIM -> {
                Expr what = args.size() == 2 ? args.get(1) : new Expr.Literal(Type.VARCHAR, " ");
                yield new Expr.Call(function, List.of(what, args.getFirst()), Type.VARCHAR);
            }
            case POSITION ->
                called.equalsIgnoreCase("STRPOS")
                        ? new Expr.Call(function, args.reversed(), Type.INTEGER)
                        : new Expr.Call(function, args, Type.INTEGER);
            case LPAD, RPAD -> {
                if (args.size() == 2) {
                    args.add(new Expr.Literal(Type.VARCHAR, " "));
                }
                yield new Expr.Call(function, args, Type.VARCHAR);
            }
            case TO_TIMESTAMP -> {
                Expr seconds = args.getFirst();
                Type type = seconds.type().equals(Type.DOUBLE) ? Type.DOUBLE : NumericTypes.decimal(seconds.type());
                yield new Expr.Call(function, List.of(conversions.to(seconds, type)), Type.TIMESTAMP_TZ);
            }
            default -> new Expr.Call(function, args, gives(entry));
        };
    }

    private static Type gives(FunctionCatalog.Entry entry) {
        Type type = entry.gives();
        if (type == null) {
            throw new IllegalStateException(entry.name() + " has no rule for its type");
        }
        return type;
    }

    private static void checkCount(SqlParserPos place, FunctionCatalog.Entry entry, int given) {
        int most = entry.more() ? Integer.MAX_VALUE : entry.takes().size();
        if (given < entry.required() || given > most) {
            throw new Refusal(place, "this is how it is called: " + entry.usage() + "; found " + given + " arguments");
        }
    }

    private Expr argument(SqlNode node, FunctionCatalog.Entry entry, Kind kind, Expr given) {
        SqlParserPos place = node.getParserPosition();
        return switch (kind) {
            case ANY -> given;
            case TEXT -> text(place, entry.name(), given);
            case LITERAL -> {
                literal(node, entry);
                yield given;
            }
            case NUMBER -> number(place, given);
            case FLOAT -> conversions.to(number(place, given), Type.DOUBLE);
            case INTEGER -> {
                if (!conversions.isUntyped(given) && !NumericTypes.isInteger(given.type())) {
                    throw new Refusal(
                            place,
                            entry.usage() + " takes a whole number here, this is "
                                    + given.type().sql());
                }
                yield conversions.to(given, Type.INTEGER);
            }
            case JSON -> {
                if (given instanceof Expr.Literal || conversions.isUntyped(given)) {
                    yield conversions.to(given, Type.JSON);
                }
                if (!given.type().equals(Type.JSON)) {
                    throw new Refusal(
                            place,
                            entry.name() + " takes JSON, this is "
                                    + given.type().sql() + "; declare the column as JSON or write CAST(... AS JSON)");
                }
                yield given;
            }
            case MOMENT -> {
                if (given instanceof Expr.Literal && given.type().equals(Type.VARCHAR)) {
                    yield conversions.to(given, Type.TIMESTAMP);
                }
                if (!Conversions.isMoment(given.type())) {
                    throw new Refusal(
                            place,
                            entry.name() + " takes a date or time, this is "
                                    + given.type().sql() + "; write CAST(... AS TIMESTAMP)");
                }
                yield given;
            }
            case ARRAY -> {
                if (!(given.type() instanceof Type.Array)) {
                    throw new Refusal(
                            place,
                            entry.name() + " takes an array, this is "
                                    + given.type().sql());
                }
                yield given;
            }
        };
    }

    private static String literal(SqlNode node, FunctionCatalog.Entry entry) {
        if (node instanceof org.apache.calcite.sql.SqlLiteral literal
                && literal.getValue() instanceof org.apache.calcite.util.NlsString text) {
            return text.getValue().toUpperCase(Locale.ROOT);
        }
        if (node instanceof SqlIntervalQualifier || node.getKind() == SqlKind.IDENTIFIER) {
            return ExpressionChecker.unit(node);
        }
        throw new Refusal(node.getParserPosition(), entry.usage() + " takes a text in quotes here");
    }

    private static String text(Expr expr) {
        return expr instanceof Expr.Literal literal ? String.valueOf(literal.value()) : "";
    }

    /** Texts are taken as they are; numbers and the like have to be cast, so that nobody gets a format by accident. */
    private Expr text(SqlParserPos place, String name, Expr given) {
        if (conversions.isUntyped(given)) {
            return conversions.to(given, Type.VARCHAR);
        }
        if (!given.type().equals(Type.VARCHAR)) {
            throw new Refusal(
                    place, name + " takes text, this is " + given.type().sql() + "; write CAST(... AS VARCHAR)");
        }
        return given;
    }

    List<Expr> texts(SqlParserPos place, String name, List<Expr> given) {
        return given.stream().map(expr -> text(place, name, expr)).toList();
    }

    Expr number(SqlParserPos place, Expr given) {
        if (conversions.isUntyped(given)) {
            return conversions.to(given, Type.INTEGER);
        }
        if (!NumericTypes.isNumber(given.type())) {
            throw new Refusal(
                    place,
                    "a number is expected, this is " + given.type().sql() + "; "
                            + ExpressionChecker.HOW_TO_GET_A_NUMBER);
        }
        return given;
    }

    private Expr rounded(SqlParserPos place, FunctionCatalog.Entry entry, List<Expr> args) {
        Expr number = args.getFirst();
        long digits = 0;
        if (args.size() == 2) {
            if (!(args.get(1) instanceof Expr.Literal literal) || !(literal.value() instanceof Long given)) {
                throw new Refusal(place, entry.usage() + ": the digits are a number written in the query");
            }
            if (number.type().equals(Type.DOUBLE)) {
                throw new Refusal(
                        place,
                        "a DOUBLE has no decimal digits: write ROUND(CAST(x AS DECIMAL(18, 2)), 2), for instance");
            }
            digits = given;
        }
        Type type = number.type();
        if (type instanceof Type.Decimal decimal) {
            int scale = (int) Math.clamp(digits, 0L, decimal.scale());
            int precision = Math.min(decimal.precision() - decimal.scale() + scale + 1, Type.MAX_PRECISION);
            type = Type.decimal(precision, scale);
        }
        return new Expr.Call(entry.function(), args, type);
    }

    private static Expr whole(Function function, Expr number) {
        Type type = number.type() instanceof Type.Decimal decimal
                ? Type.decimal(Math.min(decimal.precision() - decimal.scale() + 1, Type.MAX_PRECISION), 0)
                : number.type();
        return new Expr.Call(function, List.of(number), type);
    }

    private Expr together(SqlParserPos place, FunctionCatalog.Entry entry, List<Expr> args) {
        Type type = conversions.common(place, args, entry.name());
        if (type == null) {
            return args.getLast();
        }
        return new Expr.Call(
                entry.function(),
                args.stream().map(a -> conversions.to(a, type)).toList(),
                type);
    }

    private Expr nullIf(SqlParserPos place, List<Expr> args) {
        Expr first = args.getFirst();
        if (conversions.isUntyped(first)) {
            return first;
        }
        Type common = conversions.common(place, args, "NULLIF");
        if (common == null || common.equals(first.type())) {
            return new Expr.Call(
                    Function.NULLIF, List.of(first, conversions.to(args.getLast(), first.type())), first.type());
        }
        Expr equal = expressions.compare(place, Function.EQ, first, args.getLast());
        return new Expr.Case(List.of(new Expr.When(equal, new Expr.Literal(first.type(), null))), first, first.type());
    }

    private Expr jsonValue(SqlCall call, FunctionCatalog.Entry entry) {
        List<SqlNode> operands = call.getOperandList();
        List<Expr> args = new ArrayList<>();
        SqlDataTypeSpec returning = null;
        for (SqlNode operand : operands) {
            if (operand instanceof SqlDataTypeSpec spec) {
                returning = spec;
            } else if (args.size() < 2) {
                Kind kind = entry.takes().get(args.size());
                args.add(argument(operand, entry, kind, expressions.check(operand)));
            }
        }
        checkCount(call.getParserPosition(), entry, args.size());
        Expr value = new Expr.Call(Function.JSON_VALUE, args, Type.VARCHAR);
        return returning == null ? value : conversions.to(value, TypeSpecs.of(returning));
    }

    // Dates and times

    Expr extract(SqlCall call, String unit, Expr from) {
        String name = unit.endsWith("S") && UNITS.contains(unit.substring(0, unit.length() - 1))
                ? unit.substring(0, unit.length() - 1)
                : unit;
        if (!UNITS.contains(name)) {
            String near = Nearest.to(name, UNITS);
            throw new Refusal(
                    call.operand(0).getParserPosition(),
                    "there is no unit " + unit + (near == null ? "" : "; did you mean " + near + "?"));
        }
        Expr moment = moment(call.operand(1).getParserPosition(), from);
        Type type = FRACTIONS.contains(name) ? Type.decimal(20, 6) : Type.BIGINT;
        return new Expr.Call(Function.EXTRACT, List.of(new Expr.Literal(Type.VARCHAR, name), moment), type);
    }

    private Expr moment(SqlParserPos place, Expr given) {
        if (given instanceof Expr.Literal && given.type().equals(Type.VARCHAR)) {
            return conversions.to(given, Type.TIMESTAMP);
        }
        if (!Conversions.isMoment(given.type())) {
            throw new Refusal(
                    place,
                    "a date or time is expected, this is " + given.type().sql() + "; write CAST(... AS TIMESTAMP)");
        }
        return given;
    }

    /** FLOOR and CEIL: of a number, or FLOOR of a time to a unit. */
    Expr floorOrCeil(SqlCall call, List<Expr> args) {
        SqlParserPos place = call.getParserPosition();
        if (call.operandCount() == 2) {
            if (call.getKind() == SqlKind.CEIL) {
                throw new Refusal(place, "CEIL of a time is not supported; FLOOR(time TO unit) + INTERVAL is");
            }
            return truncated(place, ExpressionChecker.unit(call.operand(1)), args.getFirst());
        }
        return whole(call.getKind() == SqlKind.FLOOR ? Function.FLOOR : Function.CEIL, number(place, args.getFirst()));
    }

    private Expr truncated(SqlParserPos place, String unit, Expr given) {
        String name = unit.toUpperCase(Locale.ROOT);
        if (!TRUNCATED.contains(name)) {
            String near = Nearest.to(name, TRUNCATED);
            throw new Refusal(
                    place,
                    "there is no unit " + unit + " to cut to" + (near == null ? "" : "; did you mean " + near + "?"));
        }
        Expr moment = moment(place, given);
        return new Expr.Call(Function.DATE_TRUNC, List.of(new Expr.Literal(Type.VARCHAR, name), moment), moment.type());
    }

    private static Expr atTimeZone(SqlParserPos place, List<Expr> args) {
        Type from = args.getFirst().type();
        if (from.equals(Type.DATE)) {
            throw new Refusal(place, "a date has no time to put into a zone; write CAST(... AS TIMESTAMP)");
        }
        return new Expr.Call(
                Function.AT_TIME_ZONE, args, from.equals(Type.TIMESTAMP) ? Type.TIMESTAMP_TZ : Type.TIMESTAMP);
    }

    /** A date or time plus or minus an interval. */
    Expr shifted(SqlCall call, Expr given, SqlIntervalLiteral literal, boolean back) {
        Expr moment = moment(call.getParserPosition(), given);
        IntervalValue value = literal.getValueAs(IntervalValue.class);
        long months = 0;
        long micros = 0;
        try {
            if (value.getIntervalQualifier().isYearMonth()) {
                months = SqlParserUtil.intervalToMonths(value);
            } else {
                micros = Math.multiplyExact(SqlParserUtil.intervalToMillis(value), 1000L);
            }
        } catch (RuntimeException e) {
            throw new Refusal(literal.getParserPosition(), "this is no interval; INTERVAL '1' DAY is one");
        }
        Type type = moment.type().equals(Type.DATE) ? Type.TIMESTAMP : moment.type();
        return new Expr.Call(
                Function.ADD_INTERVAL,
                List.of(
                        moment,
                        new Expr.Literal(Type.BIGINT, back ? -months : months),
                        new Expr.Literal(Type.BIGINT, back ? -micros : micros)),
                type);
    }
}
