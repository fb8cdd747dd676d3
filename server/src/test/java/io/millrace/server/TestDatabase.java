package io.millrace.server;

import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real PostgreSQL for the tests of a class, whose data folder outlives them: to make one takes seconds. */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {

    /** One for each of the processes that tests run in side by side. */
    private static final Path HOME = Path.of("target/postgres-ops-" + System.getProperty("millrace.fork", "alone"))
            .toAbsolutePath();

    @SuppressWarnings("NullAway.Init") // set before all tests
    private EmbeddedPostgres server;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Files.createDirectories(HOME);
        server = EmbeddedPostgres.start(HOME);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.close();
    }

    public EmbeddedPostgres server() {
        return server;
    }

    /** As {@code MILLRACE_DATABASE_URL} takes it. */
    public String url() {
        return "postgresql://" + server.user() + ":" + server.password() + "@127.0.0.1:" + server.port() + "/postgres";
    }
}
