package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.log.LogOptions;
import io.millrace.log.Retention;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.NewSecret;
import io.millrace.server.gateway.GatewayConfig;
import io.millrace.server.ops.Notice;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Books that somebody falsifies in a real database, as an operator hears of it. */
@Timeout(120)
class AuditorTest {

    private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private final List<Notice> notices = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    /** Names of its own: the database outlives the tests. */
    private final String name = "audited" + System.nanoTime();

    private @Nullable Server server;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(folder.resolve("pipelines"));
        Files.writeString(folder.resolve("pipelines/p.yaml"), """
                pipeline: NAME
                from:
                  http: { path: /events }
                columns: { id: BIGINT NOT NULL }
                transform: |
                  SELECT id, COUNT(*) AS times FROM input GROUP BY id
                into:
                  postgres: { table: NAME, key: [id] }
                """.replace("NAME", name));
        server = Server.start(
                new ServerOptions(
                        folder.resolve("home"),
                        folder.resolve("pipelines"),
                        Map.of(),
                        Map.of(PostgresDestination.URL_VARIABLE, DATABASE.url()),
                        new GatewayConfig("127.0.0.1", 0, null, GatewayConfig.Limits.defaults(), Duration.ofSeconds(5)),
                        AuthConfig.BuiltIn.defaults(),
                        LogOptions.DEFAULTS,
                        new Retention(Duration.ofDays(7), Long.MAX_VALUE),
                        false),
                new ServerListener() {
                    @Override
                    public void notice(Notice notice) {
                        notices.add(notice);
                    }
                });
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        server().close();
    }

    private Server server() {
        return Objects.requireNonNull(server);
    }

    @Test
    void falsifiedBooksAreAnAlarmUntilTheyAreRight() throws Exception {
        String token = token();
        post(token, "{\"id\":1}\n{\"id\":2}\n{\"id\":1}\n");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/metrics", null)
                        .contains("millrace_pipeline_records_total{millrace_outcome=\"loaded\",millrace_pipeline=\""
                                + name + "\"} 3.0"));
        server().checkBooks();
        assertThat(get("/metrics", null)).contains(faults(0)).contains("millrace_pipeline_ledger_age_seconds{");
        assertThat(get("/health/ready", null)).contains("\"name\":\"" + name + "\",\"ok\":true");
        assertThat(told()).isEmpty();

        falsify("UPDATE millrace.ledger SET received = received + 1, quarantined = quarantined + 1");
        server().checkBooks();
        server().checkBooks();
        assertThat(get("/metrics", null)).contains(faults(1));
        assertThat(get("/health/ready", null))
                .contains("\"ready\":true")
                .contains("\"name\":\"" + name + "\",\"ok\":false,\"needed\":false")
                .contains("Its books do not balance.");
        assertThat(get("/pipelines", token))
                .contains("its commits put 1 record into the quarantine, which holds 0", "\"checked\":\"");
        assertThat(told()).containsExactly("ledger.unbalanced");

        falsify("UPDATE millrace.ledger SET received = received - 1, quarantined = quarantined - 1");
        server().checkBooks();
        assertThat(get("/metrics", null)).contains(faults(0));
        assertThat(get("/health/ready", null)).contains("\"name\":\"" + name + "\",\"ok\":true");
        assertThat(told()).containsExactly("ledger.unbalanced", "ledger.balanced");
    }

    /** Nobody asks for it. */
    @Test
    void rowsThatSomebodyTookOutOfTheTableAreFoundWithoutAsking() throws Exception {
        post(token(), "{\"id\":1}\n{\"id\":2}\n");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/metrics", null)
                        .contains("millrace_pipeline_records_total{millrace_outcome=\"loaded\",millrace_pipeline=\""
                                + name + "\"} 2.0"));
        execute("DELETE FROM " + name + " WHERE id = 2");
        await().atMost(Duration.ofSeconds(60)).until(() -> get("/metrics", null).contains(faults(1)));
        assertThat(notices)
                .filteredOn(notice -> notice.event().equals("ledger.unbalanced"))
                .singleElement()
                .satisfies(notice -> {
                    assertThat(notice.pipeline()).isEqualTo(name);
                    assertThat(notice.message()).contains("the sum of its column times is 1", "1 too few");
                });
    }

    private List<String> told() {
        return notices.stream()
                .map(Notice::event)
                .filter(event -> event.startsWith("ledger."))
                .toList();
    }

    private String faults(int count) {
        return "millrace_pipeline_ledger_faults{millrace_pipeline=\"" + name + "\"} " + count;
    }

    private void falsify(String update) throws Exception {
        execute(update + " WHERE pipeline = '" + name + "'");
    }

    private void execute(String sql) throws Exception {
        try (PostgresDestination destination = PostgresDestination.open(
                        Map.of(PostgresDestination.URL_VARIABLE, DATABASE.url()), folder.resolve("home"));
                Connection connection = destination.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private URI at(String path) {
        return server().address().resolve(path);
    }

    private String token() throws Exception {
        NewSecret client = server().demo().orElseThrow();
        String answer = send(HttpRequest.newBuilder(at("/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&client_id=" + client.clientId()
                        + "&client_secret=" + client.secret())));
        Matcher token = TOKEN.matcher(answer);
        assertThat(token.find()).as(answer).isTrue();
        return token.group(1);
    }

    private void post(String token, String events) throws Exception {
        send(HttpRequest.newBuilder(at("/events"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(events)));
    }

    private String get(String path, @Nullable String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(at(path));
        return send(token == null ? request : request.header("Authorization", "Bearer " + token));
    }

    private String send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
