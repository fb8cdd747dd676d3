package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import io.millrace.api.SourceConnector.Problem;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Mode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks for everything that stands in the way of loading: the server, the rights of the user, and the table that is
 * there. It asks the catalog only, in a session that can't write.
 */
final class DestinationCheck {

    private static final String URL = "url";
    private static final String TABLE = "table";

    private final PostgresDestination destination;
    private final TargetTable target;
    private final TableName table;
    private final TableShape shape;
    private final boolean evolving;
    private final Consumer<String> foreseen;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param evolving whether columns are to be added for fields that the contract does not name
     * @param foreseen takes what a run would alter of the table
     */
    DestinationCheck(PostgresDestination destination, TargetTable target, boolean evolving, Consumer<String> foreseen) {
        this.destination = destination;
        this.target = target;
        this.table = target.name();
        this.shape = target.shape();
        this.evolving = evolving;
        this.foreseen = foreseen;
    }

    List<Problem> problems() throws InterruptedException {
        try {
            target.requirePossible();
        } catch (SinkException e) {
            add(TABLE, String.valueOf(e.getMessage()));
        }
        try (Connection connection = destination.connect()) {
            ServerFit.problems(connection, destination.url()).forEach(problem -> add(URL, problem));
            boolean readOnly = is(connection, "pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'");
            if (readOnly) {
                add(
                        URL,
                        "The PostgreSQL at " + destination.url().place()
                                + " is read-only, a standby perhaps. Give the URL of the primary.");
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET default_transaction_read_only = on");
            }
            checkBooks(connection);
            checkTable(connection);
        } catch (SQLException e) {
            SinkException explained = PostgresErrors.explain(e, "checking table " + table, destination.url());
            add(URL, String.valueOf(explained.getMessage()));
        } catch (SinkException e) {
            add(URL, String.valueOf(e.getMessage()));
        }
        return problems;
    }

    /** The schema with progress, ledger and quarantine. */
    private void checkBooks(Connection connection) throws SQLException {
        String schema = Migrations.SCHEMA;
        String quoted = Identifiers.quote(user());
        if (!schemaExists(connection, schema)) {
            if (!mayCreateSchemas(connection)) {
                add(
                        "",
                        user("may not create the schema " + schema
                                + ", where progress, ledger and quarantine are kept. Have somebody who may do one of"
                                + "\n  GRANT CREATE ON DATABASE " + Identifiers.quote(database()) + " TO " + quoted
                                + ";\n  CREATE SCHEMA " + schema + " AUTHORIZATION " + quoted + ";"));
            }
            return;
        }
        if (!is(connection, "has_schema_privilege('" + schema + "', 'USAGE')")) {
            add("", lacksBooks("the schema " + schema));
            return;
        }
        try {
            if (!Migrations.current(connection, destination)) {
                if (!is(connection, "has_schema_privilege('" + schema + "', 'CREATE')")
                        || !is(
                                connection,
                                "NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = '" + schema
                                        + "'::regnamespace AND NOT pg_has_role(relowner, 'USAGE'))")) {
                    add(
                            "",
                            user("may not bring the schema " + schema
                                    + " to the version that this Millrace needs. Run it once as the owner of the schema,"
                                    + " or have its owner do\n  GRANT CREATE ON SCHEMA " + schema + " TO " + quoted
                                    + ";"));
                }
                return;
            }
        } catch (SinkException e) {
            add("", String.valueOf(e.getMessage()));
            return;
        } catch (SQLException e) {
            if (!PostgresErrors.state(e).equals("42501")) {
                throw e;
            }
            add("", lacksBooks("the tables of the schema " + schema));
            return;
        }
        List<String> lacking = texts(connection, """
                SELECT c.relname FROM pg_class c
                WHERE c.relnamespace = 'millrace'::regnamespace AND c.relkind IN ('r', 'p', 'S') AND NOT c.relispartition
                  AND c.relname <> 'flyway_schema_history'
                  AND NOT CASE c.relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'USAGE')
                          ELSE has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                           AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE') END
                ORDER BY c.relname
                """);
        if (!lacking.isEmpty()) {
            add("", lacksBooks(String.join(", ", lacking) + " in the schema " + schema));
        }
    }

    private String lacksBooks(String what) {
        String to = " TO " + Identifiers.quote(user());
        String schema = Migrations.SCHEMA;
        return user("may not use " + what + ". Have their owner do"
                + "\n  GRANT USAGE ON SCHEMA " + schema + to + ";"
                + "\n  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + to + ";"
                + "\n  GRANT USAGE ON ALL SEQUENCES IN SCHEMA " + schema + to + ";");
    }

    private void checkTable(Connection connection) throws SQLException {
        String to = " TO " + Identifiers.quote(user()) + ";";
        String schema = Identifiers.quote(table.schema());
        if (shape.mode() != Mode.APPEND && !is(connection, "has_database_privilege(current_database(), 'TEMPORARY')")) {
            add(
                    "",
                    user("may not make temporary tables, in which rows are put together before they are merged. Have"
                            + " somebody who may do\n  GRANT TEMPORARY ON DATABASE "
                            + Identifiers.quote(database()) + to));
        }
        if (!schemaExists(connection, table.schema())) {
            if (!mayCreateSchemas(connection)) {
                add(
                        TABLE,
                        "There is no schema " + table.schema() + ", and "
                                + user("may not create it. Have somebody who may do\n  CREATE SCHEMA " + schema
                                        + " AUTHORIZATION " + Identifiers.quote(user()) + ";"));
            }
            return;
        }
        boolean usable = is(connection, "has_schema_privilege(?, 'USAGE')", table.schema());
        if (!usable) {
            add(
                    TABLE,
                    user("may not use the schema " + table.schema() + ". Have its owner do\n  GRANT USAGE ON SCHEMA "
                            + schema + to));
        }
        boolean there;
        try {
            Optional<TargetTable.Fit> fit = target.check(connection);
            there = fit.isPresent();
            fit.stream()
                    .flatMap(found -> found.alterations().stream())
                    .forEach(alteration -> foreseen.accept("a run would alter the table " + table + ": "
                            + alteration.done() + "\n  " + alteration.sql()));
        } catch (SinkException e) {
            add(TABLE, String.valueOf(e.getMessage()));
            there = true;
        }
        if (!there) {
            if (!is(connection, "has_schema_privilege(?, 'CREATE')", table.schema())) {
                add(
                        TABLE,
                        user("may not create the table " + table + ". Have the owner of its schema do\n  GRANT CREATE"
                                + " ON SCHEMA " + schema + to));
            }
            return;
        }
        List<String> needed = shape.mode() == Mode.APPEND ? List.of("INSERT") : List.of("SELECT", "INSERT", "UPDATE");
        List<String> lacking = new ArrayList<>();
        for (String privilege : needed) {
            if (!is(connection, """
                    coalesce((SELECT has_table_privilege(c.oid, '%s') FROM pg_class c
                              JOIN pg_namespace n ON n.oid = c.relnamespace
                              WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')), true)
                    """.formatted(privilege), table.schema(), table.table())) {
                lacking.add(privilege);
            }
        }
        if (!lacking.isEmpty()) {
            add(
                    TABLE,
                    user("lacks rights on the table " + table + ". Have its owner do\n  GRANT "
                            + String.join(", ", lacking) + " ON " + table.sql() + to));
        }
        if (evolving) {
            checkOwner(ExistingTable.find(connection, table), to);
        }
    }

    private void checkOwner(ExistingTable existing, String to) {
        if (existing.table() && !existing.ours()) {
            add(
                    TABLE,
                    user("does not own the table " + table
                            + ", and can't add columns to it for fields that the contract"
                            + " does not name. Have its owner do\n  ALTER TABLE " + table.sql() + " OWNER"
                            + to));
        }
    }

    private static boolean schemaExists(Connection connection, String schema) throws SQLException {
        return is(connection, "EXISTS (SELECT FROM pg_namespace WHERE nspname = ?)", schema);
    }

    private static boolean mayCreateSchemas(Connection connection) throws SQLException {
        return is(connection, "has_database_privilege(current_database(), 'CREATE')");
    }

    private static boolean is(Connection connection, String condition, String... parameters) throws SQLException {
        return texts(connection, "SELECT (" + condition + ")::text", parameters).equals(List.of("true"));
    }

    private static List<String> texts(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            List<String> texts = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
            return texts;
        }
    }

    private String user() {
        return destination.url().user();
    }

    private String user(String may) {
        return "User \"" + user() + "\" " + may;
    }

    private String database() {
        return destination.url().database();
    }

    private void add(String key, String message) {
        problems.add(new Problem(key, message));
    }
}
