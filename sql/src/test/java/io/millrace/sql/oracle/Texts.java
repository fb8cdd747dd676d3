package io.millrace.sql.oracle;

import io.millrace.api.Type;

/** Generates texts. */
final class Texts {
    private final Terms terms;
    private final Dice dice;

    Texts(Terms terms) {
        this.terms = terms;
        this.dice = terms.dice;
    }

    Term text(int depth) {
        if (depth == 0) {
            return dice.oneIn(5)
                    ? Terms.constant(dice.of(Corpus.WORDS))
                    : terms.column("sx", "sx", "sy", "sy", "sn", "sd");
        }
        return switch (dice.below(17)) {
            case 0 -> call("LOWER($1)", depth);
            case 1 -> call("UPPER($1)", depth);
            case 2 -> trim(depth);
            case 3 -> substring(depth);
            case 4 -> sized(dice.of("LEFT($1, $2)", "RIGHT($1, $2)", "REPEAT($1, $2)"), depth);
            case 5 -> call("REPLACE($1, $2, $3)", depth, terms.text(0), terms.text(0));
            case 6 -> call("($1 || $2)", depth, terms.text(depth - 1));
            case 7 -> call("CONCAT($1, $2, $3)", depth, terms.text(depth - 1), terms.text(0));
            case 8 -> splitPart(depth);
            case 9 -> pad(depth);
            case 10 -> call("REVERSE($1)", depth);
            case 11 -> hash(depth);
            case 12 -> regexp(depth);
            case 13 -> format();
            case 14 -> jsonValue(depth);
            case 15 -> {
                Term array = terms.any(Type.array(Type.VARCHAR), depth - 1);
                yield Term.translated(
                        Type.VARCHAR,
                        dice.of("ELEMENT_AT($1, $2)", "$1[$2]"),
                        "oracle_element($1, $2)",
                        array,
                        terms.small(depth - 1));
            }
            default ->
                terms.cast(
                        terms.any(
                                dice.of(
                                        Type.BOOLEAN,
                                        Type.INTEGER,
                                        Type.BIGINT,
                                        Corpus.MONEY,
                                        Type.DOUBLE,
                                        Type.DATE,
                                        Type.TIMESTAMP,
                                        Type.TIMESTAMP_TZ,
                                        Type.JSON),
                                depth - 1),
                        Type.VARCHAR);
        };
    }

    private Term call(String pattern, int depth, Term... more) {
        Term[] parts = new Term[more.length + 1];
        parts[0] = terms.text(depth - 1);
        System.arraycopy(more, 0, parts, 1, more.length);
        return Term.same(Type.VARCHAR, pattern, parts);
    }

    private Term sized(String pattern, int depth) {
        return call(pattern, depth, terms.small(depth - 1));
    }

    private Term trim(int depth) {
        return switch (dice.below(4)) {
            case 0 -> call("TRIM($1)", depth);
            case 1 -> call("TRIM(" + dice.of("BOTH", "LEADING", "TRAILING") + " $2 FROM $1)", depth, terms.text(0));
            case 2 -> call(dice.of("LTRIM($1)", "RTRIM($1)", "BTRIM($1)"), depth);
            default -> call(dice.of("LTRIM($1, $2)", "RTRIM($1, $2)", "BTRIM($1, $2)"), depth, terms.text(0));
        };
    }

    private Term substring(int depth) {
        return switch (dice.below(3)) {
            case 0 -> sized("SUBSTRING($1 FROM $2)", depth);
            case 1 -> call("SUBSTRING($1 FROM $2 FOR $3)", depth, terms.small(depth - 1), terms.small(depth - 1));
            // Extremes, for the sums of position and length.
            default -> call("SUBSTRING($1, $2, $3)", depth, terms.column("ix", "iy"), terms.column("ix", "iy"));
        };
    }

    private Term splitPart(int depth) {
        Term delimiter = dice.oneIn(3) ? terms.text(0) : Terms.constant(dice.of(",", " ", "a", "bc", "aa", ""));
        return call("SPLIT_PART($1, $2, $3)", depth, delimiter, terms.small(0));
    }

    private Term pad(int depth) {
        String function = dice.of("LPAD", "RPAD");
        Term length = terms.small(depth - 1);
        return dice.oneIn(2)
                ? call(function + "($1, $2)", depth, length)
                : call(function + "($1, $2, $3)", depth, length, terms.text(0));
    }

    private Term hash(int depth) {
        Term text = terms.text(depth - 1);
        return switch (dice.below(3)) {
            case 0 -> Term.same(Type.VARCHAR, "MD5($1)", text);
            case 1 ->
                Term.translated(Type.VARCHAR, "SHA256($1)", "encode(sha256(convert_to($1, 'UTF8')), 'hex')", text);
            default -> Term.translated(Type.VARCHAR, "HMAC_SHA256($1, $2)", "oracle_hmac($1, $2)", text, terms.text(0));
        };
    }

    /**
     * Patterns that mean the same to RE2 and to PostgreSQL: no alternatives of which one begins as the other (RE2 takes the
     * first, PostgreSQL the longest), no {@code .} or {@code [^x]} before line breaks, no classes of Unicode.
     */
    static String pattern(Dice dice) {
        return dice.of(
                "^a",
                "[0-9]+",
                "b+",
                "(a|x)b?c",
                "[a-z]+_[a-z]+",
                "é",
                "^$",
                "[^a-zA-Z]+",
                "abc$",
                "a{2,3}",
                "(日|語)",
                " +",
                "\\.",
                "(a)(b)");
    }

    private Term regexp(int depth) {
        String pattern = pattern(dice);
        if (dice.oneIn(2)) {
            return call("REGEXP_SUBSTR($1, '" + pattern + "')", depth);
        }
        String by = pattern.equals("(a)(b)") ? "'\\2-\\1'" : dice.of("''", "'#'", "'<\\&>'", "'é'");
        return Term.translated(
                Type.VARCHAR,
                "REGEXP_REPLACE($1, '" + pattern + "', " + by + ")",
                "REGEXP_REPLACE($1, '" + pattern + "', " + by + ", 'g')",
                terms.text(depth - 1));
    }

    /** Everyday times only: java.time and to_char write years beyond 9999 and before Christ differently. */
    private Term format() {
        String[] patterns = dice.of(
                new String[] {"yyyy-MM-dd", "YYYY-MM-DD"},
                new String[] {"yyyy-MM", "YYYY-MM"},
                new String[] {"dd.MM.yyyy HH:mm:ss", "DD.MM.YYYY HH24:MI:SS"},
                new String[] {"yyyyMMddHHmm", "YYYYMMDDHH24MI"},
                new String[] {"HH:mm:ss.SSSSSS", "HH24:MI:SS.US"},
                new String[] {"EEE d MMM yyyy", "Dy FMDD Mon YYYY"});
        Term moment = patterns[0].contains("HH") ? terms.column("ty", "zy") : terms.column("dy", "ty", "zy");
        return Term.translated(
                Type.VARCHAR,
                "FORMAT_TIMESTAMP('" + patterns[0] + "', $1)",
                "to_char($1, '" + patterns[1] + "')",
                moment);
    }

    /** SQL/JSON by PostgreSQL itself, over jsonb. But it writes a truth value as t or f there, and everywhere else in full. */
    private Term jsonValue(int depth) {
        String path = Structures.path(dice);
        String found = "JSON_QUERY(($1)::jsonb, '" + path + "')";
        return Term.translated(
                Type.VARCHAR,
                "JSON_VALUE($1, '" + path + "')",
                "(CASE (" + found + ")::text WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'"
                        + " ELSE JSON_VALUE(($1)::jsonb, '" + path + "') END)",
                dice.oneIn(2) ? terms.column("jx", "jy") : terms.any(Type.JSON, depth - 1));
    }
}
