package io.millrace.sql.oracle;

import io.millrace.api.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Generates expressions of every type, each from a seed. */
final class Terms {
    final Dice dice;
    final Rows rows;

    private final Numbers numbers;
    private final Texts texts;
    private final Times times;
    private final Conditions conditions;
    private final Structures structures;

    /** The types of TRY_CAST, whose functions PostgreSQL needs; see {@link Dialect#createTryCast}. */
    private final Set<String> functions;

    Terms(long seed, Rows rows, Set<String> functions) {
        this.dice = new Dice(seed);
        this.rows = rows;
        this.functions = functions;
        this.numbers = new Numbers(this);
        this.texts = new Texts(this);
        this.times = new Times(this);
        this.conditions = new Conditions(this);
        this.structures = new Structures(this);
    }

    /** An expression of any type. */
    static Term term(long seed, Rows rows, Set<String> functions) {
        Terms terms = new Terms(seed, rows, functions);
        int depth = terms.dice.between(1, 4);
        if (terms.dice.oneIn(30)) {
            return terms.numbers.inexact();
        }
        return terms.any(terms.dice.of(ROOTS), depth);
    }

    static Set<String> noFunctions() {
        return new TreeSet<>();
    }

    private static final List<Type> ROOTS = List.of(
            Type.BOOLEAN,
            Type.BOOLEAN,
            Type.INTEGER,
            Type.BIGINT,
            Type.decimal(9, 2),
            Type.decimal(9, 2),
            Type.DOUBLE,
            Type.VARCHAR,
            Type.VARCHAR,
            Type.DATE,
            Type.TIMESTAMP,
            Type.TIMESTAMP_TZ,
            Type.JSON);

    /** Of a type or, where DECIMAL is asked for, of any DECIMAL. */
    Term any(Type type, int depth) {
        if (depth > 0 && dice.oneIn(6)) {
            return choice(type, depth - 1);
        }
        return switch (type) {
            case Type.Decimal d -> numbers.decimal(depth);
            case Type.Array a -> structures.array(a, depth);
            case Type.Simple simple ->
                switch (simple) {
                    case BOOLEAN -> conditions.condition(depth);
                    case INTEGER -> numbers.integer(depth);
                    case BIGINT -> numbers.bigint(depth);
                    case DOUBLE -> numbers.floating(depth);
                    case VARCHAR -> texts.text(depth);
                    case DATE -> times.date(depth);
                    case TIMESTAMP -> times.timestamp(depth);
                    case TIMESTAMP_TZ -> times.instant(depth);
                    case JSON -> structures.json(depth);
                };
        };
    }

    Term column(String... names) {
        return rows.term(dice.of(names));
    }

    Term text(int depth) {
        return any(Type.VARCHAR, depth);
    }

    Term condition(int depth) {
        return any(Type.BOOLEAN, depth);
    }

    /** A number of any type. */
    Term number(int depth) {
        return any(dice.of(Type.INTEGER, Type.BIGINT, Corpus.MONEY, Type.DOUBLE), depth);
    }

    /** DATE, TIMESTAMP or TIMESTAMP WITH TIME ZONE. */
    Term moment(int depth) {
        return any(dice.of(Type.DATE, Type.TIMESTAMP, Type.TIMESTAMP_TZ), depth);
    }

    /** A small INTEGER: a count, a position. */
    Term small(int depth) {
        return switch (dice.below(depth > 0 ? 4 : 2)) {
            case 0 -> rows.term("iy");
            case 1 -> constant(dice.between(-3, 12));
            case 2 -> Term.same(Type.INTEGER, "CHAR_LENGTH($1)", text(depth - 1));
            default -> Term.same(Type.INTEGER, "MOD($1, 7)", any(Type.INTEGER, depth - 1));
        };
    }

    static Term constant(int value) {
        return Term.constant(Type.INTEGER, value < 0 ? "(" + value + ")" : "" + value, "(" + value + ")");
    }

    static Term constant(String text) {
        String literal = "'" + text.replace("'", "''") + "'";
        return Term.constant(Type.VARCHAR, literal, literal + "::text");
    }

    /** What all types have in common: CASE, COALESCE, NULLIF, GREATEST and LEAST. */
    private Term choice(Type type, int depth) {
        boolean ordered = !type.equals(Type.JSON) && !(type instanceof Type.Array);
        return switch (dice.below(ordered ? 6 : 2)) {
            case 0 -> branches(type, depth);
            case 1 -> together("COALESCE", type, depth);
            case 2 -> simpleCase(type, depth);
            case 3 -> together("GREATEST", type, depth);
            case 4 -> together("LEAST", type, depth);
            default -> nullIf(type, depth);
        };
    }

    private Term branches(Type type, int depth) {
        List<Term> conditions = new ArrayList<>();
        List<Term> results = new ArrayList<>();
        for (int i = dice.between(1, 2); i > 0; i--) {
            conditions.add(condition(depth));
            results.add(any(type, depth));
        }
        boolean otherwise = !dice.oneIn(3);
        if (otherwise) {
            results.add(any(type, depth));
        }
        return caseOf("", conditions, results, otherwise);
    }

    private Term simpleCase(Type type, int depth) {
        Term value = dice.oneIn(2) ? texts.text(0) : rows.term("iy");
        List<Term> conditions = new ArrayList<>();
        List<Term> results = new ArrayList<>();
        for (int i = dice.between(1, 3); i > 0; i--) {
            conditions.add(value.type().equals(Type.VARCHAR) ? constant(dice.of(Corpus.WORDS)) : small(0));
            results.add(any(type, depth));
        }
        results.add(any(type, depth));
        Term whole = caseOf(value.ours(), conditions, results, true);
        String theirs =
                whole.theirs().replaceFirst("CASE", "CASE " + java.util.regex.Matcher.quoteReplacement(value.theirs()));
        return Term.of(whole.type(), whole.ours(), theirs, whole.parts().toArray(Term[]::new));
    }

    private static Term caseOf(String value, List<Term> conditions, List<Term> results, boolean otherwise) {
        Type type = common(results);
        StringBuilder ours = new StringBuilder("CASE " + value);
        StringBuilder theirs = new StringBuilder("CASE");
        for (int i = 0; i < conditions.size(); i++) {
            ours.append(" WHEN ").append(conditions.get(i).ours());
            ours.append(" THEN ").append(results.get(i).ours());
            theirs.append(" WHEN ").append(conditions.get(i).theirs());
            theirs.append(" THEN ").append(results.get(i).as(type).theirs());
        }
        if (otherwise) {
            ours.append(" ELSE ").append(results.getLast().ours());
            theirs.append(" ELSE ").append(results.getLast().as(type).theirs());
        }
        List<Term> parts = new ArrayList<>(conditions);
        parts.addAll(results);
        return Term.of(type, "(" + ours + " END)", "(" + theirs + " END)", parts.toArray(Term[]::new));
    }

    private Term together(String function, Type type, int depth) {
        List<Term> args = new ArrayList<>();
        for (int i = dice.between(1, 3); i > 0; i--) {
            args.add(any(type, depth));
        }
        Type common = common(args);
        String ours = String.join(", ", args.stream().map(Term::ours).toList());
        String theirs =
                String.join(", ", args.stream().map(a -> a.as(common).theirs()).toList());
        String none = dice.oneIn(6) ? "NULL, " : "";
        return Term.of(
                common,
                function + "(" + none + ours + ")",
                function + "(" + none + theirs + ")",
                args.toArray(Term[]::new));
    }

    private Term nullIf(Type type, int depth) {
        Term first = any(type, depth);
        Term other = any(type, depth);
        Type common = Numbers.common(List.of(first, other));
        String equal = Conditions.brought(first, common).theirs() + " = "
                + Conditions.brought(other, common).theirs();
        return Term.of(
                first.type(),
                "NULLIF(" + first.ours() + ", " + other.ours() + ")",
                "(CASE WHEN " + equal + " THEN NULL ELSE " + first.theirs() + " END)",
                first,
                other);
    }

    /** The type to which all are brought. */
    static Type common(List<Term> terms) {
        return Numbers.common(terms);
    }

    Term cast(Term term, Type type) {
        if (term.type().equals(type)) {
            return term;
        }
        boolean orNull = dice.oneIn(3);
        String ours = (orNull ? "TRY_CAST(" : "CAST(") + term.ours() + " AS " + type.sql() + ")";
        if (orNull) {
            functions.add(Dialect.createTryCast(term.type(), type));
        }
        String theirs = orNull
                ? Dialect.tryCast(term.type(), type) + "(" + term.theirs() + ")"
                : Dialect.cast(term.theirs(), term.type(), type);
        return Term.of(type, ours, theirs, term);
    }
}
