package io.millrace.connectors.postgres;

import io.millrace.api.EvolvedColumns;
import io.millrace.api.FencedException;
import io.millrace.api.Schema;
import io.millrace.api.SinkException;
import io.millrace.api.SinkUnavailableException;
import io.millrace.api.TableShape;
import io.millrace.api.Type;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@link EvolvedColumns} asks of a database, for one pipeline and one table. The columns of a pipeline change only
 * under the lock that its commits share, so that within a commit they are what they are.
 */
record GrownColumns(String pipeline, TableName table) {

    /** No table can have columns of these names (the system columns of PostgreSQL). */
    private static final Set<String> SYSTEM = Set.of("tableoid", "ctid", "xmin", "xmax", "cmin", "cmax");

    /** Who waits for a lock on a table keeps all others off it, so that this is not for long. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(3);

    static boolean possible(String name) {
        return Identifiers.fits(name) && !SYSTEM.contains(name);
    }

    /**
     * All of the pipeline.
     *
     * @return none where the database has no table of them yet
     */
    List<Schema.Field> all(Connection connection) throws SQLException {
        List<Schema.Field> columns = new ArrayList<>();
        known(connection).forEach((name, type) -> columns.add(new Schema.Field(name, type, true)));
        return columns;
    }

    private Map<String, Type> known(Connection connection) throws SQLException {
        Map<String, Type> known = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT name, type FROM millrace.evolved_column WHERE pipeline = ? ORDER BY number")) {
            statement.setString(1, pipeline);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    known.put(rows.getString(1), Type.Simple.valueOf(rows.getString(2)));
                }
            }
        }
        return known;
    }

    /**
     * Refuses a commit of a process that does not know all columns.
     *
     * @param connection in a transaction that holds the lock of the pipeline
     * @param told how many it knows
     */
    void requireNoOthers(Connection connection, int told) throws SQLException, FencedException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT count(*) FROM millrace.evolved_column WHERE pipeline = ?")) {
            statement.setString(1, pipeline);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getInt(1) != told) {
                    throw new FencedException("Another instance of pipeline " + pipeline
                            + " has added columns to table " + table + ". Nothing was changed by this one.");
                }
            }
        }
    }

    /** @param connection in auto-commit mode; of no more use after a failure */
    EvolvedColumns.Added add(Connection connection, List<Schema.Field> wanted) throws SQLException, SinkException {
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(Session.LONG_SILENCE.toMillis()));
        connection.setAutoCommit(false);
        Books.lockPipeline(connection, pipeline);
        Map<String, Type> known = known(connection);
        ExistingTable existing = ExistingTable.find(connection, table);
        Map<String, String> refused = new LinkedHashMap<>();
        List<Schema.Field> taken = new ArrayList<>();
        List<String> clauses = new ArrayList<>();
        List<String> done = new ArrayList<>();
        for (Schema.Field field : wanted) {
            if (known.containsKey(field.name())) {
                continue;
            }
            TableShape.Col column = new TableShape.Col(field.name(), field.type(), true, TableShape.Merge.VALUE);
            String clause = "ADD COLUMN " + Identifiers.quote(field.name()) + " " + ColumnTypes.of(column);
            ExistingTable.Found found = existing.columns().get(field.name());
            if (known.size() + taken.size() >= EvolvedColumns.MOST) {
                refused.put(field.name(), EvolvedColumns.TOO_MANY);
            } else if (found != null) {
                if (found.generated() || found.notNull() || !ColumnTypes.holds(found.type(), column)) {
                    refused.put(
                            field.name(),
                            "the table has one of this name, "
                                    + (found.generated() ? "generated " : "") + found.type()
                                    + (found.notNull() ? " not null" : "") + ", and it would be "
                                    + ColumnTypes.of(column));
                } else {
                    taken.add(field);
                }
            } else if (!existing.ours()) {
                refused.put(
                        field.name(),
                        "the table belongs to another user of the database; have its owner do ALTER TABLE "
                                + table.sql() + " " + clause);
            } else {
                clauses.add(clause);
                done.add("column " + field.name() + " (" + ColumnTypes.of(column) + ") added");
                taken.add(field);
            }
        }
        String sql = "ALTER TABLE " + table.sql() + " " + String.join(", ", clauses);
        try (Statement statement = connection.createStatement()) {
            if (!clauses.isEmpty()) {
                statement.execute("SET LOCAL lock_timeout = '" + LOCK_WAIT.toSeconds() + "s'");
                statement.execute(sql);
            }
            remember(connection, taken);
            connection.commit();
        } catch (SQLException e) {
            throw explained(e, sql);
        }
        return new EvolvedColumns.Added(done.isEmpty() ? List.of() : List.of(String.join(", ", done)), refused);
    }

    private SinkException explained(SQLException e, String sql) throws SQLException {
        String state = PostgresErrors.state(e);
        if (state.equals(PostgresErrors.LOCK_NOT_AVAILABLE)) {
            return new SinkUnavailableException(
                    "The table " + table + " is to get columns and others have been at it for " + LOCK_WAIT.toSeconds()
                            + " seconds, a long query perhaps.",
                    e);
        }
        if (PostgresErrors.passes(state)) {
            throw e;
        }
        return new SinkException(
                "The table " + table + " could not be given columns for fields that the contract does not name: "
                        + PostgresErrors.words(e)
                        + ". Once what stands in the way is gone the next run does it, or do it"
                        + " by hand:\n  " + sql + ";",
                e);
    }

    private void remember(Connection connection, List<Schema.Field> taken) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO millrace.evolved_column (pipeline, name, type) VALUES (?, ?, ?)")) {
            for (Schema.Field field : taken) {
                if (!(field.type() instanceof Type.Simple simple)) {
                    throw new IllegalArgumentException(field.type().sql() + " is no type of an evolved column");
                }
                statement.setString(1, pipeline);
                statement.setString(2, field.name());
                statement.setString(3, simple.name());
                statement.executeUpdate();
            }
        }
    }
}
