package io.millrace.connectors.postgres;

import io.millrace.api.TableShape;
import io.millrace.api.Type;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which types a column can be given so that every value that is there stays what it is. Types are written as
 * {@code format_type} in PostgreSQL writes them.
 */
final class Widening {

    private static final Pattern NUMERIC = Pattern.compile("numeric\\(([0-9]+),([0-9]+)\\)");

    /** The most digits that PostgreSQL takes between the parentheses. */
    private static final int MAX_NUMERIC_DIGITS = 1000;

    private Widening() {}

    /**
     * The type that holds what is there and what the pipeline writes.
     *
     * @param found the type that the column has, which does not hold what the pipeline writes
     * @return empty where there is no such type, or a change to it could lose something
     */
    static Optional<String> of(String found, TableShape.Col column) {
        String wanted = ColumnTypes.of(column);
        return wanted.equals("numeric")
                ? Optional.of(wanted).filter(numeric -> digits(found).isPresent())
                : of(found, column.type());
    }

    private static Optional<String> of(String found, Type type) {
        String wanted = ColumnTypes.of(type);
        return switch (type) {
            case Type.Decimal(int precision, int scale) ->
                digits(found).map(there -> union(there, new Digits(precision - scale, scale)));
            case Type.Array(Type element) ->
                found.endsWith("[]")
                        ? of(found.substring(0, found.length() - 2), element).map(widened -> widened + "[]")
                        : Optional.empty();
            case Type.Simple simple ->
                switch (simple) {
                    case INTEGER -> only(found.equals("smallint"), wanted);
                    case BIGINT -> only(found.equals("smallint") || found.equals("integer"), wanted);
                    // Up to 53 bits of a whole number are kept, so that bigint is not among them.
                    case DOUBLE ->
                        only(found.equals("real") || found.equals("smallint") || found.equals("integer"), wanted);
                    // Not character(n): its blanks at the end are cut.
                    case VARCHAR -> only(found.matches("character varying\\([0-9]+\\)"), wanted);
                    // Midnight of the day. With a time zone it would be that of whoever alters the table.
                    case TIMESTAMP -> only(found.equals("date"), wanted);
                    case BOOLEAN, DATE, TIMESTAMP_TZ, JSON -> Optional.empty();
                };
        };
    }

    private static Optional<String> only(boolean safe, String wanted) {
        return safe ? Optional.of(wanted) : Optional.empty();
    }

    /** Digits before and after the point. */
    private record Digits(int whole, int fraction) {}

    private static Optional<Digits> digits(String found) {
        Matcher numeric = NUMERIC.matcher(found);
        if (numeric.matches()) {
            int precision = Integer.parseInt(numeric.group(1));
            int scale = Integer.parseInt(numeric.group(2));
            return Optional.of(new Digits(Math.max(0, precision - scale), scale));
        }
        return switch (found) {
            case "smallint" -> Optional.of(new Digits(5, 0));
            case "integer" -> Optional.of(new Digits(10, 0));
            case "bigint" -> Optional.of(new Digits(19, 0));
            default -> Optional.empty();
        };
    }

    private static String union(Digits one, Digits other) {
        int fraction = Math.max(one.fraction(), other.fraction());
        int precision = Math.max(one.whole(), other.whole()) + fraction;
        return precision > MAX_NUMERIC_DIGITS ? "numeric" : "numeric(" + precision + "," + fraction + ")";
    }
}
