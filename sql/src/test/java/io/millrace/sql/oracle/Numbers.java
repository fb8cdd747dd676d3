package io.millrace.sql.oracle;

import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** Generates numbers. */
final class Numbers {
    private final Terms terms;
    private final Dice dice;

    Numbers(Terms terms) {
        this.terms = terms;
        this.dice = terms.dice;
    }

    static Type common(List<Term> terms) {
        Type common = terms.getFirst().type();
        for (Term term : terms) {
            common = common.equals(term.type()) ? common : Numerics.common(common, term.type());
        }
        return common;
    }

    Term integer(int depth) {
        if (depth == 0) {
            return dice.oneIn(4) ? Terms.constant(dice.of(0, 1, -1, 2, 7, 10, 100, 1000000)) : terms.column("ix", "iy");
        }
        return switch (dice.below(10)) {
            case 0, 1 -> arithmetic(terms.any(Type.INTEGER, depth - 1), terms.any(Type.INTEGER, depth - 1));
            case 2 -> unary(terms.any(Type.INTEGER, depth - 1));
            case 3 -> Term.same(Type.INTEGER, dice.of("CHAR_LENGTH($1)", "OCTET_LENGTH($1)"), terms.text(depth - 1));
            case 4 -> position(terms.text(depth - 1), terms.text(depth - 1));
            case 5 -> terms.cast(terms.condition(depth - 1), Type.INTEGER);
            case 6 -> terms.cast(terms.column("sn"), Type.INTEGER);
            case 7 -> Term.same(Type.INTEGER, "CARDINALITY($1)", terms.any(Type.array(Type.BIGINT), depth - 1));
            case 8 -> terms.small(depth);
            default -> terms.cast(terms.number(depth - 1), Type.INTEGER);
        };
    }

    /** Calcite's parser takes columns, constants and calls for the first operand of POSITION, but no operators. */
    private Term position(Term part, Term text) {
        return !part.ours().matches("\\w+|'[^']*'") || dice.oneIn(3)
                ? Term.translated(Type.INTEGER, "STRPOS($2, $1)", "strpos($2, $1)", part, text)
                : Term.same(Type.INTEGER, "POSITION($1 IN $2)", part, text);
    }

    Term bigint(int depth) {
        if (depth == 0) {
            return dice.oneIn(5) ? bigintConstant() : terms.column("lx", "ly");
        }
        return switch (dice.below(9)) {
            case 0, 1 ->
                arithmetic(terms.any(Type.BIGINT, depth - 1), terms.any(dice.of(Type.INTEGER, Type.BIGINT), depth - 1));
            case 2 -> unary(terms.any(Type.BIGINT, depth - 1));
            case 3 -> terms.cast(terms.column("sn"), Type.BIGINT);
            case 4 -> terms.cast(terms.number(depth - 1), Type.BIGINT);
            case 5 ->
                Term.translated(
                        Type.BIGINT,
                        "($1 - $2)",
                        "CAST($1 - $2 AS bigint)",
                        terms.any(Type.DATE, depth - 1),
                        terms.any(Type.DATE, depth - 1));
            case 6 -> wholePart(depth - 1);
            case 7 -> {
                Term array = terms.any(Type.array(Type.BIGINT), depth - 1);
                Term index = terms.small(depth - 1);
                yield Term.translated(
                        Type.BIGINT, dice.of("ELEMENT_AT($1, $2)", "($1)[$2]"), "oracle_element($1, $2)", array, index);
            }
            default -> arithmetic(terms.any(Type.INTEGER, depth - 1), terms.any(Type.BIGINT, depth - 1));
        };
    }

    private Term bigintConstant() {
        long value = dice.of(2147483648L, -4000000000L, Long.MAX_VALUE, 10_000_000_000L);
        return Term.constant(Type.BIGINT, value < 0 ? "(" + value + ")" : "" + value, "(" + value + ")::bigint");
    }

    private Term wholePart(int depth) {
        Term moment = terms.moment(depth);
        boolean date = moment.type().equals(Type.DATE);
        // PostgreSQL gives a date no hour, Millrace says 0.
        String unit = date
                ? dice.of(
                        "YEAR",
                        "QUARTER",
                        "MONTH",
                        "WEEK",
                        "DAY",
                        "DOW",
                        "ISODOW",
                        "DOY",
                        "ISOYEAR",
                        "DECADE",
                        "CENTURY",
                        "MILLENNIUM")
                : dice.of(
                        "YEAR",
                        "QUARTER",
                        "MONTH",
                        "WEEK",
                        "DAY",
                        "HOUR",
                        "MINUTE",
                        "DOW",
                        "ISODOW",
                        "DOY",
                        "ISOYEAR",
                        "MICROSECOND");
        return Term.translated(
                Type.BIGINT,
                dice.of("EXTRACT(" + unit + " FROM $1)", "DATE_PART('" + unit + "', $1)"),
                "CAST(EXTRACT(" + unit + " FROM $1) AS bigint)",
                moment);
    }

    private Term fractionPart(int depth) {
        Term moment = terms.any(dice.of(Type.TIMESTAMP, Type.TIMESTAMP_TZ), depth);
        String unit = dice.of("SECOND", "MILLISECOND", "EPOCH");
        return Term.translated(
                Type.decimal(20, 6),
                "EXTRACT(" + unit + " FROM $1)",
                "CAST(EXTRACT(" + unit + " FROM $1) AS numeric(20,6))",
                moment);
    }

    Term decimal(int depth) {
        if (depth == 0) {
            return dice.oneIn(5) ? decimalConstant() : terms.column("mx", "my", "wx", "wy");
        }
        return switch (dice.below(9)) {
            case 0, 1, 2 ->
                arithmetic(
                        terms.any(Corpus.MONEY, depth - 1),
                        terms.any(dice.of(Type.INTEGER, Type.BIGINT, Corpus.MONEY, Corpus.MONEY), depth - 1));
            case 3 -> unary(terms.any(Corpus.MONEY, depth - 1));
            case 4 -> rounded(terms.any(Corpus.MONEY, depth - 1));
            case 5 -> terms.cast(terms.column("sn"), someDecimal());
            case 6 -> fractionPart(depth - 1);
            default -> terms.cast(terms.number(depth - 1), someDecimal());
        };
    }

    private Type someDecimal() {
        int precision = dice.of(5, 9, 18, 19, 28, 38);
        return Type.decimal(precision, dice.below(Math.min(precision, 12)));
    }

    private Term decimalConstant() {
        BigDecimal value = new BigDecimal(
                BigInteger.valueOf(dice.of(1L, 5L, 10L, 15L, 99L, 12345L, 100000L, 123456789012L)), dice.between(1, 4));
        String text = value.toPlainString();
        Type type = Type.decimal(Math.max(value.precision(), value.scale()), value.scale());
        return Term.constant(type, text, text + "::" + Dialect.name(type));
    }

    Term floating(int depth) {
        if (depth == 0) {
            return dice.oneIn(6) ? floatingConstant() : terms.column("fx", "fy");
        }
        return switch (dice.below(8)) {
            case 0, 1 -> arithmetic(terms.any(Type.DOUBLE, depth - 1), terms.number(depth - 1));
            case 2 -> unary(terms.any(Type.DOUBLE, depth - 1));
            case 3 ->
                Term.same(
                        Type.DOUBLE,
                        dice.of("ROUND($1)", "TRUNC($1)", "FLOOR($1)", "CEIL($1)"),
                        terms.any(Type.DOUBLE, depth - 1));
            case 4 -> Term.same(Type.DOUBLE, "SQRT($1)", terms.any(Type.DOUBLE, depth - 1));
            case 5 -> terms.cast(terms.column("sn"), Type.DOUBLE);
            default -> terms.cast(terms.number(depth - 1), Type.DOUBLE);
        };
    }

    /** No zero: Calcite's parser takes the minus of {@code -0E0} into the number, which it keeps as a decimal. */
    private Term floatingConstant() {
        String text = dice.of("1E0", "2.5E0", "1E300", "1.5E-7", "3E10");
        return Term.constant(Type.DOUBLE, text, text + "::double precision");
    }

    /** C's pow, log and exp and Java's are each right but for the last place, so nothing is made of their results. */
    Term inexact() {
        Term x = terms.any(Type.DOUBLE, 1);
        Term y = dice.oneIn(2) ? terms.column("iy").as(Type.DOUBLE) : terms.any(Type.DOUBLE, 0);
        return switch (dice.below(4)) {
            case 0 -> Term.same(Type.DOUBLE, "LN($1)", x).inexact();
            case 1 -> Term.same(Type.DOUBLE, "EXP($1)", x).inexact();
            default -> Term.same(Type.DOUBLE, "POWER($1, $2)", x, y).inexact();
        };
    }

    private Term arithmetic(Term a, Term b) {
        // PostgreSQL has no remainder of doubles.
        boolean floating = a.type().equals(Type.DOUBLE) || b.type().equals(Type.DOUBLE);
        char operator = dice.of('+', '-', '*', '/', floating ? '*' : '%');
        Type common = Numerics.common(a.type(), b.type());
        Type type = Numerics.result(operator, a.type(), b.type());
        String ours = operator == '%' && dice.oneIn(2) ? "MOD($1, $2)" : "($1 " + operator + " $2)";
        if (!(common instanceof Type.Decimal)) {
            return Term.of(
                    type,
                    ours.replace("$1", a.ours()).replace("$2", b.ours()),
                    "(" + a.as(common).theirs() + " " + operator + " "
                            + b.as(common).theirs() + ")",
                    a,
                    b);
        }
        String x = a.as(Numerics.decimal(a.type())).theirs();
        String y = b.as(Numerics.decimal(b.type())).theirs();
        String exact = operator == '/'
                ? "oracle_quotient(" + x + ", " + y + ", " + ((Type.Decimal) type).scale() + ")"
                : "(" + x + " " + operator + " " + y + ")";
        return Term.of(
                type,
                ours.replace("$1", a.ours()).replace("$2", b.ours()),
                "CAST(" + exact + " AS " + Dialect.name(type) + ")",
                a,
                b);
    }

    private Term unary(Term a) {
        String name = Dialect.name(a.type());
        if (!(a.type() instanceof Type.Decimal) && !a.type().equals(Type.DOUBLE) && dice.oneIn(3)) {
            return roundedWhole(a);
        }
        return switch (dice.below(3)) {
            case 0 -> Term.same(a.type(), "(- $1)", a);
            case 1 -> Term.translated(a.type(), "ABS($1)", "CAST(ABS($1) AS " + name + ")", a);
            default -> Term.translated(a.type(), "SIGN($1)", "CAST(SIGN($1) AS " + name + ")", a);
        };
    }

    /** A whole number keeps its type, in PostgreSQL it becomes a numeric. */
    private Term roundedWhole(Term a) {
        String call = dice.of("ROUND($1, -1)", "TRUNC($1, -2)", "ROUND($1, -9)", "ROUND($1)", "FLOOR($1)", "CEIL($1)");
        String theirs = call.replace("$1", "($1)::numeric");
        return Term.translated(a.type(), call, "CAST(" + theirs + " AS " + Dialect.name(a.type()) + ")", a);
    }

    private Term rounded(Term a) {
        Type.Decimal type = (Type.Decimal) a.type();
        if (dice.oneIn(2)) {
            Type whole = Type.decimal(Math.min(Numerics.whole(type) + 1, 38), 0);
            String function = dice.of("FLOOR", "CEIL");
            return Term.translated(
                    whole, function + "($1)", "CAST(" + function + "($1) AS " + Dialect.name(whole) + ")", a);
        }
        int digits = dice.between(-2, 5);
        int scale = Math.clamp(digits, 0, type.scale());
        String function = dice.of("ROUND", "TRUNC");
        // 9.9 rounds to a number of one more digit.
        int more = function.equals("ROUND") ? 1 : 0;
        Type result = Type.decimal(Math.clamp(Numerics.whole(type) + scale + more, 1, 38), scale);
        String call = function + "($1, " + digits + ")";
        return Term.translated(result, call, "CAST(" + call + " AS " + Dialect.name(result) + ")", a);
    }
}
