package io.millrace.connectors.postgres;

import io.millrace.api.TableShape;
import io.millrace.api.Type;

/** What our types are called in PostgreSQL. */
final class ColumnTypes {

    private ColumnTypes() {}

    /**
     * The type of a table's column. Totals get a {@code numeric} without a limit: a sum of DECIMAL(38, s) may outgrow
     * its type, and a table must not fail because it has been fed for long.
     */
    static String of(TableShape.Col column) {
        return column.merge() == TableShape.Merge.ADD && column.type() instanceof Type.Decimal
                ? "numeric"
                : of(column.type());
    }

    /** As {@code format_type} in PostgreSQL writes it, so that the two can be compared. */
    static String of(Type type) {
        return switch (type) {
            case Type.Simple simple ->
                switch (simple) {
                    case BOOLEAN -> "boolean";
                    case INTEGER -> "integer";
                    case BIGINT -> "bigint";
                    case DOUBLE -> "double precision";
                    case VARCHAR -> "text";
                    case DATE -> "date";
                    case TIMESTAMP -> "timestamp without time zone";
                    case TIMESTAMP_TZ -> "timestamp with time zone";
                    case JSON -> "jsonb";
                };
            case Type.Decimal(int precision, int scale) -> "numeric(" + precision + "," + scale + ")";
            case Type.Array(Type element) -> of(element) + "[]";
        };
    }

    /** The object ids of the types that {@link #arrayOf} names, for the driver to send them in their binary form. */
    static final String ARRAY_OIDS = "1000,1007,1016,1022,1009,1182,1115,1185,3807,1231";

    /** What PostgreSQL calls an array of a type that is none itself. */
    static String arrayOf(Type type) {
        return switch (type) {
            case Type.Simple simple ->
                switch (simple) {
                    case BOOLEAN -> "_bool";
                    case INTEGER -> "_int4";
                    case BIGINT -> "_int8";
                    case DOUBLE -> "_float8";
                    case VARCHAR -> "_text";
                    case DATE -> "_date";
                    case TIMESTAMP -> "_timestamp";
                    case TIMESTAMP_TZ -> "_timestamptz";
                    case JSON -> "_jsonb";
                };
            case Type.Decimal decimal -> "_numeric";
            case Type.Array array ->
                throw new IllegalArgumentException("PostgreSQL has no arrays of arrays of different lengths");
        };
    }

    /** The object id of a type that can be an element of an array; they are fixed (pg_type.dat). */
    static int oid(Type type) {
        return switch (type) {
            case Type.Simple simple ->
                switch (simple) {
                    case BOOLEAN -> 16;
                    case INTEGER -> 23;
                    case BIGINT -> 20;
                    case DOUBLE -> 701;
                    case VARCHAR -> 25;
                    case DATE -> 1082;
                    case TIMESTAMP -> 1114;
                    case TIMESTAMP_TZ -> 1184;
                    case JSON -> 3802;
                };
            case Type.Decimal decimal -> 1700;
            case Type.Array array ->
                throw new IllegalArgumentException("PostgreSQL has no arrays of arrays of different lengths");
        };
    }

    /**
     * Whether a column that is there holds every value that we may write, without a change.
     *
     * @param found as {@code format_type} writes it
     */
    static boolean holds(String found, TableShape.Col column) {
        return holds(found, column.type());
    }

    private static boolean holds(String found, Type type) {
        if (found.equals(of(type))) {
            return true;
        }
        return switch (type) {
            case Type.Decimal(int precision, int scale) -> holdsDecimal(found, precision, scale);
            case Type.Array(Type element) ->
                found.endsWith("[]") && holds(found.substring(0, found.length() - 2), element);
            case Type.Simple simple -> simple == Type.Simple.VARCHAR && found.equals("character varying");
        };
    }

    private static boolean holdsDecimal(String found, int precision, int scale) {
        if (found.equals("numeric")) {
            return true;
        }
        if (!found.matches("numeric\\([0-9]+,[0-9]+\\)")) {
            return false;
        }
        int comma = found.indexOf(',');
        int foundPrecision = Integer.parseInt(found.substring("numeric(".length(), comma));
        int foundScale = Integer.parseInt(found.substring(comma + 1, found.length() - 1));
        return foundScale >= scale && foundPrecision - foundScale >= precision - scale;
    }
}
