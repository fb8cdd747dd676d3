package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.log.LogOptions;
import io.millrace.log.Retention;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.NewSecret;
import io.millrace.server.gateway.GatewayConfig;
import io.millrace.server.ops.Notice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two servers with pipelines of their own on one home folder: neither drops what the other has not loaded. */
class SharedLogTest {

    private static final Duration KEEP = Duration.ofSeconds(10);
    private static final int REQUESTS = 6;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private final long unique = System.nanoTime();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
    private final InstantSource clock = now::get;
    private final List<Notice> notices = new CopyOnWriteArrayList<>();
    private NewSecret client = new NewSecret("", "");

    @Test
    void whatAnothersPipelineHasNotLoadedStaysUntilThatPipelineIsRemoved() throws Exception {
        try (Server current = up("current", DATABASE.url())) {
            client = current.demo().orElseThrow();
            try (Server behind = up("behind", nowhere())) {
                fill(current);
                later(KEEP.multipliedBy(2));
                current.lookAfterLog();
                assertThat(segments()).as("the other lives").hasSizeGreaterThan(REQUESTS - 1);
                assertThat(behind.pipelines()).hasSize(1);
            }

            // It is gone, and may come back.
            later(Needs.GONE.multipliedBy(10));
            current.lookAfterLog();
            current.lookAfterLog();
            assertThat(segments()).as("the other is gone").hasSizeGreaterThan(REQUESTS - 1);
            assertThat(notices)
                    .filteredOn(notice -> notice.event().equals("log.kept"))
                    .singleElement()
                    .satisfies(notice -> assertThat(notice.message()).contains("the pipeline behind_", "remove "));

            Files.delete(pipelines("behind").resolve("behind.yaml"));
            current.lookAfterLog();
            current.lookAfterLog();
            assertThat(segments()).as("its pipeline is removed").hasSizeLessThan(REQUESTS - 1);
        }
    }

    @Test
    void whatAnotherHasLoadedGoes() throws Exception {
        try (Server one = up("one", DATABASE.url())) {
            client = one.demo().orElseThrow();
            try (Server two = up("two", DATABASE.url())) {
                fill(one);
                awaitLoaded(two);
                two.lookAfterLog();
                later(KEEP.multipliedBy(2));
                one.lookAfterLog();
                assertThat(segments()).hasSizeLessThan(REQUESTS - 1);
            }
        }
    }

    @Test
    void aFileThatAnotherCanNotUseKeepsEverythingUntilItCan() throws Exception {
        try (Server current = up("current", DATABASE.url())) {
            client = current.demo().orElseThrow();
            Path wrong = Files.writeString(pipelines("other").resolve("other.yaml"), "pipeline: other\n");
            try (Server other = start("other", DATABASE.url())) {
                assertThat(other.refused()).hasSize(1);
                other.lookAfterLog();
                fill(current);
                later(KEEP.multipliedBy(2));
                current.lookAfterLog();
                assertThat(segments()).hasSizeGreaterThan(REQUESTS - 1);

                Files.writeString(wrong, pipeline("other"));
                Awaitility.await().until(() -> other.refused().isEmpty());
                awaitLoaded(other);
                other.lookAfterLog();
                current.lookAfterLog();
                assertThat(segments()).hasSizeLessThan(REQUESTS - 1);
            }
        }
    }

    @Test
    void anEntryThatCanNotBeReadKeepsEverythingAndIsTold() throws Exception {
        try (Server current = up("current", DATABASE.url())) {
            client = current.demo().orElseThrow();
            Path entry = Files.writeString(folder.resolve("home/log/.readers/torn-0.json"), "");
            fill(current);
            later(KEEP.multipliedBy(2));
            current.lookAfterLog();
            assertThat(segments()).hasSizeGreaterThan(REQUESTS - 1);
            assertThat(notices)
                    .anySatisfy(notice -> assertThat(notice.message()).contains(entry.toString()));

            Files.delete(entry);
            current.lookAfterLog();
            assertThat(segments()).hasSizeLessThan(REQUESTS - 1);
        }
    }

    /** A database that is away. */
    private static String nowhere() {
        return "postgresql://nobody:nothing@127.0.0.1:9/postgres";
    }

    private Path pipelines(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    /** Of a name that the database does not know from another test. */
    private String pipeline(String name) {
        return """
                pipeline: NAME
                from:
                  http: { path: /liveEvent }
                columns: { id: BIGINT NOT NULL }
                transform: |
                  SELECT id, COUNT(*) AS times FROM input GROUP BY id
                into:
                  postgres: { table: NAME, key: [id] }
                """.replace("NAME", name + "_" + unique);
    }

    private Server up(String name, String database) throws Exception {
        Files.writeString(pipelines(name).resolve(name + ".yaml"), pipeline(name));
        return start(name, database);
    }

    private Server start(String name, String database) throws Exception {
        return Server.start(
                new ServerOptions(
                        folder.resolve("home"),
                        pipelines(name),
                        Map.of(),
                        Map.of(PostgresDestination.URL_VARIABLE, database),
                        new GatewayConfig("127.0.0.1", 0, null, GatewayConfig.Limits.defaults(), Duration.ofSeconds(5)),
                        AuthConfig.BuiltIn.defaults(),
                        LogOptions.DEFAULTS.withSegmentBytes(100),
                        new Retention(KEEP, Long.MAX_VALUE),
                        false),
                new ServerListener() {
                    @Override
                    public void notice(Notice notice) {
                        notices.add(notice);
                    }
                },
                clock);
    }

    private void later(Duration by) {
        now.updateAndGet(time -> time.plus(by));
    }

    /** Posts so that each request is a segment, and waits until the server itself has loaded it all. */
    private void fill(Server server) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String answer = post(
                    http,
                    server.address().resolve("/oauth2/token"),
                    "application/x-www-form-urlencoded",
                    "",
                    "grant_type=client_credentials&client_id=" + client.clientId() + "&client_secret="
                            + client.secret());
            String token = answer.replaceFirst(".*\"access_token\":\"([^\"]+)\".*", "$1");
            for (int i = 0; i < REQUESTS; i++) {
                post(
                        http,
                        server.address().resolve("/liveEvent"),
                        "application/x-ndjson",
                        token,
                        ("{\"id\":" + i + "}\n").repeat(9));
            }
        }
        assertThat(segments()).hasSizeGreaterThan(REQUESTS - 1);
        awaitLoaded(server);
    }

    private static String post(HttpClient http, URI to, String type, String token, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(to).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
        return answer.body();
    }

    private void awaitLoaded(Server server) {
        long end = REQUESTS * 9L * "{\"id\":0}\n".length();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> server.pipelines().stream()
                        .allMatch(status -> status.standing().offsets().values().stream()
                                        .mapToLong(offset -> Long.parseLong(offset.text()))
                                        .sum()
                                == end));
    }

    /** The data files of the stream. */
    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("home/log/liveEvent"))) {
            return files.filter(file -> file.toString().endsWith(".ndjson")).toList();
        }
    }
}
