package io.millrace.sql;

import io.millrace.api.Nearest;
import io.millrace.api.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A type as people write it: {@code BIGINT}, {@code decimal(18, 2) NOT NULL}, {@code VARCHAR ARRAY}.
 *
 * @param type the type
 * @param nullable false where NOT NULL was said
 */
public record TypeName(Type type, boolean nullable) {

    private static final int MAX_DEPTH = 3;

    /** The types there are, as messages name them. */
    private static final List<String> NAMES = List.of(
            "BOOLEAN",
            "INTEGER",
            "INT",
            "BIGINT",
            "DECIMAL",
            "NUMERIC",
            "DOUBLE",
            "VARCHAR",
            "TEXT",
            "STRING",
            "DATE",
            "TIMESTAMP",
            "TIMESTAMPTZ",
            "JSON");

    /** Types of other systems, and what to write here. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("TINYINT", "INTEGER"),
            Map.entry("SMALLINT", "INTEGER"),
            Map.entry("INT2", "INTEGER"),
            Map.entry("INT4", "INTEGER"),
            Map.entry("INT8", "BIGINT"),
            Map.entry("LONG", "BIGINT"),
            Map.entry("NUMBER", "DECIMAL(18, 2)"),
            Map.entry("MONEY", "DECIMAL(18, 2)"),
            Map.entry("FLOAT4", "DOUBLE"),
            Map.entry("FLOAT8", "DOUBLE"),
            Map.entry("REAL", "DOUBLE"),
            Map.entry("CHAR", "VARCHAR"),
            Map.entry("CHARACTER", "VARCHAR"),
            Map.entry("NVARCHAR", "VARCHAR"),
            Map.entry("UUID", "VARCHAR"),
            Map.entry("TIME", "VARCHAR"),
            Map.entry("DATETIME", "TIMESTAMP"));

    /**
     * Reads a type, in any case.
     *
     * @throws IllegalArgumentException where it is none, with what to write
     */
    public static TypeName parse(String text) {
        return new Reader(text).read();
    }

    private static final class Reader {
        private final List<String> words = new ArrayList<>();
        private int at;

        Reader(String text) {
            int i = 0;
            while (i < text.length()) {
                int start = i;
                char c = text.charAt(i++);
                if (Character.isWhitespace(c)) {
                    continue;
                }
                if (isWordPart(c)) {
                    while (i < text.length() && isWordPart(text.charAt(i))) {
                        i++;
                    }
                }
                words.add(text.substring(start, i));
            }
        }

        private static boolean isWordPart(char c) {
            return Character.isLetterOrDigit(c) || c == '_';
        }

        TypeName read() {
            Type type = base();
            for (int depth = 0; takes("ARRAY"); depth++) {
                if (depth == MAX_DEPTH) {
                    throw new IllegalArgumentException("arrays nest " + MAX_DEPTH + " deep at most");
                }
                type = Type.array(type);
            }
            boolean nullable = true;
            if (takes("NOT")) {
                expect("NULL", "NOT is followed by NULL");
                nullable = false;
            } else {
                takes("NULL");
            }
            if (at < words.size()) {
                String rest = words.get(at);
                throw new IllegalArgumentException(surplus(rest, type));
            }
            return new TypeName(type, nullable);
        }

        private String surplus(String rest, Type type) {
            if (rest.equals("[")) {
                return "an array is written " + type.sql() + " ARRAY";
            }
            return "unexpected \"" + rest + "\" after the type " + type.sql() + "; it can be followed by NOT NULL"
                    + " or ARRAY";
        }

        private Type base() {
            if (at == words.size()) {
                throw new IllegalArgumentException("a type is missing, such as BIGINT or VARCHAR NOT NULL");
            }
            String word = words.get(at++);
            String name = word.toUpperCase(Locale.ROOT);
            Type type = switch (name) {
                case "BOOLEAN", "BOOL" -> Type.BOOLEAN;
                case "INTEGER", "INT" -> Type.INTEGER;
                case "BIGINT" -> Type.BIGINT;
                case "VARCHAR", "TEXT", "STRING" -> Type.VARCHAR;
                case "DATE" -> Type.DATE;
                case "JSON", "JSONB" -> Type.JSON;
                case "TIMESTAMPTZ" -> timestamp(true);
                case "TIMESTAMP" -> timestamp(false);
                case "DOUBLE", "FLOAT" -> {
                    takes("PRECISION");
                    yield Type.DOUBLE;
                }
                case "DECIMAL", "NUMERIC", "DEC" -> decimal(word);
                default -> throw new IllegalArgumentException(unknown(word, name));
            };
            if (at < words.size() && words.get(at).equals("(")) {
                throw new IllegalArgumentException(parameters(type));
            }
            return type;
        }

        private static String parameters(Type type) {
            return type.equals(Type.VARCHAR)
                    ? "VARCHAR has no length here; write VARCHAR, and LEFT(x, 20) in the query to cut a text"
                    : type.sql() + " takes nothing in parentheses";
        }

        private static String unknown(String found, String name) {
            String here = ELSEWHERE.get(name);
            if (here != null) {
                return "there is no type " + found + "; write " + here;
            }
            String nearest = Nearest.to(name, NAMES);
            return "there is no type \"" + found + "\""
                    + (nearest != null
                            ? "; did you mean " + nearest + "?"
                            : "; the types are BOOLEAN, INTEGER, BIGINT, DECIMAL(p, s), DOUBLE, VARCHAR, DATE,"
                                    + " TIMESTAMP, TIMESTAMP WITH TIME ZONE, JSON and ARRAY of these");
        }

        private Type timestamp(boolean zone) {
            if (takes("(")) {
                String digits = next("the digits of the fraction are missing");
                if (!digits.equals("6")) {
                    throw new IllegalArgumentException("a TIMESTAMP always has microseconds; write TIMESTAMP");
                }
                expect(")", "a \")\" is missing");
            }
            if (zone) {
                return Type.TIMESTAMP_TZ;
            }
            boolean with = takes("WITH");
            if (with || takes("WITHOUT")) {
                expect("TIME", "write TIMESTAMP WITH TIME ZONE");
                expect("ZONE", "write TIMESTAMP WITH TIME ZONE");
            }
            return with ? Type.TIMESTAMP_TZ : Type.TIMESTAMP;
        }

        private Type decimal(String word) {
            if (!takes("(")) {
                throw new IllegalArgumentException(
                        word + " needs the number of digits and how many of them follow the point, such as " + word
                                + "(18, 2)");
            }
            String first = next("the number of digits is missing");
            int precision = number(first, 1, Type.MAX_PRECISION, "the number of digits");
            int scale = 0;
            if (takes(",")) {
                String second = next("the number of digits after the point is missing");
                scale = number(second, 0, precision, "the number of digits after the point");
            }
            expect(")", "a \")\" is missing");
            return Type.decimal(precision, scale);
        }

        private static int number(String word, int least, int most, String what) {
            int value = -1;
            if (!word.isEmpty() && word.length() <= 4 && word.chars().allMatch(c -> c >= '0' && c <= '9')) {
                value = Integer.parseInt(word);
            }
            if (value < least || value > most) {
                throw new IllegalArgumentException(what + " must be from " + least + " to " + most + ", not " + word);
            }
            return value;
        }

        private boolean takes(String word) {
            if (at < words.size() && words.get(at).equalsIgnoreCase(word)) {
                at++;
                return true;
            }
            return false;
        }

        private void expect(String word, String message) {
            if (!takes(word)) {
                throw new IllegalArgumentException(message);
            }
        }

        private String next(String message) {
            if (at == words.size()) {
                throw new IllegalArgumentException(message);
            }
            return words.get(at++);
        }
    }
}
