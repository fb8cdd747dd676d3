package io.millrace.sql.calcite;

import io.millrace.api.Nearest;
import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlNode;

/** Checks functions of dates and times. */
final class TimeFunctions {

    /** Units that a time is cut to. */
    private static final List<String> CUT = List.of(
            "YEAR",
            "QUARTER",
            "MONTH",
            "WEEK",
            "DAY",
            "HOUR",
            "MINUTE",
            "SECOND",
            "MILLISECOND",
            "MICROSECOND",
            "DECADE",
            "CENTURY",
            "MILLENNIUM");

    private static final List<String> PARTS = List.of(
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
            "MICROSECOND",
            "DECADE",
            "CENTURY",
            "MILLENNIUM");

    private final ExpressionChecker expressions;

    TimeFunctions(ExpressionChecker expressions) {
        this.expressions = expressions;
    }

    Expr extract(SqlNode unitNode, String written, SqlNode node) {
        Expr moment = expressions.moment(node, expressions.check(node), "EXTRACT");
        String unit = unit(unitNode, written, PARTS);
        Type type = switch (unit) {
            case "SECOND", "EPOCH", "MILLISECOND" -> Type.decimal(20, 6);
            default -> Type.BIGINT;
        };
        return new Expr.Call(Function.EXTRACT, List.of(new Expr.Literal(Type.VARCHAR, unit), moment), type);
    }

    Expr truncated(SqlNode unitNode, String written, SqlNode node, Expr given) {
        Expr moment = expressions.moment(node, given, "DATE_TRUNC");
        Expr unit = new Expr.Literal(Type.VARCHAR, unit(unitNode, written, CUT));
        return new Expr.Call(Function.DATE_TRUNC, List.of(unit, moment), moment.type());
    }

    /** {@code days} and {@code DAYS} are {@code DAY}. */
    private static String unit(SqlNode node, String written, List<String> known) {
        String unit = written.strip().toUpperCase(Locale.ROOT);
        if (!known.contains(unit) && unit.endsWith("S") && known.contains(unit.substring(0, unit.length() - 1))) {
            return unit.substring(0, unit.length() - 1);
        }
        if (!known.contains(unit)) {
            String nearest = Nearest.to(unit, known);
            throw new Refusal(
                    node.getParserPosition(),
                    "there is no unit \"" + written + "\" here"
                            + (nearest == null
                                    ? "; there are " + String.join(", ", known)
                                    : "; did you mean " + nearest + "?"));
        }
        return unit;
    }

    Expr atTimeZone(List<SqlNode> nodes, List<Expr> args) {
        Type from = args.getFirst().type();
        if (from.equals(Type.DATE)) {
            throw new Refusal(
                    nodes.getFirst().getParserPosition(),
                    "a date has no time to put into a zone; write CAST(" + expressions.source(nodes.getFirst())
                            + " AS TIMESTAMP)");
        }
        if (args.get(1) instanceof Expr.Literal(Type own, String zone)) {
            try {
                ZoneId.of(zone);
            } catch (DateTimeException e) {
                throw new Refusal(
                        nodes.get(1).getParserPosition(),
                        "there is no time zone '" + zone + "'; one is named as 'Europe/Berlin', 'UTC' or '+02:00'");
            }
        }
        return new Expr.Call(
                Function.AT_TIME_ZONE, args, from.equals(Type.TIMESTAMP) ? Type.TIMESTAMP_TZ : Type.TIMESTAMP);
    }

    /** Makes the formatter, which tells whether there is one. */
    DateTimeFormatter format(SqlNode node, String format) {
        try {
            return DateTimeFormatter.ofPattern(format, Locale.ENGLISH);
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    node.getParserPosition(),
                    "'" + format + "' is no format, such as 'yyyy-MM-dd HH:mm:ss': "
                            + String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT));
        }
    }

    Expr toTimestamp(Expr seconds) {
        Type type = seconds.type().equals(Type.DOUBLE) ? Type.DOUBLE : NumericTypes.decimal(seconds.type());
        return new Expr.Call(Function.TO_TIMESTAMP, List.of(Conversions.to(seconds, type)), Type.TIMESTAMP_TZ);
    }
}
