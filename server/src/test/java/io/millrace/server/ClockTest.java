package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.yaml.Problem;
import io.millrace.log.LogOptions;
import io.millrace.log.Retention;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.NewSecret;
import io.millrace.server.gateway.GatewayConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock of the machine is set back and forward by hours while events arrive: nothing is lost or comes twice. */
class ClockTest {

    private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");
    private static final int EACH = 15;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    /** By how much the clock is wrong. */
    private final AtomicLong wrongMillis = new AtomicLong();

    private final InstantSource clock = () -> Instant.now().plusMillis(wrongMillis.get());
    private final HttpClient http = HttpClient.newHttpClient();

    /** What was posted, by the idempotency key. */
    private final Map<String, String> posted = new LinkedHashMap<>();

    private String lastAnswer = "";
    private Server server;
    private NewSecret client;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(folder.resolve("pipelines"));
        Files.writeString(folder.resolve("pipelines/p.yaml"), """
                pipeline: counted
                from:
                  http: { path: /liveEvent }
                columns: { id: BIGINT NOT NULL }
                transform: |
                  SELECT id, COUNT(*) AS times, MIN(_received_at) AS received FROM input GROUP BY id
                into:
                  postgres: { table: counted, key: [id] }
                """);
        server = up();
        client = server.demo().orElseThrow();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        server.close();
    }

    private Server up() throws Exception {
        return Server.start(
                new ServerOptions(
                        folder.resolve("home"),
                        folder.resolve("pipelines"),
                        Map.of(),
                        Map.of(),
                        new GatewayConfig("127.0.0.1", 0, null, GatewayConfig.Limits.defaults(), Duration.ofSeconds(5)),
                        AuthConfig.BuiltIn.defaults(),
                        LogOptions.DEFAULTS.withSegmentBytes(4096),
                        new Retention(Duration.ofDays(7), Long.MAX_VALUE),
                        false),
                new ServerListener() {
                    @Override
                    public void started(Pipeline pipeline) {}

                    @Override
                    public void refused(Path file, List<Problem> problems, boolean kept) {
                        throw new AssertionError(problems.toString());
                    }
                },
                clock);
    }

    private void set(Duration wrong) {
        wrongMillis.set(wrong.toMillis());
    }

    @Test
    void everyEventIsCountedOnceWhereverTheClockIsSet() throws Exception {
        int next = 0;
        for (int hours : new int[] {0, 5, -9, 3, -40, 0}) {
            set(Duration.ofHours(hours));
            String token = token();
            for (int i = 0; i < EACH; i++) {
                int status = post(token, "key-" + next, "{\"id\":" + next++ + "}");
                assertThat(status)
                        .as("the clock wrong by %d hours, %s", hours, lastAnswer)
                        .isEqualTo(202);
            }
            // Whatever was sent may come again, and be known.
            for (Map.Entry<String, String> again : Map.copyOf(posted).entrySet()) {
                assertThat(post(token, again.getKey(), again.getValue()))
                        .as("the clock wrong by %d hours, %s", hours, lastAnswer)
                        .isEqualTo(202);
            }
            awaitCounted(next);
        }
        // At a start, keys stamped before the clock was set forward count as old: see decision 5.
        int last = next - EACH;
        posted.keySet().removeIf(key -> Integer.parseInt(key.substring("key-".length())) < last);
        for (int hours : new int[] {7, -7, 0}) {
            server.close();
            set(Duration.ofHours(hours));
            server = up();
            String token = token();
            for (Map.Entry<String, String> again : Map.copyOf(posted).entrySet()) {
                assertThat(post(token, again.getKey(), again.getValue()))
                        .as("the clock wrong by %d hours, %s", hours, lastAnswer)
                        .isEqualTo(202);
            }
            assertThat(post(token, "key-" + next, "{\"id\":" + next++ + "}")).isEqualTo(202);
            awaitCounted(next);
        }
    }

    @Test
    void aTokenIsGoodForItsTimeByTheClockAndANewOneCanBeHadAtAnyTime() throws Exception {
        String token = token();
        assertThat(post(token, "a", "{\"id\":0}")).isEqualTo(202);

        set(Duration.ofHours(2));
        assertThat(post(token, "b", "{\"id\":1}")).as("it has expired").isEqualTo(401);
        String later = token();
        assertThat(post(later, "b", "{\"id\":1}")).isEqualTo(202);

        set(Duration.ZERO);
        assertThat(post(later, "c", "{\"id\":2}"))
                .as("it was taken, and is known to be good")
                .isIn(202, 401);
        assertThat(post(token, "c", "{\"id\":2}")).isEqualTo(202);
        assertThat(post(token(), "d", "{\"id\":3}")).isEqualTo(202);
        awaitCounted(4);
    }

    private String token() throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(server.address().resolve("/oauth2/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&client_id="
                                + client.clientId() + "&client_secret=" + client.secret()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        Matcher token = TOKEN.matcher(answer.body());
        assertThat(token.find()).as(answer.body()).isTrue();
        return token.group(1);
    }

    private int post(String token, String key, String event) throws Exception {
        URI to = server.address().resolve("/liveEvent");
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(to)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(event))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        lastAnswer = answer.body();
        if (answer.statusCode() == 202) {
            posted.put(key, event);
        }
        return answer.statusCode();
    }

    private void awaitCounted(int ids) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                // Until the embedded database is there, and the table in it.
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(query("SELECT count(*) || ' ' || sum(times) FROM counted"))
                        .isEqualTo(ids + " " + ids));
    }

    private String query(String sql) throws Exception {
        EmbeddedPostgres.Connection to =
                EmbeddedPostgres.running(folder.resolve("home")).orElseThrow();
        try (Connection connection = DriverManager.getConnection(to.jdbcUrl(), to.user(), to.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }
}
