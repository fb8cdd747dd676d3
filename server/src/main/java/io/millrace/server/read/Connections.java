package io.millrace.server.read;

import io.millrace.api.SinkException;
import io.millrace.connectors.postgres.PostgresDestination;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** New connections to a destination, as the pool wants them: they can't write, and render times in UTC. Thread-safe. */
final class Connections implements DataSource {

    private final PostgresDestination destination;
    private final String settings;

    Connections(PostgresDestination destination, Duration longest) {
        this.destination = destination;
        this.settings = "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO'; SET default_transaction_read_only = on;"
                + " SET statement_timeout = " + longest.toMillis();
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            Connection connection = destination.connect();
            boolean ready = false;
            try (Statement statement = connection.createStatement()) {
                statement.execute(settings);
                ready = true;
                return connection;
            } finally {
                if (!ready) {
                    connection.close();
                }
            }
        } catch (SinkException e) {
            throw new SQLTransientConnectionException("No connection to " + destination.describe(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("Interrupted while connecting", e);
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("The destination knows its user");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("Nothing is logged here");
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // The destination has its own.
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("Nothing is logged here");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("This wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
