package io.millrace.sql.oracle;

import io.millrace.api.Type;

/** Generates JSON and arrays. */
final class Structures {
    private final Terms terms;
    private final Dice dice;

    Structures(Terms terms) {
        this.terms = terms;
        this.dice = terms.dice;
    }

    static String path(Dice dice) {
        return dice.of(
                "$",
                "$.a",
                "$.b",
                "$.c",
                "$.a.b",
                "$.a.b.c",
                "$.list",
                "$.list[0]",
                "$.list[1]",
                "$.list[2].a",
                "$.list.a",
                "$[0]",
                "$[1].b",
                "$.a[0]",
                "$.a[0][1]",
                "$.\"odd key\"",
                "$.\"odd key\".a",
                "$.é",
                "lax $.b.list[0]",
                "$.missing");
    }

    Term json(int depth) {
        if (depth == 0) {
            return terms.column("jx", "jy");
        }
        return switch (dice.below(3)) {
            case 0 -> terms.cast(terms.column("sj"), Type.JSON);
            case 1 -> query(terms.rows.term("jy"));
            default -> terms.any(Type.JSON, 0);
        };
    }

    /**
     * Only from documents in jsonb's own form, of which Millrace gives the bytes as they are. PostgreSQL's JSON_QUERY gives
     * scalars, too.
     */
    private Term query(Term document) {
        String path = path(dice);
        String found = "JSON_QUERY(($1)::jsonb, '" + path + "')";
        return Term.translated(
                Type.JSON,
                "JSON_QUERY($1, '" + path + "')",
                "(CASE WHEN jsonb_typeof(" + found + ") IN ('object', 'array') THEN " + found + "::json END)",
                document);
    }

    Term array(Type.Array type, int depth) {
        return terms.column(type.element().equals(Type.BIGINT) ? "al" : "as_");
    }
}
