package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The rows of a query as text, read a few at a time. It can only read: the server refuses anything else.
 *
 * <p>Not thread-safe. Close it when done.
 */
public final class Query implements AutoCloseable {

    private static final int ROWS_AT_A_TIME = 1_000;

    private final Connection connection;
    private final Statement statement;
    private final @Nullable ResultSet rows;
    private final List<Column> columns;
    private final String sql;

    private Query(
            Connection connection, Statement statement, @Nullable ResultSet rows, List<Column> columns, String sql) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
        this.columns = columns;
        this.sql = sql;
    }

    /** How the text of a column is to be taken. */
    public enum Kind {
        TEXT,
        /** A number, exact as text; {@code NaN} and {@code Infinity} occur. */
        NUMBER,
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** JSON of any kind. */
        JSON
    }

    /**
     * A column of the result.
     *
     * @param name its name
     * @param type its type as PostgreSQL calls it
     * @param kind how to take its text
     */
    public record Column(String name, String type, Kind kind) {}

    /**
     * Runs a statement.
     *
     * @param sql one statement
     * @throws SinkException where the server refuses it, with the place in it
     */
    public static Query run(PostgresDestination destination, String sql) throws SinkException, InterruptedException {
        Connection connection = destination.connect();
        boolean open = false;
        try {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            Statement statement = connection.createStatement();
            statement.setFetchSize(ROWS_AT_A_TIME);
            ResultSet rows = statement.execute(sql) ? statement.getResultSet() : null;
            Query query = new Query(connection, statement, rows, columns(rows), sql);
            open = true;
            return query;
        } catch (SQLException e) {
            throw explain(e, sql);
        } finally {
            if (!open) {
                close(connection);
            }
        }
    }

    /**
     * The first rows of a table.
     *
     * @param table as in a pipeline file
     * @param order the columns to order by, those of a key; empty for no order
     */
    public static Query table(PostgresDestination destination, String table, List<String> order, int limit)
            throws SinkException, InterruptedException {
        return run(
                destination,
                "SELECT * FROM " + TableName.parse(table).sql()
                        + (order.isEmpty() ? "" : " ORDER BY " + Identifiers.quoteAll(order)) + " LIMIT " + limit);
    }

    /** Empty for a statement without a result. */
    public List<Column> columns() {
        return columns;
    }

    /** The next row, a text or null for each column; null after the last. */
    public @Nullable List<@Nullable String> next() throws SinkException {
        try {
            if (rows == null || !rows.next()) {
                return null;
            }
            List<@Nullable String> row = new ArrayList<>(columns.size());
            for (int i = 0; i < columns.size(); i++) {
                String text = rows.getString(i + 1);
                boolean spell = text != null && columns.get(i).kind() == Kind.BOOLEAN;
                row.add(spell ? Boolean.toString(text.equals("t")) : text);
            }
            return row;
        } catch (SQLException e) {
            throw explain(e, sql);
        }
    }

    private static List<Column> columns(@Nullable ResultSet rows) throws SQLException {
        List<Column> columns = new ArrayList<>();
        if (rows != null) {
            ResultSetMetaData metaData = rows.getMetaData();
            for (int i = 1; i <= metaData.getColumnCount(); i++) {
                String type = metaData.getColumnTypeName(i);
                columns.add(new Column(metaData.getColumnLabel(i), type, kind(metaData.getColumnType(i), type)));
            }
        }
        return List.copyOf(columns);
    }

    private static Kind kind(int type, String name) {
        return switch (type) {
            case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.REAL, Types.DOUBLE ->
                name.equals("money") ? Kind.TEXT : Kind.NUMBER;
            case Types.BIT, Types.BOOLEAN -> name.equals("bool") ? Kind.BOOLEAN : Kind.TEXT;
            default -> name.startsWith("json") ? Kind.JSON : Kind.TEXT;
        };
    }

    /** The words of the server, who speaks to the author of the statement, and the place in it. */
    private static SinkException explain(SQLException e, String sql) {
        if (PostgresErrors.state(e).equals(PostgresErrors.READ_ONLY)) {
            return new SinkException("A query only reads. Use psql to change something.", e);
        }
        ServerErrorMessage server = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        if (server == null) {
            return new SinkException("The query failed: " + e.getMessage(), e);
        }
        String place = "";
        int position = server.getPosition();
        if (position > 0 && position <= sql.length() + 1) {
            String before = sql.substring(0, position - 1);
            int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
            place = " at line " + line + ", column " + (position - before.lastIndexOf('\n') - 1);
        }
        String hint = server.getHint();
        return new SinkException(
                "The query failed" + place + ": " + server.getMessage() + (hint == null ? "" : ". " + hint), e);
    }

    @Override
    public void close() throws SinkException {
        try (connection;
                statement) {
            connection.rollback();
        } catch (SQLException e) {
            throw explain(e, sql);
        }
    }

    private static void close(Connection connection) throws SinkException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new SinkException("A connection could not be closed: " + e.getMessage(), e);
        }
    }
}
