package io.millrace.sql.oracle;

import io.millrace.api.Type;

/** Generates dates and times. */
final class Times {
    private static final String[] ZONES = {
        "Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "Australia/Lord_Howe"
    };

    private final Terms terms;
    private final Dice dice;

    Times(Terms terms) {
        this.terms = terms;
        this.dice = terms.dice;
    }

    Term date(int depth) {
        if (depth == 0) {
            return dice.oneIn(5) ? constant(Type.DATE) : terms.column("dx", "dy");
        }
        return switch (dice.below(4)) {
            case 0 -> terms.cast(terms.any(dice.of(Type.TIMESTAMP, Type.TIMESTAMP_TZ), depth - 1), Type.DATE);
            case 1 -> terms.cast(terms.column("sd"), Type.DATE);
            case 2 ->
                // PostgreSQL truncates a date as a timestamp with time zone.
                Term.translated(
                        Type.DATE,
                        "DATE_TRUNC($2, $1)",
                        "CAST(DATE_TRUNC($2, CAST($1 AS timestamp)) AS date)",
                        terms.any(Type.DATE, depth - 1),
                        unit("year", "quarter", "month", "week", "day"));
            default -> {
                String pattern = dice.of("yyyy-MM-dd", "dd.MM.yyyy");
                yield Term.translated(
                        Type.DATE,
                        "PARSE_DATE('" + pattern + "', FORMAT_DATE('" + pattern + "', $1))",
                        "$1",
                        terms.column("dy"));
            }
        };
    }

    Term timestamp(int depth) {
        if (depth == 0) {
            return dice.oneIn(5) ? constant(Type.TIMESTAMP) : terms.column("tx", "ty");
        }
        return switch (dice.below(6)) {
            case 0 -> terms.cast(terms.any(dice.of(Type.DATE, Type.TIMESTAMP_TZ), depth - 1), Type.TIMESTAMP);
            case 1 -> terms.cast(terms.column("sd"), Type.TIMESTAMP);
            case 2 -> truncated(terms.any(Type.TIMESTAMP, depth - 1));
            case 3, 4 -> shifted(Type.TIMESTAMP, terms.any(dice.of(Type.DATE, Type.TIMESTAMP), depth - 1));
            default -> dice.oneIn(2) ? atTimeZone(Type.TIMESTAMP, terms.column("zy")) : parsed();
        };
    }

    /** What a pattern has written it reads; that it has written what PostgreSQL does is seen elsewhere. */
    private Term parsed() {
        String pattern = dice.of("yyyy-MM-dd HH:mm:ss", "dd.MM.yyyy HH:mm:ss");
        return Term.translated(
                Type.TIMESTAMP,
                "PARSE_TIMESTAMP('" + pattern + "', FORMAT_TIMESTAMP('" + pattern + "', $1))",
                "DATE_TRUNC('second', $1)",
                terms.column("ty"));
    }

    Term instant(int depth) {
        if (depth == 0) {
            return dice.oneIn(5) ? constant(Type.TIMESTAMP_TZ) : terms.column("zx", "zy");
        }
        return switch (dice.below(6)) {
            case 0 -> terms.cast(terms.any(dice.of(Type.DATE, Type.TIMESTAMP), depth - 1), Type.TIMESTAMP_TZ);
            case 1 -> terms.cast(terms.column("sd"), Type.TIMESTAMP_TZ);
            case 2 -> truncated(terms.any(Type.TIMESTAMP_TZ, depth - 1));
            case 3 -> shifted(Type.TIMESTAMP_TZ, terms.any(Type.TIMESTAMP_TZ, depth - 1));
            case 4 ->
                dice.oneIn(2)
                        ? Term.same(Type.TIMESTAMP_TZ, "TO_TIMESTAMP($1)", terms.any(Type.INTEGER, depth - 1))
                        : Term.translated(
                                Type.TIMESTAMP_TZ,
                                "TO_TIMESTAMP($1)",
                                "oracle_timestamp($1)",
                                terms.any(Type.DOUBLE, depth - 1));
            default -> atTimeZone(Type.TIMESTAMP_TZ, terms.column("ty"));
        };
    }

    private Term constant(Type type) {
        String text = switch (dice.below(3)) {
            case 0 -> "2026-01-31";
            case 1 -> "2024-02-29 12:34:56.789";
            default -> "1969-12-31 23:59:59.999999";
        };
        if (type.equals(Type.DATE)) {
            text = text.substring(0, 10);
        }
        String ours = type.equals(Type.TIMESTAMP_TZ)
                ? "CAST('" + text + "+01' AS TIMESTAMP WITH TIME ZONE)"
                : type.sql() + " '" + text + "'";
        String theirs = type.equals(Type.TIMESTAMP_TZ) ? text + "+01" : text;
        return Term.constant(type, ours, Dialect.name(type) + " '" + theirs + "'");
    }

    private Term unit(String... units) {
        String unit = "'" + dice.of(units) + "'";
        return Term.of(Type.VARCHAR, unit, unit);
    }

    private Term truncated(Term moment) {
        String unit = dice.of("year", "quarter", "month", "week", "day", "hour", "minute", "second");
        return Term.translated(
                moment.type(),
                dice.oneIn(2)
                        ? "DATE_TRUNC('" + unit + "', $1)"
                        : "FLOOR($1 TO " + unit.toUpperCase(java.util.Locale.ROOT) + ")",
                "DATE_TRUNC('" + unit + "', $1)",
                moment);
    }

    private Term shifted(Type type, Term moment) {
        String interval = dice.of(
                "'1' DAY",
                "'40' DAY",
                "'-1' DAY",
                "'1' MONTH",
                "'13' MONTH",
                "'-1' MONTH",
                "'100' YEAR",
                "'1-2' YEAR TO MONTH",
                "'90' MINUTE",
                "'36' HOUR",
                "'1.5' SECOND",
                "'1 02:03:04' DAY TO SECOND",
                "'10:30' HOUR TO MINUTE",
                "'0.001' SECOND",
                "'200000' YEAR",
                "'100000000' DAY");
        return Term.same(type, "($1 " + dice.of("+", "-") + " INTERVAL " + interval + ")", moment);
    }

    private Term atTimeZone(Type type, Term moment) {
        String zone = dice.of(ZONES);
        return Term.translated(type, "AT_TIME_ZONE($1, '" + zone + "')", "timezone('" + zone + "', $1)", moment);
    }
}
