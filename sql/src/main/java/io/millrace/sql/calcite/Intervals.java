package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalLiteral.IntervalValue;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Reads intervals: literals, {@code INTERVAL n HOUR} and multiples of these. A day is 24 hours. */
final class Intervals {

    private static final String HOW = "; an interval is written INTERVAL '1' DAY or INTERVAL '1 12:30' DAY TO MINUTE";

    /** Units that can stand together, as in DAY TO SECOND. */
    private static final List<TimeUnit> COMPOSED =
            List.of(TimeUnit.YEAR, TimeUnit.MONTH, TimeUnit.DAY, TimeUnit.HOUR, TimeUnit.MINUTE, TimeUnit.SECOND);

    /** Months and microseconds, both BIGINT. */
    record Interval(Expr months, Expr micros) {}

    private final ExpressionChecker expressions;

    Intervals(ExpressionChecker expressions) {
        this.expressions = expressions;
    }

    /** Whether a node is an interval by the looks of it. */
    static boolean isInterval(SqlNode node) {
        return switch (node.getKind()) {
            case INTERVAL, INTERVAL_QUALIFIER -> true;
            case TIMES -> isInterval(((SqlCall) node).operand(0)) || isInterval(((SqlCall) node).operand(1));
            case MINUS_PREFIX -> isInterval(((SqlCall) node).operand(0));
            default -> node instanceof SqlIntervalLiteral;
        };
    }

    Interval of(SqlNode node, boolean negative) {
        if (node instanceof SqlIntervalLiteral literal) {
            return literal(literal, negative);
        }
        if (node instanceof SqlCall call) {
            if (call.getKind() == SqlKind.MINUS_PREFIX) {
                return of(call.operand(0), !negative);
            }
            if (call.getKind() == SqlKind.TIMES) {
                boolean first = isInterval(call.operand(0));
                return multiple(of(call.operand(first ? 0 : 1), negative), call.operand(first ? 1 : 0));
            }
            if (call.getKind() == SqlKind.INTERVAL && call.operand(1) instanceof SqlIntervalQualifier unit) {
                if (unit.getStartUnit() != unit.getUnit() && unit.getEndUnit() != null) {
                    throw new Refusal(call.getParserPosition(), "a number is an interval of one unit" + HOW);
                }
                long one = negative ? -1 : 1;
                return multiple(unit(unit.getStartUnit(), BigDecimal.valueOf(one), node), call.operand(0));
            }
        }
        throw new Refusal(node.getParserPosition(), "this is no interval" + HOW);
    }

    private Interval multiple(Interval interval, SqlNode by) {
        if (isInterval(by)) {
            throw new Refusal(by.getParserPosition(), "an interval is multiplied by a number");
        }
        Expr number = Conversions.to(
                expressions.wholeNumber(by, expressions.check(by), "a multiple of an interval"), Type.BIGINT);
        return new Interval(times(number, interval.months()), times(number, interval.micros()));
    }

    /** A product of BIGINTs; of literals a literal. */
    static Expr times(Expr a, Expr b) {
        if (a instanceof Expr.Literal(Type x, Long left) && b instanceof Expr.Literal(Type y, Long right)) {
            long high = Math.multiplyHigh(left, right);
            long low = left * right;
            if (high == low >> 63) {
                return new Expr.Literal(Type.BIGINT, low);
            }
        }
        return b instanceof Expr.Literal(Type type, Long right) && right == 0
                ? b
                : new Expr.Call(Function.MULTIPLY, List.of(a, b), Type.BIGINT);
    }

    private static Interval literal(SqlIntervalLiteral literal, boolean negative) {
        IntervalValue value = (IntervalValue) literal.getValue();
        if (value == null) {
            throw new Refusal(literal.getParserPosition(), "this is no interval" + HOW);
        }
        SqlIntervalQualifier qualifier = value.getIntervalQualifier();
        String text = value.getIntervalLiteral().strip();
        boolean minus = text.startsWith("-");
        int sign = (value.getSign() < 0 ^ minus ^ negative) ? -1 : 1;
        String digits = minus || text.startsWith("+") ? text.substring(1).strip() : text;
        TimeUnit first = qualifier.getStartUnit();
        TimeUnit last = qualifier.getEndUnit() == null ? first : qualifier.getEndUnit();
        List<TimeUnit> units = units(first, last);
        // '1-2' YEAR TO MONTH, '1 02:03:04.5' DAY TO SECOND
        String[] parts = digits.split(first == TimeUnit.YEAR && units.size() > 1 ? "-" : "[ :]+", -1);
        if (parts.length != units.size()) {
            throw new Refusal(literal.getParserPosition(), "'" + text + "' is no interval of " + name(qualifier) + HOW);
        }
        long months = 0;
        long micros = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean fraction = parts.length == 1 || units.get(i) == TimeUnit.SECOND;
            if (!parts[i].matches(fraction ? "\\d{1,18}(\\.\\d{0,9})?" : "\\d{1,18}")) {
                throw new Refusal(
                        literal.getParserPosition(), "'" + text + "' is no interval of " + name(qualifier) + HOW);
            }
            BigDecimal amount = new BigDecimal(parts[i]).multiply(BigDecimal.valueOf(sign));
            Interval part = unit(units.get(i), amount, literal);
            months += number(part.months());
            micros += number(part.micros());
        }
        return new Interval(new Expr.Literal(Type.BIGINT, months), new Expr.Literal(Type.BIGINT, micros));
    }

    private static String name(SqlIntervalQualifier qualifier) {
        return qualifier.toString().toUpperCase(Locale.ROOT);
    }

    private static List<TimeUnit> units(TimeUnit first, TimeUnit last) {
        return first == last ? List.of(first) : COMPOSED.subList(COMPOSED.indexOf(first), COMPOSED.indexOf(last) + 1);
    }

    private static long number(Expr literal) {
        return ((Expr.Literal) literal).value() instanceof Long number ? number : 0;
    }

    private static Interval unit(TimeUnit unit, BigDecimal amount, SqlNode at) {
        SqlParserPos place = at.getParserPosition();
        long months = switch (unit) {
            case YEAR -> 12;
            case QUARTER -> 3;
            case MONTH -> 1;
            case DECADE -> 120;
            case CENTURY -> 1_200;
            case MILLENNIUM -> 12_000;
            default -> 0;
        };
        long micros = switch (unit) {
            case WEEK -> 7 * 86_400_000_000L;
            case DAY -> 86_400_000_000L;
            case HOUR -> 3_600_000_000L;
            case MINUTE -> 60_000_000L;
            case SECOND -> 1_000_000L;
            case MILLISECOND -> 1_000L;
            case MICROSECOND -> 1L;
            default -> 0;
        };
        if (months == 0 && micros == 0) {
            throw new Refusal(place, unit + " is no unit of an interval" + HOW);
        }
        try {
            return new Interval(
                    new Expr.Literal(
                            Type.BIGINT,
                            amount.multiply(BigDecimal.valueOf(months)).longValueExact()),
                    new Expr.Literal(
                            Type.BIGINT,
                            amount.multiply(BigDecimal.valueOf(micros)).longValueExact()));
        } catch (ArithmeticException e) {
            throw new Refusal(place, "this interval is too long or too fine; it is counted in months and microseconds");
        }
    }
}
