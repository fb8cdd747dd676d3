package io.millrace.cli;

import io.millrace.api.SinkException;
import io.millrace.connectors.postgres.PostgresConfig;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.engine.pipeline.Pipeline;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A connection to the database that tables are loaded into, for looking at them. */
final class Database implements AutoCloseable {

    private final PostgresDestination destination;
    private final Connection connection;

    private Database(PostgresDestination destination) throws SinkException, InterruptedException {
        this.destination = destination;
        this.connection = destination.connect();
    }

    /**
     * The database that the environment names, or the embedded one under the home folder. Where a run has started the
     * latter it is used as it is, else it is started until this is closed.
     */
    static Database at(Path home, Map<String, String> environment) throws SinkException, InterruptedException {
        return opened(PostgresDestination.attach(environment, home));
    }

    /** The database of a pipeline that runs, or has just run, in this process. */
    static Database of(Pipeline pipeline, Path home, Map<String, String> environment)
            throws SinkException, InterruptedException {
        Map<String, String> settings = new HashMap<>(environment);
        if (pipeline.file().into().config() instanceof PostgresConfig config && config.url() != null) {
            settings.put(PostgresDestination.URL_VARIABLE, config.url());
        }
        return opened(PostgresDestination.open(settings, home));
    }

    private static Database opened(PostgresDestination destination) throws SinkException, InterruptedException {
        boolean connected = false;
        try {
            Database database = new Database(destination);
            connected = true;
            return database;
        } finally {
            if (!connected) {
                destination.close();
            }
        }
    }

    Connection connection() {
        return connection;
    }

    /** Whether the server is a part of Millrace, and gone when no command uses it. */
    boolean embedded() {
        return destination.embedded();
    }

    /** A command line for a shell that opens {@code psql} on it; it holds no secret. */
    String psqlCommand() {
        return destination.psqlCommand();
    }

    @Override
    public void close() throws SQLException {
        try (destination) {
            connection.close();
        }
    }
}
