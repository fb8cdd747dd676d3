package io.millrace.connectors.postgres;

import io.millrace.api.TableShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes down which table a pipeline fills and what the table counted before, in {@code millrace.pipeline}, so that the
 * ledger can be checked against the table.
 *
 * @param pipeline its name
 * @param table what it fills
 * @param counting how the rows tell the number of records; null where they don't
 * @param column the column that does; null where none does
 */
record FilledTable(
        String pipeline,
        TableName table,
        @Nullable String counting,
        @Nullable String column) {

    static final String COLUMN = "column";
    static final String ROWS = "rows";
    static final String ROWS_AT_MOST = "rows_at_most";

    /** The records that a pipeline has loaded; {@code p} is its row. */
    static final String LOADED =
            "(SELECT coalesce(sum(l.loaded), 0)::bigint FROM millrace.ledger l WHERE l.pipeline = p.pipeline)";

    private static final String HERE = " p.table_schema = ? AND p.table_name = ? ";

    static FilledTable of(String pipeline, TableName table, TableShape shape) {
        return switch (shape.counting()) {
            case null -> new FilledTable(pipeline, table, null, null);
            case TableShape.Counting.Column(int index) ->
                new FilledTable(
                        pipeline, table, COLUMN, shape.columns().get(index).name());
            case TableShape.Counting.Rows(boolean atMost) ->
                new FilledTable(pipeline, table, atMost ? ROWS_AT_MOST : ROWS, null);
        };
    }

    /** Whether all this is written down already. */
    boolean known(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT left_at IS NULL, counting,"
                + " counting_column FROM millrace.pipeline p WHERE" + HERE + "AND pipeline = ?")) {
            statement.setString(1, table.schema());
            statement.setString(2, table.table());
            statement.setString(3, pipeline);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        && row.getBoolean(1)
                        && Objects.equals(row.getString(2), counting)
                        && Objects.equals(row.getString(3), column);
            }
        }
    }

    /**
     * Writes it down. The table is there, and the caller makes sure that nobody else does this at the same time.
     *
     * @param connection in a transaction at REPEATABLE READ, so that table and ledger are of one moment
     * @param created whether the table is new: then it has nothing of what was loaded before
     */
    void write(Connection connection, boolean created) throws SQLException {
        update(
                connection,
                "UPDATE millrace.pipeline p SET left_at = " + LOADED
                        + " WHERE p.pipeline = ? AND p.left_at IS NULL AND NOT (" + HERE + ")",
                pipeline,
                here(0),
                here(1));
        if (created) {
            update(
                    connection,
                    "UPDATE millrace.pipeline p SET before = 0, elsewhere = coalesce(p.left_at, " + LOADED + ") WHERE"
                            + HERE,
                    here(0),
                    here(1));
        }
        int back = update(
                connection,
                "UPDATE millrace.pipeline p SET elsewhere = p.elsewhere + " + LOADED + " - coalesce(p.left_at, "
                        + LOADED
                        + "), left_at = NULL WHERE" + HERE + "AND p.pipeline = ? AND p.counting IS NOT DISTINCT FROM ?"
                        + " AND p.counting_column IS NOT DISTINCT FROM ?",
                here(0),
                here(1),
                pipeline,
                counting,
                column);
        if (back == 0) {
            forget(connection);
            insert(connection);
        }
    }

    /** Forgets how this pipeline counted before; what it has loaded stays with the others that count like that. */
    private void forget(Connection connection) throws SQLException {
        update(
                connection,
                "UPDATE millrace.pipeline o SET before = o.before + p.before + coalesce(p.left_at, " + LOADED
                        + ") - p.elsewhere FROM millrace.pipeline p WHERE" + HERE + "AND p.pipeline = ?"
                        + " AND (o.table_schema, o.table_name, o.pipeline) = (p.table_schema, p.table_name,"
                        + " (SELECT min(x.pipeline) FROM millrace.pipeline x WHERE (x.table_schema, x.table_name)"
                        + " = (p.table_schema, p.table_name) AND x.counting = p.counting"
                        + " AND x.counting_column IS NOT DISTINCT FROM p.counting_column"
                        + " AND x.pipeline <> p.pipeline))",
                here(0),
                here(1),
                pipeline);
        update(
                connection,
                "DELETE FROM millrace.pipeline p WHERE" + HERE + "AND p.pipeline = ?",
                here(0),
                here(1),
                pipeline);
    }

    private void insert(Connection connection) throws SQLException {
        // A user who may add rows need not be allowed to read them.
        boolean counted = counting != null && readable(connection, table);
        update(
                connection,
                "INSERT INTO millrace.pipeline (pipeline, table_schema, table_name, counting, counting_column, before,"
                        + " elsewhere) SELECT p.pipeline, p.s, p.t, p.c, p.n, CASE WHEN EXISTS (SELECT 1 FROM"
                        + " millrace.pipeline x WHERE (x.table_schema, x.table_name) = (p.s, p.t) AND x.counting = p.c"
                        + " AND x.counting_column IS NOT DISTINCT FROM p.n) THEN 0 ELSE "
                        + (counted ? count(table, column) : "0") + " END, " + LOADED
                        + " FROM (VALUES (?::text, ?::text, ?::text, ?::text, ?::text)) p(pipeline, s, t, c, n)",
                pipeline,
                here(0),
                here(1),
                counting,
                column);
    }

    /** A subquery that counts. */
    static String count(TableName table, @Nullable String column) {
        return "(SELECT "
                + (column == null ? "count(*)" : "coalesce(sum(" + Identifiers.quote(column) + "), 0)::bigint")
                + " FROM " + table.sql() + ")";
    }

    static boolean readable(Connection connection, TableName table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT has_table_privilege(?::regclass, 'SELECT')")) {
            statement.setString(1, table.sql());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private String here(int part) {
        return part == 0 ? table.schema() : table.table();
    }

    private static int update(Connection connection, String sql, @Nullable String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}
