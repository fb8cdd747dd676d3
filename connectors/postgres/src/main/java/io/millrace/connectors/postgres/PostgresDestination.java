package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * A PostgreSQL that Millrace loads into: one of the user's, or the embedded one.
 *
 * <p>Thread-safe. Close it when done; the embedded server stops when its last holder in this process has closed.
 */
public final class PostgresDestination implements AutoCloseable {

    /** The environment variable that names the server. */
    public static final String URL_VARIABLE = "MILLRACE_DATABASE_URL";

    private static final String CONNECT_SECONDS = "10";

    private final @Nullable EmbeddedPostgres embedded;

    /** Null where the embedded server is ours: its port may change when it is started again. */
    private final @Nullable DatabaseUrl url;

    private final Optional<String> psql;

    private PostgresDestination(@Nullable EmbeddedPostgres embedded, @Nullable DatabaseUrl url, Optional<String> psql) {
        this.embedded = embedded;
        this.url = url;
        this.psql = psql;
    }

    /**
     * The destination of a run: the server that the environment names, or the embedded one, which is started.
     *
     * @param environment environment variables
     * @param home Millrace's home folder
     * @throws SinkException where another process uses the embedded server, among others
     */
    public static PostgresDestination open(Map<String, String> environment, Path home)
            throws SinkException, InterruptedException {
        return open(null, environment, home);
    }

    /** @param url the server; null for that of the environment or the embedded one */
    static PostgresDestination open(@Nullable String url, Map<String, String> environment, Path home)
            throws SinkException, InterruptedException {
        Optional<DatabaseUrl> given = given(url, environment);
        return given.isPresent()
                ? new PostgresDestination(null, given.get(), Optional.empty())
                : new PostgresDestination(EmbeddedPostgres.start(home), null, Optional.empty());
    }

    /**
     * The destination for looking at it: as {@link #open}, but an embedded server that another process runs is used as
     * it is.
     */
    public static PostgresDestination attach(Map<String, String> environment, Path home)
            throws SinkException, InterruptedException {
        return attach(null, environment, home);
    }

    /** @param url the server; null for that of the environment or the embedded one */
    public static PostgresDestination attach(@Nullable String url, Map<String, String> environment, Path home)
            throws SinkException, InterruptedException {
        if (given(url, environment).isEmpty()) {
            Optional<EmbeddedPostgres.Connection> running = EmbeddedPostgres.running(home);
            if (running.isPresent()) {
                return new PostgresDestination(
                        null, url(running.get()), Optional.of(running.get().psqlCommand()));
            }
        }
        return open(url, environment, home);
    }

    /**
     * The destination where there is one: empty for an embedded server that has no data yet, which is not made. One that
     * does not run is started for as long as this is open.
     *
     * @param url the server; null for that of the environment or the embedded one
     */
    static Optional<PostgresDestination> existing(@Nullable String url, Map<String, String> environment, Path home)
            throws SinkException, InterruptedException {
        if (url != null) {
            return Optional.of(open(url, environment, home));
        }
        return given(null, environment).isEmpty() && !EmbeddedPostgres.hasData(home)
                ? Optional.empty()
                : Optional.of(attach(environment, home));
    }

    /**
     * The environment for a process that works beside the one that runs the embedded server: it names that server, so that
     * {@link #open} uses it. Unchanged where another server is named, or the embedded one does not run. It holds a secret.
     */
    public static Map<String, String> beside(Map<String, String> environment, Path home) throws SinkException {
        if (given(null, environment).isPresent()) {
            return environment;
        }
        Optional<EmbeddedPostgres.Connection> running = EmbeddedPostgres.running(home);
        if (running.isEmpty()) {
            return environment;
        }
        EmbeddedPostgres.Connection server = running.get();
        Map<String, String> named = new HashMap<>(environment);
        named.put(
                URL_VARIABLE,
                "postgresql://" + encoded(server.user()) + ":" + encoded(server.password()) + "@127.0.0.1:"
                        + server.port() + "/" + encoded(server.database()));
        return named;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Optional<DatabaseUrl> given(@Nullable String url, Map<String, String> environment)
            throws SinkException {
        String text = url == null ? environment.getOrDefault(URL_VARIABLE, "") : url;
        return text.isBlank() ? Optional.empty() : Optional.of(DatabaseUrl.parse(text));
    }

    private static DatabaseUrl url(EmbeddedPostgres.Connection connection) {
        return new DatabaseUrl(
                connection.jdbcUrl(),
                connection.user(),
                Map.of("password", connection.password()),
                "127.0.0.1:" + connection.port() + "/" + connection.database(),
                "127.0.0.1",
                Integer.toString(connection.port()),
                connection.database());
    }

    /** Where it is now. */
    DatabaseUrl url() {
        if (url != null) {
            return url;
        }
        if (embedded == null) {
            throw new IllegalStateException("a destination has a URL or an embedded server");
        }
        return url(embedded.connection());
    }

    /**
     * A new connection, in auto-commit mode. The caller closes it. An embedded server that has died is started again.
     *
     * @throws io.millrace.api.SinkUnavailableException where the server is away for now
     * @throws SinkException where it refuses us
     */
    public Connection connect() throws SinkException, InterruptedException {
        return connect(Map.of());
    }

    /** @param more properties of the driver; those of the URL come first */
    Connection connect(Map<String, String> more) throws SinkException, InterruptedException {
        if (embedded != null) {
            embedded.ensureRunning();
        }
        DatabaseUrl at = url();
        Map<String, String> all = new HashMap<>(Map.of(
                PGProperty.APPLICATION_NAME.getName(), "millrace",
                PGProperty.CONNECT_TIMEOUT.getName(), CONNECT_SECONDS,
                PGProperty.LOGIN_TIMEOUT.getName(), CONNECT_SECONDS,
                PGProperty.TCP_KEEP_ALIVE.getName(), "true",
                // The detail of an error may quote a record.
                PGProperty.LOG_SERVER_ERROR_DETAIL.getName(), "false"));
        all.putAll(more);
        all.putAll(at.properties());
        all.put("user", at.user());
        Properties properties = new Properties();
        properties.putAll(all);
        try {
            Connection connection = new Driver().connect(at.jdbcUrl(), properties);
            if (connection == null) {
                throw new IllegalStateException("the driver does not know its own URL");
            }
            return connection;
        } catch (SQLException e) {
            throw PostgresErrors.explain(e, "connecting", at);
        }
    }

    /** Whether this is the embedded server. */
    public boolean embedded() {
        return embedded != null || psql.isPresent();
    }

    /** Host, port and database; no secret. */
    public String describe() {
        return (embedded() ? "embedded PostgreSQL at " : "PostgreSQL at ") + url().place();
    }

    /** A command line for people that opens {@code psql} there; it holds no secret. */
    public String psqlCommand() {
        if (embedded != null) {
            return embedded.psqlCommand();
        }
        return psql.orElseGet(() -> url().psqlCommand());
    }

    @Override
    public void close() {
        if (embedded != null) {
            embedded.close();
        }
    }
}
