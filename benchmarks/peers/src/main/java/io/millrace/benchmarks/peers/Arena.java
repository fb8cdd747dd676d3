package io.millrace.benchmarks.peers;

import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;

/** The one server that all write into, each into a fresh database of its own, and the folder of all that is made. */
final class Arena implements AutoCloseable {

    private final Path folder;
    private final EmbeddedPostgres server;

    private Arena(Path folder, EmbeddedPostgres server) {
        this.folder = folder;
        this.server = server;
    }

    /** Makes a folder inside another and starts a server in it. */
    static Arena open(Path work) throws Exception {
        Files.createDirectories(work);
        Path folder = Files.createTempDirectory(work, "compare-").toRealPath();
        try {
            Files.createDirectories(folder.resolve("tmp"));
            return new Arena(folder, EmbeddedPostgres.start(folder.resolve("server")));
        } catch (Exception e) {
            delete(folder);
            throw e;
        }
    }

    Path folder() {
        return folder;
    }

    ProcessHandle server() {
        return ProcessHandle.of(server.pid()).orElseThrow();
    }

    /** A fresh database; what has been written before is on the disk when this returns. */
    Database create(String name) throws SQLException {
        execute("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
        execute("CREATE DATABASE \"" + name + "\"");
        checkpoint();
        return new Database(name);
    }

    void checkpoint() throws SQLException {
        execute("CHECKPOINT");
    }

    /** The version of the server and the settings that matter. */
    String description() throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(jdbcUrl(server.connection().database()));
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT current_setting('server_version'), current_setting('fsync'),"
                                + " current_setting('synchronous_commit'), current_setting('shared_buffers')")) {
            result.next();
            return "PostgreSQL " + result.getString(1) + " with fsync " + result.getString(2) + ", synchronous_commit "
                    + result.getString(3) + ", shared_buffers " + result.getString(4);
        }
    }

    /** A database that lives until it is closed. */
    final class Database implements AutoCloseable {
        private final String name;

        private Database(String name) {
            this.name = name;
        }

        /** With user and password. */
        String jdbcUrl() {
            return Arena.this.jdbcUrl(name);
        }

        /** As Millrace's {@code MILLRACE_DATABASE_URL} wants it. */
        String url() {
            return "postgresql://" + server.user() + ":" + server.password() + "@127.0.0.1:" + server.port() + "/"
                    + name;
        }

        @Override
        public void close() throws SQLException {
            execute("DROP DATABASE \"" + name + "\" WITH (FORCE)");
        }
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database + "?user=" + server.user() + "&password="
                + server.password();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(jdbcUrl(server.connection().database()));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be removed", e);
        }
    }
}
