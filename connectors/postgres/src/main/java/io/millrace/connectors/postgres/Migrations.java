package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Brings the schema {@code millrace} to its newest version with Flyway. Flyway takes most of a second to load, so a
 * look at its history comes first and is nearly always all.
 */
final class Migrations {

    static final String SCHEMA = "millrace";

    /** The highest number of a file in the folder of migrations. */
    static final int NEWEST = 6;

    private static final String FOLDER = "io/millrace/connectors/postgres/migrations";

    private Migrations() {}

    /**
     * The caller makes sure that nobody else migrates at the same time.
     *
     * @param connection in auto-commit mode
     */
    static void run(Connection connection, PostgresDestination destination) throws SQLException, SinkException {
        if (current(connection, destination)) {
            return;
        }
        createSchema(connection);
        DatabaseUrl at = destination.url();
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(at.jdbcUrl());
        for (var property : at.properties().entrySet()) {
            source.setProperty(property.getKey(), property.getValue());
        }
        source.setUser(at.user());
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .loggers(QuietFlyway.class.getName())
                    .dataSource(source)
                    .schemas(SCHEMA)
                    .createSchemas(false)
                    .locations("classpath:" + FOLDER)
                    .failOnMissingLocations(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql) {
                    throw sql;
                }
            }
            throw new SinkException(
                    "The schema " + SCHEMA + " at " + at.place() + " could not be brought to version " + NEWEST + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Here and not by Flyway, which tries for ten seconds where it may not. */
    private static void createSchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT 1 FROM pg_namespace WHERE nspname = '" + SCHEMA + "'")) {
            if (!found.next()) {
                statement.execute("CREATE SCHEMA " + SCHEMA);
            }
        }
    }

    /** Whether the schema is at the newest version. */
    static boolean current(Connection connection, PostgresDestination destination) throws SQLException, SinkException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(max(version::int), 0) FROM " + SCHEMA
                        + ".flyway_schema_history WHERE success AND version IS NOT NULL")) {
            row.next();
            int version = row.getInt(1);
            if (version > NEWEST) {
                throw new SinkException("The schema " + SCHEMA + " at "
                        + destination.url().place() + " is of version " + version + ", made by a newer Millrace; this"
                        + " one knows version " + NEWEST + ". Use the newer Millrace.");
            }
            return version == NEWEST;
        } catch (SQLException e) {
            if (PostgresErrors.state(e).equals(PostgresErrors.UNDEFINED_TABLE)) {
                return false;
            }
            throw e;
        }
    }
}
