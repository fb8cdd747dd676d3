package io.millrace.sql;

import io.millrace.api.Type;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type as people write it: {@code BIGINT}, {@code decimal(18, 2) NOT NULL}, {@code VARCHAR ARRAY}.
 *
 * @param type the type
 * @param nullable false where NOT NULL was said
 */
public record TypeName(Type type, boolean nullable) {

    private static final Map<String, Type> SIMPLE = Map.ofEntries(
            Map.entry("BOOLEAN", Type.BOOLEAN),
            Map.entry("BOOL", Type.BOOLEAN),
            Map.entry("INTEGER", Type.INTEGER),
            Map.entry("INT", Type.INTEGER),
            Map.entry("BIGINT", Type.BIGINT),
            Map.entry("DOUBLE", Type.DOUBLE),
            Map.entry("DOUBLE PRECISION", Type.DOUBLE),
            Map.entry("FLOAT", Type.DOUBLE),
            Map.entry("VARCHAR", Type.VARCHAR),
            Map.entry("TEXT", Type.VARCHAR),
            Map.entry("STRING", Type.VARCHAR),
            Map.entry("DATE", Type.DATE),
            Map.entry("TIMESTAMP", Type.TIMESTAMP),
            Map.entry("TIMESTAMP WITHOUT TIME ZONE", Type.TIMESTAMP),
            Map.entry("TIMESTAMP WITH TIME ZONE", Type.TIMESTAMP_TZ),
            Map.entry("TIMESTAMPTZ", Type.TIMESTAMP_TZ),
            Map.entry("JSON", Type.JSON),
            Map.entry("JSONB", Type.JSON));

    /** What messages offer. */
    private static final List<String> KNOWN = List.of(
            "BOOLEAN",
            "INTEGER",
            "BIGINT",
            "DECIMAL(p, s)",
            "DOUBLE",
            "VARCHAR",
            "DATE",
            "TIMESTAMP",
            "TIMESTAMP WITH TIME ZONE",
            "JSON");

    private static final Pattern DECIMAL =
            Pattern.compile("(?:DECIMAL|NUMERIC)(?: ?\\( ?(\\d{1,4}) ?(?:, ?(\\d{1,4}) ?)?\\))?");
    private static final String NOT_NULL = " NOT NULL";
    private static final String ARRAY = " ARRAY";

    /**
     * Reads a type.
     *
     * @throws IllegalArgumentException where it is none, with what is known
     */
    public static TypeName parse(String text) {
        String words = text.strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT);
        boolean nullable = true;
        if (words.endsWith(NOT_NULL)) {
            nullable = false;
            words = words.substring(0, words.length() - NOT_NULL.length());
        }
        return new TypeName(type(words, text.strip()), nullable);
    }

    private static Type type(String words, String written) {
        if (words.endsWith(ARRAY)) {
            return Type.array(type(words.substring(0, words.length() - ARRAY.length()), written));
        }
        Type simple = SIMPLE.get(words);
        if (simple != null) {
            return simple;
        }
        Matcher decimal = DECIMAL.matcher(words);
        if (decimal.matches()) {
            return decimal(decimal, written);
        }
        String near = Nearest.to(words, SIMPLE.keySet());
        throw new IllegalArgumentException("unknown type \"" + written + "\""
                + (near == null ? "; known are " + String.join(", ", KNOWN) : "; did you mean " + near + "?"));
    }

    private static Type decimal(Matcher words, String written) {
        if (words.group(1) == null) {
            throw new IllegalArgumentException(
                    written + " needs its digits: DECIMAL(18, 2) has 18 digits, 2 of them after the point");
        }
        int precision = Integer.parseInt(words.group(1));
        int scale = words.group(2) == null ? 0 : Integer.parseInt(words.group(2));
        if (precision < 1 || precision > Type.MAX_PRECISION || scale > precision) {
            throw new IllegalArgumentException(written + " is out of range: a DECIMAL has 1 to " + Type.MAX_PRECISION
                    + " digits, of which none to all are after the point");
        }
        return Type.decimal(precision, scale);
    }
}
