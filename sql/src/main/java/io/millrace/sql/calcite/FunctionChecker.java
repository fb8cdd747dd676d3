package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.FunctionCatalog;
import io.millrace.sql.FunctionCatalog.Entry;
import io.millrace.sql.FunctionCatalog.Kind;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** Resolves calls of functions by the catalogue and works out their types. */
final class FunctionChecker {
    private final ExpressionChecker expressions;
    private final TypeSpecs types;
    private final TimeFunctions times;

    FunctionChecker(ExpressionChecker expressions, TypeSpecs types) {
        this.expressions = expressions;
        this.types = types;
        this.times = new TimeFunctions(expressions);
    }

    Expr call(SqlCall call) {
        List<SqlNode> operands = call.getOperandList();
        return switch (call.getKind()) {
            case FLOOR, CEIL -> floorOrCeil(call);
            case TRIM -> trim(call);
            case LIKE -> like(call);
            case ITEM -> named(call, "ELEMENT_AT", operands);
            case EXTRACT ->
                times.extract(
                        operands.getFirst(), text(operands.getFirst(), "EXTRACT(unit FROM time)"), operands.getLast());
            case LITERAL_CHAIN -> chain(operands);
            default -> {
                String name = call.getOperator().getName();
                yield switch (name) {
                    case "||" -> concatenation(call);
                    case "JSON_VALUE" -> jsonValue(call);
                    case "JSON_QUERY" -> jsonQuery(call);
                    default -> named(call, name, operands);
                };
            }
        };
    }

    /** {@code 'a'} and on the next line {@code 'b'} are one text. */
    private Expr chain(List<SqlNode> parts) {
        StringBuilder whole = new StringBuilder();
        for (SqlNode part : parts) {
            whole.append(text(part, "a text"));
        }
        return new Expr.Literal(Type.VARCHAR, whole.toString());
    }

    private Expr named(SqlCall call, String name, List<SqlNode> nodes) {
        Entry entry = FunctionCatalog.find(name);
        if (entry == null) {
            throw UnknownFunctions.refusal(call, expressions.source(call));
        }
        if (call.getFunctionQuantifier() != null) {
            throw new Refusal(
                    call.getFunctionQuantifier().getParserPosition(), entry.name() + " takes no DISTINCT or ALL");
        }
        if (entry.function() == Function.POSITION && name.equalsIgnoreCase("STRPOS")) {
            nodes = nodes.reversed();
        }
        checkCount(call, entry, nodes.size());
        List<Expr> args = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Kind kind = entry.takes().get(Math.min(i, entry.takes().size() - 1));
            args.add(argument(nodes.get(i), entry, kind));
        }
        return typed(entry, nodes, args);
    }

    private Expr typed(Entry entry, List<SqlNode> nodes, List<Expr> args) {
        Function function = entry.function();
        Expr first = args.getFirst();
        return switch (function) {
            case ABS, SIGN -> new Expr.Call(function, args, first.type());
            case MOD -> expressions.arithmetic().numbers(nodes.get(0), first, nodes.get(1), args.get(1), Function.MOD);
            case ROUND, TRUNC -> rounded(entry, nodes, args);
            case COALESCE -> {
                List<Expr> together = expressions.comparisons().together(nodes, args, entry.name());
                Expr coalesce =
                        new Expr.Call(function, together, together.getFirst().type());
                expressions.sites().coalesce(coalesce, nodes);
                yield coalesce;
            }
            case GREATEST, LEAST -> {
                expressions.comparisons().comparable(nodes, args, entry.name());
                List<Expr> together = expressions.comparisons().together(nodes, args, entry.name());
                yield new Expr.Call(function, together, together.getFirst().type());
            }
            case NULLIF -> {
                List<Expr> both = expressions.comparisons().comparable(nodes, args, entry.name());
                // A value that had to be widened for the comparison is given as it was.
                Expr nullIf = both.getFirst().type().equals(first.type())
                        ? new Expr.Call(function, both, first.type())
                        : new Expr.Case(
                                List.of(new Expr.When(
                                        new Expr.Call(Function.EQ, both, Type.BOOLEAN),
                                        new Expr.Literal(first.type(), null))),
                                first,
                                first.type());
                expressions.sites().nullIf(nullIf, nodes);
                yield nullIf;
            }
            case REJECT -> new Expr.Call(function, args, Type.VARCHAR);
            case DATE_TRUNC ->
                times.truncated(nodes.get(0), text(nodes.get(0), entry.usage()), nodes.get(1), args.get(1));
            case EXTRACT -> times.extract(nodes.get(0), text(nodes.get(0), entry.usage()), nodes.get(1));
            case AT_TIME_ZONE -> times.atTimeZone(nodes, args);
            case PARSE_DATE, PARSE_TIMESTAMP, FORMAT_TIMESTAMP -> {
                times.format(nodes.getFirst(), text(nodes.getFirst(), entry.usage()));
                yield new Expr.Call(function, args, gives(entry));
            }
            case TO_TIMESTAMP -> times.toTimestamp(first);
            case ELEMENT_AT ->
                new Expr.Call(function, args, first.type() instanceof Type.Array(Type element) ? element : Type.JSON);
            case TRIM, LTRIM, RTRIM ->
                new Expr.Call(function, List.of(args.size() == 2 ? args.get(1) : blank(), first), Type.VARCHAR);
            case LPAD, RPAD -> {
                List<Expr> all = new ArrayList<>(args);
                if (args.size() == 2) {
                    all.add(blank());
                }
                yield new Expr.Call(function, all, Type.VARCHAR);
            }
            case REGEXP_LIKE, REGEXP_REPLACE, REGEXP_SUBSTR -> {
                Patterns.checkRegex(nodes.get(1), text(nodes.get(1), entry.usage()));
                yield new Expr.Call(function, args, gives(entry));
            }
            default -> new Expr.Call(function, args, gives(entry));
        };
    }

    private static Expr blank() {
        return new Expr.Literal(Type.VARCHAR, " ");
    }

    private static Type gives(Entry entry) {
        Type type = entry.gives();
        if (type == null) {
            throw new IllegalStateException(entry.name() + " has no rule for its type");
        }
        return type;
    }

    private static void checkCount(SqlCall call, Entry entry, int given) {
        int most = entry.more() ? Integer.MAX_VALUE : entry.takes().size();
        if (given < entry.required() || given > most) {
            throw new Refusal(
                    call.getParserPosition(),
                    entry.name() + " is called as " + entry.usage() + "; found " + given
                            + (given == 1 ? " argument" : " arguments"));
        }
    }

    private Expr argument(SqlNode node, Entry entry, Kind kind) {
        if (kind == Kind.LITERAL) {
            return new Expr.Literal(Type.VARCHAR, text(node, entry.usage()));
        }
        Expr given = expressions.check(node);
        return switch (kind) {
            case ANY, LITERAL -> given;
            case TEXT -> expressions.as(node, given, Type.VARCHAR, entry.name());
            case SCALAR -> scalarText(node, given, entry.name());
            case NUMBER -> expressions.number(node, given, entry.name());
            case FLOAT -> Conversions.to(expressions.number(node, given, entry.name()), Type.DOUBLE);
            case INTEGER -> expressions.wholeNumber(node, given, entry.name());
            case MOMENT -> expressions.moment(node, given, entry.name());
            case JSON -> json(node, given, entry.name());
            case ARRAY -> {
                if (!Conversions.isUntyped(given) && !(given.type() instanceof Type.Array)) {
                    throw expressions.mismatch(node, given, entry.name(), Wanted.ARRAY);
                }
                yield Conversions.to(given, given.type() instanceof Type.Array ? given.type() : Type.array(Type.JSON));
            }
        };
    }

    /** What is no text is written as one, as PostgreSQL does in CONCAT and beside ||. */
    private Expr scalarText(SqlNode node, Expr given, String by) {
        if (given.type() instanceof Type.Array && !Conversions.isUntyped(given)) {
            throw expressions.mismatch(node, given, by, Wanted.TEXT);
        }
        return Conversions.to(given, Type.VARCHAR);
    }

    /** A text is read as JSON. */
    private Expr json(SqlNode node, Expr given, String by) {
        return given.type().equals(Type.VARCHAR)
                ? Conversions.to(given, Type.JSON)
                : expressions.as(node, given, Type.JSON, by);
    }

    /** A text that must stand in the query; for a unit of time a word will do. */
    private String text(SqlNode node, String usage) {
        if (node instanceof SqlLiteral literal && literal.getValue() instanceof NlsString characters) {
            return characters.getValue();
        }
        if (node.getKind() == SqlKind.LITERAL_CHAIN && node instanceof SqlCall parts) {
            StringBuilder whole = new StringBuilder();
            parts.getOperandList().forEach(part -> whole.append(text(part, usage)));
            return whole.toString();
        }
        if (node instanceof SqlIntervalQualifier) {
            return unit(node);
        }
        throw new Refusal(
                node.getParserPosition(),
                "\"" + expressions.source(node) + "\" must be a text that stands in the query, in single quotes: "
                        + usage);
    }

    private static String unit(SqlNode node) {
        String unit = node instanceof SqlIntervalQualifier qualifier && qualifier.timeFrameName != null
                ? ColumnWords.plain(qualifier.timeFrameName)
                : node.toString().replace("`", "");
        return unit.toUpperCase(Locale.ROOT);
    }

    // Numbers

    private Expr rounded(Entry entry, List<SqlNode> nodes, List<Expr> args) {
        Expr number = args.getFirst();
        long digits = 0;
        if (args.size() == 2) {
            if (!(args.get(1) instanceof Expr.Literal(Type own, Long given))) {
                throw new Refusal(
                        nodes.get(1).getParserPosition(),
                        "the digits of " + entry.usage() + " must be a number that stands in the query");
            }
            digits = given;
        }
        Type type = number.type();
        if (type instanceof Type.Decimal decimal) {
            int scale = (int) Math.clamp(digits, 0L, decimal.scale());
            // Rounding up can make one more digit: 9.9 is 10.
            int whole = decimal.precision() - decimal.scale() + (entry.function() == Function.ROUND ? 1 : 0);
            type = Type.decimal(Math.clamp(whole + scale, 1, Type.MAX_PRECISION), scale);
        }
        return new Expr.Call(entry.function(), args, type);
    }

    /** FLOOR and CEIL of a number, or FLOOR of a time to a unit. */
    private Expr floorOrCeil(SqlCall call) {
        SqlNode node = call.operand(0);
        boolean floor = call.getKind() == SqlKind.FLOOR;
        if (call.operandCount() == 2) {
            SqlNode unit = call.operand(1);
            if (!(unit instanceof SqlIntervalQualifier)) {
                throw new Refusal(unit.getParserPosition(), "to round to digits write ROUND or TRUNC");
            }
            if (!floor) {
                throw new Refusal(
                        call.getParserPosition(), "a time is only cut off: FLOOR(time TO unit) + INTERVAL '1' unit");
            }
            return times.truncated(unit, unit(unit), node, expressions.check(node));
        }
        Expr number = expressions.number(node, expressions.check(node), floor ? "FLOOR" : "CEIL");
        Type type = number.type() instanceof Type.Decimal decimal
                ? Type.decimal(Math.min(decimal.precision() - decimal.scale() + 1, Type.MAX_PRECISION), 0)
                : number.type();
        return new Expr.Call(floor ? Function.FLOOR : Function.CEIL, List.of(number), type);
    }

    // Text

    private Expr trim(SqlCall call) {
        SqlTrimFunction.Flag flag = ((SqlLiteral) call.operand(0)).getValueAs(SqlTrimFunction.Flag.class);
        Function function = switch (flag) {
            case BOTH -> Function.TRIM;
            case LEADING -> Function.LTRIM;
            case TRAILING -> Function.RTRIM;
        };
        List<Expr> args = new ArrayList<>();
        for (SqlNode node : List.<SqlNode>of(call.operand(1), call.operand(2))) {
            args.add(expressions.as(node, expressions.check(node), Type.VARCHAR, "TRIM"));
        }
        return new Expr.Call(function, args, Type.VARCHAR);
    }

    private Expr like(SqlCall call) {
        String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
        if (!name.endsWith("LIKE") || name.endsWith("RLIKE")) {
            throw new Refusal(call.getParserPosition(), "there is no " + name + "; write REGEXP_LIKE(text, 'pattern')");
        }
        List<Expr> args = new ArrayList<>();
        for (SqlNode node : call.getOperandList()) {
            args.add(expressions.as(node, expressions.check(node), Type.VARCHAR, name));
        }
        if (args.size() == 3
                && args.get(2) instanceof Expr.Literal(Type type, String escape)
                && escape.codePointCount(0, escape.length()) > 1) {
            throw new Refusal(call.operand(2).getParserPosition(), "ESCAPE takes one character");
        }
        Function function = name.endsWith("ILIKE") ? Function.ILIKE : Function.LIKE;
        Expr like = new Expr.Call(function, args, Type.BOOLEAN);
        return name.startsWith("NOT") ? ExpressionChecker.not(like) : like;
    }

    /** A chain is one call, however long. */
    private Expr concatenation(SqlCall call) {
        List<SqlNode> nodes = new ArrayList<>();
        SqlNode left = call;
        while (left instanceof SqlCall chain && chain.getOperator().equals(call.getOperator())) {
            nodes.addFirst(chain.operand(1));
            left = chain.operand(0);
        }
        nodes.addFirst(left);
        List<Expr> exprs = expressions.checkAll(nodes);
        if (exprs.stream().noneMatch(e -> e.type().equals(Type.VARCHAR))) {
            throw expressions.mismatch(nodes.getFirst(), exprs.getFirst(), "||", Wanted.TEXT);
        }
        List<Expr> texts = new ArrayList<>();
        for (int i = 0; i < exprs.size(); i++) {
            texts.add(scalarText(nodes.get(i), exprs.get(i), "||"));
        }
        return new Expr.Call(Function.CONCAT_OP, texts, Type.VARCHAR);
    }

    // JSON

    private Expr jsonValue(SqlCall call) {
        List<SqlNode> operands = call.getOperandList();
        SqlDataTypeSpec returning = null;
        for (int i = 2; i < operands.size(); i++) {
            SqlNode operand = operands.get(i);
            if (operand instanceof SqlDataTypeSpec spec) {
                returning = spec;
            } else if (returning == null && !isSymbol(operand, "RETURNING") && !isNullClause(operands, i)) {
                throw new Refusal(
                        operand.getParserPosition(),
                        "JSON_VALUE gives NULL where nothing is found; for something else write COALESCE(JSON_VALUE(...), ...)");
            }
        }
        Expr value = jsonAt(call, Function.JSON_VALUE, Type.VARCHAR);
        return returning == null ? value : Conversions.to(value, types.of(returning));
    }

    /** {@code NULL ON EMPTY} and {@code NULL ON ERROR}, which say what is so anyway. */
    private static boolean isNullClause(List<SqlNode> operands, int i) {
        String word = String.valueOf(operands.get(i));
        String before = String.valueOf(operands.get(i - 1));
        String after = i + 1 < operands.size() ? String.valueOf(operands.get(i + 1)) : "";
        return (word.equals("NULL") && after.startsWith("ON ")) || (word.startsWith("ON ") && before.equals("NULL"));
    }

    private static boolean isSymbol(SqlNode node, String name) {
        return node instanceof SqlLiteral && node.toString().equals(name);
    }

    private Expr jsonQuery(SqlCall call) {
        for (@Nullable SqlNode operand : call.getOperandList().subList(2, call.operandCount())) {
            String clause = String.valueOf(operand);
            if (operand != null && !clause.equals("WITHOUT_ARRAY") && !clause.endsWith("[NULL]")) {
                throw new Refusal(
                        operand.getParserPosition(),
                        "JSON_QUERY takes a column and a path only: JSON_QUERY(json, '$.a')");
            }
        }
        return jsonAt(call, Function.JSON_QUERY, Type.JSON);
    }

    private Expr jsonAt(SqlCall call, Function function, Type type) {
        SqlNode node = call.operand(0);
        SqlNode pathNode = call.operand(1);
        Expr json = json(node, expressions.check(node), function.name());
        String path = text(pathNode, function.name() + "(json, path)");
        Patterns.checkJsonPath(pathNode, path);
        return new Expr.Call(function, List.of(json, new Expr.Literal(Type.VARCHAR, path)), type);
    }
}
