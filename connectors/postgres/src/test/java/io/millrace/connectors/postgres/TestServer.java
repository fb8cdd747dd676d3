package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One embedded server for all tests of this JVM, and a database of its own for each test class. It keeps its home under
 * {@code target}, so that a second run need not initialise again.
 */
final class TestServer {

    static final Path HOME = Path.of("target/postgres-tests").toAbsolutePath();

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final EmbeddedPostgres SERVER = start();

    private TestServer() {}

    private static EmbeddedPostgres start() {
        try {
            Files.createDirectories(HOME);
            return EmbeddedPostgres.start(HOME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SinkException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A fresh database. */
    record Database(String name) {

        static Database create() {
            String name = "test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
            TestServer.execute(SERVER.jdbcUrl(), "DROP DATABASE IF EXISTS " + name);
            TestServer.execute(SERVER.jdbcUrl(), "CREATE DATABASE " + name);
            return new Database(name);
        }

        /** With user and password. */
        String url() {
            return "postgresql://" + SERVER.user() + ":" + SERVER.password() + "@127.0.0.1:" + SERVER.port() + "/"
                    + name;
        }

        Map<String, String> environment() {
            return Map.of(PostgresDestination.URL_VARIABLE, url());
        }

        private String jdbcUrl() {
            return "jdbc:postgresql://127.0.0.1:" + SERVER.port() + "/" + name;
        }

        Connection connect() throws SQLException {
            return TestServer.connect(jdbcUrl());
        }

        void execute(String sql) {
            TestServer.execute(jdbcUrl(), sql);
        }

        /** All rows as text, columns joined by {@code |}, nulls as {@code null}. */
        List<String> rows(String sql) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                List<String> result = new ArrayList<>();
                while (rows.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        row.add(String.valueOf(rows.getString(i)));
                    }
                    result.add(String.join("|", row));
                }
                return result;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        void drop() {
            TestServer.execute(SERVER.jdbcUrl(), "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        }
    }

    private static Connection connect(String url) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", SERVER.user());
        properties.setProperty("password", SERVER.password());
        Connection connection = new org.postgresql.Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("not a URL of PostgreSQL");
        }
        return connection;
    }

    private static void execute(String url, String sql) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
