package io.millrace.connectors.postgres;

/**
 * A table with its schema.
 *
 * @param schema the schema, unquoted
 * @param table the table, unquoted
 */
public record TableName(String schema, String table) {

    /** Where a table without a schema lives. */
    static final String DEFAULT_SCHEMA = "public";

    /** @param text {@code table} or {@code schema.table}; names keep their case */
    public static TableName parse(String text) {
        int dot = text.indexOf('.');
        return dot < 0
                ? new TableName(DEFAULT_SCHEMA, text)
                : new TableName(text.substring(0, dot), text.substring(dot + 1));
    }

    /** As it is written in SQL. */
    public String sql() {
        return Identifiers.quote(schema) + "." + Identifiers.quote(table);
    }

    /** As a person writes it. */
    @Override
    public String toString() {
        return schema + "." + table;
    }
}
