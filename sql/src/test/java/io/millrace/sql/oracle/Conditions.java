package io.millrace.sql.oracle;

import io.millrace.api.Type;
import java.util.ArrayList;
import java.util.List;

/** Generates conditions. */
final class Conditions {
    private final Terms terms;
    private final Dice dice;

    Conditions(Terms terms) {
        this.terms = terms;
        this.dice = terms.dice;
    }

    Term condition(int depth) {
        if (depth == 0) {
            return dice.oneIn(6) ? truth() : terms.column("cx", "cy");
        }
        return switch (dice.below(14)) {
            case 0, 1, 2 -> compared(dice.of("=", "<>", "<", "<=", ">", ">="), depth - 1);
            case 3 -> compared(dice.of("IS DISTINCT FROM", "IS NOT DISTINCT FROM"), depth - 1);
            case 4, 5 -> junction(depth - 1);
            case 6 -> Term.same(Type.BOOLEAN, "(NOT $1)", terms.condition(depth - 1));
            case 7 ->
                Term.same(
                        Type.BOOLEAN,
                        "($1 IS " + dice.of("", "NOT ") + dice.of("TRUE", "FALSE", "NULL") + ")",
                        terms.condition(depth - 1));
            case 8 -> Term.same(Type.BOOLEAN, "($1 IS " + dice.of("", "NOT ") + "NULL)", operand(depth - 1));
            case 9 -> between(depth - 1);
            case 10 -> in(depth - 1);
            case 11 -> like(depth - 1);
            case 12 ->
                Term.translated(
                        Type.BOOLEAN,
                        "STARTS_WITH($1, $2)",
                        "starts_with($1, $2)",
                        terms.text(depth - 1),
                        terms.text(0));
            default ->
                dice.oneIn(2)
                        ? terms.cast(terms.any(dice.of(Type.INTEGER, Type.INTEGER), depth - 1), Type.BOOLEAN)
                        : terms.cast(terms.column("sb"), Type.BOOLEAN);
        };
    }

    private Term truth() {
        String truth = dice.of("TRUE", "FALSE");
        return Term.constant(Type.BOOLEAN, truth, truth);
    }

    private Term operand(int depth) {
        return switch (dice.below(4)) {
            case 0 -> terms.text(depth);
            case 1 -> terms.number(depth);
            case 2 -> terms.moment(depth);
            default -> terms.any(dice.of(Type.JSON, Type.BOOLEAN), depth);
        };
    }

    private List<Term> comparable(int count, int depth) {
        int kind = dice.below(6);
        List<Term> operands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            operands.add(
                    switch (kind) {
                        case 0, 1 -> terms.number(depth);
                        case 2, 3 -> terms.text(depth);
                        case 4 -> terms.moment(depth);
                        default -> terms.condition(depth);
                    });
        }
        return operands;
    }

    /** The type in which values are compared; decimals are compared exactly, whatever their scales. */
    static Term brought(Term term, Type common) {
        return common instanceof Type.Decimal ? term.as(Numerics.decimal(term.type())) : term.as(common);
    }

    private static Type common(List<Term> terms) {
        List<Type> moments = List.of(Type.DATE, Type.TIMESTAMP, Type.TIMESTAMP_TZ);
        int latest =
                terms.stream().mapToInt(t -> moments.indexOf(t.type())).max().orElse(-1);
        return latest >= 0 ? moments.get(latest) : Numbers.common(terms);
    }

    private Term compared(String operator, int depth) {
        return written("($1 " + operator + " $2)", comparable(2, depth));
    }

    private static Term written(String pattern, List<Term> operands) {
        Type common = common(operands);
        String ours = pattern;
        String theirs = pattern;
        for (int i = 0; i < operands.size(); i++) {
            ours = ours.replace("$" + (i + 1), operands.get(i).ours());
            theirs = theirs.replace(
                    "$" + (i + 1), brought(operands.get(i), common).theirs());
        }
        return Term.of(Type.BOOLEAN, ours, theirs, operands.toArray(Term[]::new));
    }

    private Term junction(int depth) {
        String operator = dice.of(" AND ", " OR ");
        return dice.oneIn(3)
                ? Term.same(
                        Type.BOOLEAN,
                        "($1" + operator + "$2" + operator + "$3)",
                        terms.condition(depth),
                        terms.condition(depth),
                        terms.condition(depth))
                : Term.same(Type.BOOLEAN, "($1" + operator + "$2)", terms.condition(depth), terms.condition(depth));
    }

    private Term between(int depth) {
        // Each bound is compared by itself, so every two have to be brought together in the same way: one kind each.
        Type type = dice.of(Type.INTEGER, Type.BIGINT, Type.VARCHAR, Type.DATE, Type.TIMESTAMP, Type.DOUBLE);
        String words = dice.of(" BETWEEN ", " NOT BETWEEN ", " BETWEEN SYMMETRIC ", " NOT BETWEEN SYMMETRIC ");
        return Term.same(
                Type.BOOLEAN,
                "($1" + words + "$2 AND $3)",
                terms.any(type, depth),
                terms.any(type, depth),
                terms.any(type, depth));
    }

    /** The elements can't fail: PostgreSQL evaluates constants before columns, and stops at the first that is equal. */
    private Term in(int depth) {
        List<Term> operands = new ArrayList<>();
        if (dice.oneIn(2)) {
            operands.add(terms.text(depth));
            for (int i = dice.between(1, 4); i > 0; i--) {
                operands.add(terms.text(0));
            }
        } else {
            operands.add(terms.any(dice.of(Type.INTEGER, Type.BIGINT), depth));
            for (int i = dice.between(1, 4); i > 0; i--) {
                operands.add(terms.any(dice.of(Type.INTEGER, Type.BIGINT), 0));
            }
        }
        StringBuilder list = new StringBuilder();
        for (int i = 1; i < operands.size(); i++) {
            list.append(i == 1 ? "$" : ", $").append(i + 1);
        }
        if (dice.oneIn(5)) {
            list.append(", NULL");
        }
        return written("($1 " + dice.of("IN", "NOT IN") + " (" + list + "))", operands);
    }

    private Term like(int depth) {
        Term text = terms.text(depth);
        if (dice.oneIn(4)) {
            return Term.translated(
                    Type.BOOLEAN, "REGEXP_LIKE($1, $2)", "regexp_like($1, $2)", text, quoted(Texts.pattern(dice)));
        }
        Term pattern = dice.oneIn(3)
                ? terms.text(0)
                : Terms.constant(dice.of(
                        "%",
                        "", "a%", "%a", "%b%", "_", "__%", "abc", "%\\%%", "%a%b%c%", "a_c", "\\", "%\\", "a\\bc", "É%",
                        "%日%", "_x_", "%x_%", "%%", "%_"));
        String operator = dice.of("LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE");
        String escape = dice.of("", "", "", " ESCAPE '!'", " ESCAPE 'a'", " ESCAPE '\\'");
        return Term.same(Type.BOOLEAN, "($1 " + operator + " $2" + escape + ")", text, pattern);
    }

    private static Term quoted(String text) {
        String literal = "'" + text + "'";
        return Term.of(Type.VARCHAR, literal, literal);
    }
}
