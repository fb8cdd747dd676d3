package io.millrace.cli;

import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Commands in this process, with one home and its embedded server for all tests, and a folder and a name for each. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class WithDatabase {

    /** The longest name of a pipeline that leaves room in the name of a table. */
    private static final int MOST_NAME = 50;

    @SuppressWarnings("NullAway.Init") // set before all tests
    Path home;

    @SuppressWarnings("NullAway.Init") // set before all tests
    EmbeddedPostgres server;

    /** Empty when a test begins. */
    @SuppressWarnings("NullAway.Init") // set before each test
    Path folder;

    /** For a pipeline and its table. */
    @SuppressWarnings("NullAway.Init") // set before each test
    String name;

    @BeforeAll
    void startServer(@TempDir Path empty) throws Exception {
        home = empty.resolve("home");
        server = EmbeddedPostgres.start(home);
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @BeforeEach
    void makeFolder(TestInfo test) throws IOException {
        String method = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        name = method.substring(0, Math.min(MOST_NAME, method.length()));
        folder = Files.createDirectories(home.resolveSibling(name));
    }

    final Captured command(String... args) {
        return Captured.of(Map.of("MILLRACE_HOME", home.toString()), args);
    }

    final void sql(String sql) throws Exception {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
