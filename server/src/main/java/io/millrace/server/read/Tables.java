package io.millrace.server.read;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.server.auth.Scope;
import io.millrace.server.http.Handler;
import io.millrace.server.http.Problem;
import io.millrace.server.http.ProblemException;
import io.millrace.server.http.Route;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

/**
 * The tables of one PostgreSQL, for reading. Keeps a few connections, which can't write, and opens them when they are
 * needed: the server may be away when this is made.
 *
 * <p>Thread-safe. Closed when no route of it is answered any more; the destination is whoever's that opened it.
 */
public final class Tables implements AutoCloseable {

    /** How long a request waits for a connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** How long a query may take. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final String UNDEFINED_TABLE = "42P01";
    private static final String CANCELLED = "57014";

    private final HikariDataSource pool;

    private Tables(HikariDataSource pool) {
        this.pool = pool;
    }

    /** @param connections how many queries run at once */
    public static Tables open(PostgresDestination destination, int connections) {
        return open(destination, connections, LONGEST);
    }

    static Tables open(PostgresDestination destination, int connections, Duration longest) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(new Connections(destination, longest));
        config.setPoolName("millrace-read");
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setIdleTimeout(Duration.ofMinutes(1).toMillis());
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setThreadFactory(
                Thread.ofPlatform().daemon().name("millrace-read-", 0).factory());
        return new Tables(new HikariDataSource(config));
    }

    /** The route that answers rows of a table; it needs the scope {@code data:read}. */
    public Route route(Serving serving) {
        return new Route("GET", serving.path(), Scope.DATA_READ, serving.operation(), handler(serving));
    }

    /** Answers rows of a table. */
    public Handler handler(Serving serving) {
        return serving.single() ? new OneRow(this, serving) : new RowList(this, serving);
    }

    /** Something to do with a connection. */
    interface Work<T> {
        T with(Connection connection) throws SQLException, ProblemException;
    }

    /**
     * Does something with a connection.
     *
     * @param missing what comes of it where there is no such table yet: it is made by the first commit
     */
    <T> T query(T missing, Work<T> work) throws SQLException, ProblemException {
        try (Connection connection = pool.getConnection()) {
            return work.with(connection);
        } catch (SQLException e) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            if (state.equals(UNDEFINED_TABLE)) {
                return missing;
            }
            if (state.equals(CANCELLED)) {
                throw new ProblemException(tooSlow(), e);
            }
            if (e instanceof SQLTransientConnectionException
                    || state.startsWith("08")
                    || state.startsWith("57P")
                    || state.startsWith("53")) {
                throw new ProblemException(away(), e);
            }
            throw e;
        }
    }

    static Problem tooSlow() {
        return Problem.unavailable(
                "query-too-slow", "The query takes too long", "Ask for less, or by the key of the table.", 5);
    }

    /** The database can't be reached. */
    public static Problem away() {
        return Problem.unavailable("database-away", "The database is not available", "Try again in a moment.", 2);
    }

    /** Whether the server could not make a value of a column's type out of a text. */
    static boolean noValue(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        // Class 22: data exceptions, such as text that is no number, out of range, or has a NUL.
        return state.startsWith("22");
    }

    @Override
    public void close() {
        pool.close();
    }
}
