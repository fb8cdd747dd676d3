package io.millrace.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.postgresql.PGConnection;

/**
 * DuckDB reads and groups, {@code COPY} loads. The result crosses from one to the other as a small CSV file, which
 * measured faster in a cold JVM than reading it row by row through JDBC; the connection to PostgreSQL is opened and the
 * table is created while DuckDB works.
 */
final class DuckDbPeer {

    private DuckDbPeer() {}

    public static void main(String[] arguments)
            throws SQLException, IOException, InterruptedException, ExecutionException {
        Task task = Task.of(arguments);
        FutureTask<Connection> opening = new FutureTask<>(() -> open(task.databaseUrl()));
        Thread.ofPlatform().name("open-postgres").start(opening);
        Path result = Files.createTempFile("users_revenue", ".csv");
        try {
            aggregate(task.file(), result);
            try (Connection postgres = opening.get()) {
                load(result, postgres);
            }
        } finally {
            Files.delete(result);
        }
    }

    private static void aggregate(Path file, Path result) throws SQLException {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("SET autoinstall_known_extensions = false");
            statement.execute("SET autoload_known_extensions = false");
            statement.execute("SET memory_limit = '1GB'");
            statement.execute("SET preserve_insertion_order = false");
            statement.execute("""
                    COPY (
                      SELECT userId,
                             SUM(CASE name WHEN 'add_revenue' THEN value ELSE -value END)::BIGINT,
                             COUNT(*)
                      FROM read_json('%s', format = 'newline_delimited',
                                     columns = {userId: 'VARCHAR', name: 'VARCHAR', value: 'BIGINT'})
                      GROUP BY userId
                    ) TO '%s' (FORMAT csv, HEADER false)
                    """.formatted(quoted(file), quoted(result)));
        }
    }

    private static Connection open(String url) throws SQLException {
        Connection postgres = DriverManager.getConnection(url);
        postgres.setAutoCommit(false);
        try (Statement statement = postgres.createStatement()) {
            statement.execute(Task.CREATE_TABLE);
        }
        return postgres;
    }

    private static void load(Path result, Connection postgres) throws SQLException, IOException {
        try (InputStream rows = Files.newInputStream(result);
                Statement statement = postgres.createStatement()) {
            postgres.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY users_revenue FROM STDIN (FORMAT csv, FREEZE)", rows, 1 << 16);
            statement.execute(Task.ADD_KEY);
            postgres.commit();
        }
    }

    private static String quoted(Path path) {
        return path.toString().replace("'", "''");
    }
}
