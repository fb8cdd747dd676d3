package io.millrace.sql.oracle;

import io.millrace.api.Type;

/** PostgreSQL's names and conversions for Millrace's types. */
final class Dialect {

    private Dialect() {}

    static String name(Type type) {
        return switch (type) {
            case Type.Decimal d -> "numeric(" + d.precision() + "," + d.scale() + ")";
            case Type.Array a -> name(a.element()) + "[]";
            case Type.Simple simple ->
                switch (simple) {
                    case BOOLEAN -> "boolean";
                    case INTEGER -> "integer";
                    case BIGINT -> "bigint";
                    case DOUBLE -> "double precision";
                    case VARCHAR -> "text";
                    case DATE -> "date";
                    case TIMESTAMP -> "timestamp";
                    case TIMESTAMP_TZ -> "timestamptz";
                    case JSON -> "json";
                };
        };
    }

    /** The conversion of an expression. A DECIMAL of Millrace is a number, PostgreSQL's may also be NaN: that is refused. */
    static String cast(String theirs, Type from, Type to) {
        String cast = "CAST(" + theirs + " AS " + name(to) + ")";
        return to instanceof Type.Decimal && (from.equals(Type.DOUBLE) || from.equals(Type.VARCHAR))
                ? "oracle_number(" + cast + ")::" + name(to)
                : cast;
    }

    /** The name of a function that converts and gives null where that fails. */
    static String tryCast(Type from, Type to) {
        return ("try_" + name(from) + "_" + name(to)).replaceAll("[^a-z0-9]+", "_");
    }

    static String createTryCast(Type from, Type to) {
        return "CREATE OR REPLACE FUNCTION " + tryCast(from, to) + "(v " + name(from) + ") RETURNS " + name(to)
                + " LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN " + cast("v", from, to)
                + "; EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$";
    }

    /** A value of the type as text that tells every value from every other; see {@link Answer}. */
    static String shown(Term term) {
        String x = "(" + term.theirs() + ")";
        return switch (term.type()) {
            case Type.Simple s when s == Type.Simple.DATE -> "(" + x + " - DATE '1970-01-01')::text";
            case Type.Simple s
            when s == Type.Simple.TIMESTAMP || s == Type.Simple.TIMESTAMP_TZ ->
                "(extract(epoch from " + x + ") * 1000000)::bigint::text";
            case Type t -> x + "::text";
        };
    }
}
