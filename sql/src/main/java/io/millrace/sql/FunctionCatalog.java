package io.millrace.sql;

import static io.millrace.sql.FunctionCatalog.Kind.ANY;
import static io.millrace.sql.FunctionCatalog.Kind.ARRAY;
import static io.millrace.sql.FunctionCatalog.Kind.FLOAT;
import static io.millrace.sql.FunctionCatalog.Kind.INTEGER;
import static io.millrace.sql.FunctionCatalog.Kind.JSON;
import static io.millrace.sql.FunctionCatalog.Kind.LITERAL;
import static io.millrace.sql.FunctionCatalog.Kind.MOMENT;
import static io.millrace.sql.FunctionCatalog.Kind.NUMBER;
import static io.millrace.sql.FunctionCatalog.Kind.SCALAR;
import static io.millrace.sql.FunctionCatalog.Kind.TEXT;

import io.millrace.api.Type;
import io.millrace.sql.plan.Function;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions that a query can call by name: the one list from which calls are resolved and docs are made. */
public final class FunctionCatalog {

    private FunctionCatalog() {}

    /** What a function takes in one place. */
    public enum Kind {
        TEXT,
        /** What is no text is written as one. */
        SCALAR,
        /** A text that is written in the query, such as a pattern. */
        LITERAL,
        NUMBER,
        /** A whole number. */
        INTEGER,
        /** A number that is converted to DOUBLE. */
        FLOAT,
        JSON,
        /** DATE, TIMESTAMP or TIMESTAMP WITH TIME ZONE. */
        MOMENT,
        ARRAY,
        ANY
    }

    /** The chapters of the reference. */
    public enum Chapter {
        NUMBERS("Numbers"),
        TEXT("Text"),
        TIME("Date and time"),
        CONDITIONS("Conditions"),
        JSON_AND_ARRAYS("JSON and arrays"),
        HASHES("Hashes");

        private final String title;

        Chapter(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    /**
     * One function.
     *
     * @param name in upper case; a call may use any case
     * @param function what it does
     * @param usage how it is called
     * @param takes what it takes, in order
     * @param required how many of these must be given
     * @param more whether the last may be repeated
     * @param gives its type; null where that follows from the arguments, as {@code result} says
     * @param result its type, in words
     * @param about what it does
     * @param example a call and what it gives
     */
    public record Entry(
            Chapter chapter,
            String name,
            Function function,
            String usage,
            List<Kind> takes,
            int required,
            boolean more,
            @Nullable Type gives,
            String result,
            String about,
            String example) {}

    private static final Map<String, Entry> BY_NAME = new LinkedHashMap<>();
    private static final List<Entry> ENTRIES = new ArrayList<>();

    private static void add(
            Chapter chapter,
            String names,
            Function function,
            String arguments,
            List<Kind> takes,
            int required,
            @Nullable Type gives,
            String about,
            String example) {
        String[] aliases = names.split(" ");
        boolean more = arguments.contains("...");
        String result = gives == null ? "that of its arguments" : gives.sql();
        Entry entry = new Entry(
                chapter,
                aliases[0],
                function,
                aliases[0] + "(" + arguments + ")",
                takes,
                required,
                more,
                gives,
                result,
                about
                        + (aliases.length == 1
                                ? ""
                                : " Also `"
                                        + String.join("`, `", List.of(aliases).subList(1, aliases.length)) + "`."),
                example);
        ENTRIES.add(entry);
        for (String alias : aliases) {
            BY_NAME.put(alias, entry);
        }
    }

    static {
        Chapter c = Chapter.NUMBERS;
        add(c, "ABS", Function.ABS, "number", List.of(NUMBER), 1, null, "The number without its sign.", "ABS(-3) = 3");
        add(c, "SIGN", Function.SIGN, "number", List.of(NUMBER), 1, null, "-1, 0 or 1.", "SIGN(-3) = -1");
        add(
                c,
                "MOD",
                Function.MOD,
                "number, by",
                List.of(NUMBER, NUMBER),
                2,
                null,
                "The remainder, with the sign of the first. By zero it rejects the record. `a % b` is the same.",
                "MOD(-7, 3) = -1");
        add(
                c,
                "ROUND",
                Function.ROUND,
                "number, digits",
                List.of(NUMBER, INTEGER),
                1,
                null,
                "To so many digits after the point (none if not said), half away from zero; DOUBLE without digits half to even. `digits` is written in the query and may be negative.",
                "ROUND(2.345, 2) = 2.35");
        add(
                c,
                "TRUNC TRUNCATE",
                Function.TRUNC,
                "number, digits",
                List.of(NUMBER, INTEGER),
                1,
                null,
                "Cuts off what comes after so many digits.",
                "TRUNC(2.349, 2) = 2.34");
        add(
                c,
                "FLOOR",
                Function.FLOOR,
                "number",
                List.of(NUMBER),
                1,
                null,
                "The next whole number below. `FLOOR(time TO DAY)` is `DATE_TRUNC`.",
                "FLOOR(-1.5) = -2");
        add(
                c,
                "CEIL CEILING",
                Function.CEIL,
                "number",
                List.of(NUMBER),
                1,
                null,
                "The next whole number above.",
                "CEIL(1.2) = 2");
        add(
                c,
                "SQRT",
                Function.SQRT,
                "number",
                List.of(FLOAT),
                1,
                Type.DOUBLE,
                "The square root. Of a negative number it rejects the record.",
                "SQRT(9) = 3.0");
        add(
                c,
                "POWER POW",
                Function.POWER,
                "number, exponent",
                List.of(FLOAT, FLOAT),
                2,
                Type.DOUBLE,
                "The number to a power.",
                "POWER(2, 10) = 1024.0");
        add(
                c,
                "LN",
                Function.LN,
                "number",
                List.of(FLOAT),
                1,
                Type.DOUBLE,
                "The natural logarithm. Of zero or less it rejects the record.",
                "LN(1) = 0.0");
        add(c, "EXP", Function.EXP, "number", List.of(FLOAT), 1, Type.DOUBLE, "e to a power.", "EXP(0) = 1.0");

        c = Chapter.TEXT;
        add(
                c,
                "CONCAT",
                Function.CONCAT,
                "value, ...",
                List.of(SCALAR),
                1,
                Type.VARCHAR,
                "Puts texts together; nulls count as empty. With `a || b` a null makes the whole null.",
                "CONCAT('a', NULL, 'b') = 'ab'");
        add(
                c,
                "LOWER",
                Function.LOWER,
                "text",
                List.of(TEXT),
                1,
                Type.VARCHAR,
                "In lower case.",
                "LOWER('AbC') = 'abc'");
        add(
                c,
                "UPPER",
                Function.UPPER,
                "text",
                List.of(TEXT),
                1,
                Type.VARCHAR,
                "In upper case.",
                "UPPER('AbC') = 'ABC'");
        add(
                c,
                "LTRIM",
                Function.LTRIM,
                "text, characters",
                List.of(TEXT, TEXT),
                1,
                Type.VARCHAR,
                "Takes characters (blanks if not said) off the beginning. `TRIM(BOTH 'x' FROM text)` takes them off both ends.",
                "LTRIM('  a') = 'a'");
        add(
                c,
                "RTRIM",
                Function.RTRIM,
                "text, characters",
                List.of(TEXT, TEXT),
                1,
                Type.VARCHAR,
                "Takes characters off the end.",
                "RTRIM('a  ') = 'a'");
        add(
                c,
                "BTRIM",
                Function.TRIM,
                "text, characters",
                List.of(TEXT, TEXT),
                1,
                Type.VARCHAR,
                "Takes characters off both ends.",
                "BTRIM('xax', 'x') = 'a'");
        add(
                c,
                "SUBSTRING SUBSTR",
                Function.SUBSTRING,
                "text, from, length",
                List.of(TEXT, INTEGER, INTEGER),
                2,
                Type.VARCHAR,
                "Part of a text; the first character is 1. `SUBSTRING(text FROM 2 FOR 3)` is the same. A negative length rejects the record.",
                "SUBSTRING('abcde', 2, 3) = 'bcd'");
        add(
                c,
                "LEFT",
                Function.LEFT,
                "text, length",
                List.of(TEXT, INTEGER),
                2,
                Type.VARCHAR,
                "The first characters; all but the last -n where n is negative.",
                "LEFT('abc', 2) = 'ab'");
        add(
                c,
                "RIGHT",
                Function.RIGHT,
                "text, length",
                List.of(TEXT, INTEGER),
                2,
                Type.VARCHAR,
                "The last characters; all but the first -n where n is negative.",
                "RIGHT('abc', 2) = 'bc'");
        add(
                c,
                "POSITION STRPOS",
                Function.POSITION,
                "part IN text",
                List.of(TEXT, TEXT),
                2,
                Type.INTEGER,
                "Where a part begins, from 1; 0 where it is not there. `STRPOS(text, part)` has its arguments the other way about.",
                "POSITION('c' IN 'abc') = 3");
        add(
                c,
                "REPLACE",
                Function.REPLACE,
                "text, what, by",
                List.of(TEXT, TEXT, TEXT),
                3,
                Type.VARCHAR,
                "Every occurrence replaced.",
                "REPLACE('a-b-c', '-', '+') = 'a+b+c'");
        add(
                c,
                "CHAR_LENGTH CHARACTER_LENGTH LENGTH",
                Function.CHAR_LENGTH,
                "text",
                List.of(TEXT),
                1,
                Type.INTEGER,
                "How many characters.",
                "LENGTH('Zoë') = 3");
        add(
                c,
                "OCTET_LENGTH",
                Function.OCTET_LENGTH,
                "text",
                List.of(TEXT),
                1,
                Type.INTEGER,
                "How many bytes of UTF-8.",
                "OCTET_LENGTH('Zoë') = 4");
        add(
                c,
                "SPLIT_PART",
                Function.SPLIT_PART,
                "text, delimiter, n",
                List.of(TEXT, TEXT, INTEGER),
                3,
                Type.VARCHAR,
                "The n-th piece, from 1; from the end where n is negative; '' beyond. 0 rejects the record.",
                "SPLIT_PART('a,b', ',', 2) = 'b'");
        add(
                c,
                "LPAD",
                Function.LPAD,
                "text, length, fill",
                List.of(TEXT, INTEGER, TEXT),
                2,
                Type.VARCHAR,
                "Filled at the left to a length, or cut to it.",
                "LPAD('7', 3, '0') = '007'");
        add(
                c,
                "RPAD",
                Function.RPAD,
                "text, length, fill",
                List.of(TEXT, INTEGER, TEXT),
                2,
                Type.VARCHAR,
                "Filled at the right to a length, or cut to it.",
                "RPAD('7', 3, '.') = '7..'");
        add(
                c,
                "REVERSE",
                Function.REVERSE,
                "text",
                List.of(TEXT),
                1,
                Type.VARCHAR,
                "From back to front.",
                "REVERSE('abc') = 'cba'");
        add(
                c,
                "REPEAT",
                Function.REPEAT,
                "text, times",
                List.of(TEXT, INTEGER),
                2,
                Type.VARCHAR,
                "The text so many times.",
                "REPEAT('ab', 2) = 'abab'");
        add(
                c,
                "STARTS_WITH",
                Function.STARTS_WITH,
                "text, prefix",
                List.of(TEXT, TEXT),
                2,
                Type.BOOLEAN,
                "Whether the text begins so.",
                "STARTS_WITH('abc', 'ab')");
        add(
                c,
                "REGEXP_LIKE",
                Function.REGEXP_LIKE,
                "text, pattern",
                List.of(TEXT, LITERAL),
                2,
                Type.BOOLEAN,
                "Whether a pattern is found. RE2 syntax, whose time is linear in the text whatever the pattern.",
                "REGEXP_LIKE('abc', '^a.c$')");
        add(
                c,
                "REGEXP_REPLACE",
                Function.REGEXP_REPLACE,
                "text, pattern, by",
                List.of(TEXT, LITERAL, TEXT),
                3,
                Type.VARCHAR,
                "Every match replaced; `\\1` is the first group.",
                "REGEXP_REPLACE('a1b22', '[0-9]+', '#') = 'a#b#'");
        add(
                c,
                "REGEXP_SUBSTR",
                Function.REGEXP_SUBSTR,
                "text, pattern",
                List.of(TEXT, LITERAL),
                2,
                Type.VARCHAR,
                "The first match; null where there is none.",
                "REGEXP_SUBSTR('ab12', '[0-9]+') = '12'");

        c = Chapter.TIME;
        add(
                c,
                "EXTRACT DATE_PART",
                Function.EXTRACT,
                "unit FROM time",
                List.of(LITERAL, MOMENT),
                2,
                null,
                "Part of a date or time, in UTC where it has a zone: YEAR QUARTER MONTH WEEK DAY HOUR MINUTE DOW ISODOW DOY ISOYEAR MICROSECOND as BIGINT, SECOND MILLISECOND EPOCH as DECIMAL(20, 6).",
                "EXTRACT(YEAR FROM DATE '2026-01-31') = 2026");
        add(
                c,
                "DATE_TRUNC",
                Function.DATE_TRUNC,
                "unit, time",
                List.of(LITERAL, MOMENT),
                2,
                null,
                "The beginning of the year, quarter, month, week (Monday), day, hour, minute or second.",
                "DATE_TRUNC('month', DATE '2026-01-31') = 2026-01-01");
        add(
                c,
                "PARSE_TIMESTAMP",
                Function.PARSE_TIMESTAMP,
                "format, text",
                List.of(LITERAL, TEXT),
                2,
                Type.TIMESTAMP,
                "Reads a text by a pattern (java.time letters).",
                "PARSE_TIMESTAMP('dd.MM.yyyy HH:mm', '31.01.2026 12:30')");
        add(
                c,
                "PARSE_DATE",
                Function.PARSE_DATE,
                "format, text",
                List.of(LITERAL, TEXT),
                2,
                Type.DATE,
                "Reads a text by a pattern.",
                "PARSE_DATE('dd.MM.yyyy', '31.01.2026')");
        add(
                c,
                "FORMAT_TIMESTAMP FORMAT_DATE",
                Function.FORMAT_TIMESTAMP,
                "format, time",
                List.of(LITERAL, MOMENT),
                2,
                Type.VARCHAR,
                "Writes a date or time by a pattern.",
                "FORMAT_TIMESTAMP('yyyy-MM', DATE '2026-01-31') = '2026-01'");
        add(
                c,
                "TO_TIMESTAMP",
                Function.TO_TIMESTAMP,
                "seconds",
                List.of(NUMBER),
                1,
                Type.TIMESTAMP_TZ,
                "The instant so many seconds after 1970 began in UTC.",
                "TO_TIMESTAMP(0) = 1970-01-01 00:00:00+00");
        add(
                c,
                "AT_TIME_ZONE",
                Function.AT_TIME_ZONE,
                "time, zone",
                List.of(MOMENT, LITERAL),
                2,
                null,
                "An instant as the clocks of a zone show it, or the instant at which they show a TIMESTAMP.",
                "AT_TIME_ZONE(at, 'Europe/Berlin')");

        c = Chapter.CONDITIONS;
        add(
                c,
                "COALESCE",
                Function.COALESCE,
                "value, ...",
                List.of(ANY),
                1,
                null,
                "The first that is not null.",
                "COALESCE(NULL, 2) = 2");
        add(
                c,
                "NULLIF",
                Function.NULLIF,
                "value, other",
                List.of(ANY, ANY),
                2,
                null,
                "Null where both are equal, else the first.",
                "NULLIF('', '') IS NULL");
        add(
                c,
                "GREATEST",
                Function.GREATEST,
                "value, ...",
                List.of(ANY),
                1,
                null,
                "The greatest; nulls do not count.",
                "GREATEST(1, 3, 2) = 3");
        add(
                c,
                "LEAST",
                Function.LEAST,
                "value, ...",
                List.of(ANY),
                1,
                null,
                "The least; nulls do not count.",
                "LEAST(1, 3, 2) = 1");
        add(
                c,
                "REJECT",
                Function.REJECT,
                "why",
                List.of(LITERAL),
                1,
                null,
                "Sends the record to the quarantine, for this reason. Is of any type, and evaluated only where the query comes to it.",
                "CASE kind WHEN 'add' THEN amount ELSE REJECT('unknown kind') END");

        c = Chapter.JSON_AND_ARRAYS;
        add(
                c,
                "JSON_VALUE",
                Function.JSON_VALUE,
                "json, path",
                List.of(JSON, LITERAL),
                2,
                Type.VARCHAR,
                "The text, number or truth value at a path (`$.a.b[0]`), as text; null where there is none. `RETURNING type` casts it.",
                "JSON_VALUE('{\"a\": 1}', '$.a') = '1'");
        add(
                c,
                "JSON_QUERY",
                Function.JSON_QUERY,
                "json, path",
                List.of(JSON, LITERAL),
                2,
                Type.JSON,
                "The object or array at a path.",
                "JSON_QUERY('{\"a\": [1]}', '$.a') = [1]");
        add(
                c,
                "CARDINALITY",
                Function.CARDINALITY,
                "array",
                List.of(ARRAY),
                1,
                Type.INTEGER,
                "How many elements.",
                "CARDINALITY(tags)");
        add(
                c,
                "ELEMENT_AT",
                Function.ELEMENT_AT,
                "array, n",
                List.of(ARRAY, INTEGER),
                2,
                null,
                "The n-th element, from 1; null beyond. `tags[1]` is the same.",
                "ELEMENT_AT(tags, 1)");

        c = Chapter.HASHES;
        add(
                c,
                "MD5",
                Function.MD5,
                "text",
                List.of(TEXT),
                1,
                Type.VARCHAR,
                "The hash in hexadecimal. Not for secrets.",
                "MD5('a')");
        add(
                c,
                "SHA256",
                Function.SHA256,
                "text",
                List.of(TEXT),
                1,
                Type.VARCHAR,
                "The hash in hexadecimal.",
                "SHA256(LOWER(email))");
        add(
                c,
                "HMAC_SHA256",
                Function.HMAC_SHA256,
                "text, key",
                List.of(TEXT, TEXT),
                2,
                Type.VARCHAR,
                "The keyed hash in hexadecimal: a pseudonym that nobody can work out without the key.",
                "HMAC_SHA256(email, '${PSEUDONYM_KEY}')");
    }

    /** The function of this name in any case; null where there is none. */
    public static @Nullable Entry find(String name) {
        return BY_NAME.get(name.toUpperCase(Locale.ROOT));
    }

    /** Every name that can be called. */
    public static Set<String> names() {
        return Collections.unmodifiableSet(BY_NAME.keySet());
    }

    /** Every function once, by chapter. */
    public static List<Entry> entries() {
        return List.copyOf(ENTRIES);
    }
}
