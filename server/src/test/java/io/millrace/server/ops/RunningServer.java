package io.millrace.server.ops;

import io.millrace.api.ByteSize;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.log.LogOptions;
import io.millrace.log.Retention;
import io.millrace.server.Server;
import io.millrace.server.ServerListener;
import io.millrace.server.ServerOptions;
import io.millrace.server.TestDatabase;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.gateway.GatewayConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole server, as {@code millrace up} starts it, with one pipeline and a database that the test may stop. */
final class RunningServer implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.builder().build();

    final List<Notice> notices = new CopyOnWriteArrayList<>();
    final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final Path pipelines;
    private final Server server;
    private final URI address;
    private final String token;

    /** Where and how. */
    record Setting(Path home, Path pipelines, TestDatabase database, Map<String, String> environment, String at) {}

    RunningServer(Setting setting) throws Exception {
        pipelines = setting.pipelines();
        Files.createDirectories(pipelines);
        Files.writeString(pipelines.resolve("revenue.yaml"), """
                pipeline: revenue
                from:
                  http: { path: /events }
                columns:
                  userId: VARCHAR NOT NULL
                  value: BIGINT NOT NULL
                contract:
                  on_violation: reject
                transform: |
                  SELECT userId AS user_id, SUM(value) AS revenue FROM input GROUP BY userId
                into:
                  postgres:
                    table: TABLE
                    key: [user_id]
                serve:
                  - { path: "/userRevenue/{user_id}" }
                """.replace("TABLE", "t" + System.nanoTime()));
        Map<String, String> environment = new HashMap<>(setting.environment());
        environment.put(PostgresDestination.URL_VARIABLE, setting.database().url());
        server = Server.start(
                new ServerOptions(
                        setting.home(),
                        pipelines,
                        Map.of(),
                        environment,
                        new GatewayConfig(
                                setting.at(), 0, null, GatewayConfig.Limits.defaults(), Duration.ofSeconds(2)),
                        AuthConfig.BuiltIn.defaults(),
                        LogOptions.DEFAULTS.withSegmentBytes(new ByteSize(1 << 20).bytes()),
                        new Retention(Duration.ofDays(1), Long.MAX_VALUE),
                        true),
                new ServerListener() {
                    @Override
                    public void notice(Notice notice) {
                        notices.add(notice);
                    }
                });
        address = URI.create("http://127.0.0.1:" + server.address().getPort());
        token = server.demo().map(demo -> token(demo.clientId(), demo.secret())).orElse("none");
    }

    private String token(String client, String secret) {
        String basic = Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(address.resolve("/oauth2/token"))
                            .header("Authorization", "Basic " + basic)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return JSON.readTree(answer.body()).path("access_token").stringValue();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(address.resolve(path)).header("Authorization", "Bearer " + token));
    }

    HttpResponse<String> getWithoutToken(String path) throws Exception {
        return send(HttpRequest.newBuilder(address.resolve(path)));
    }

    HttpResponse<String> post(String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve("/events"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode json(String path) throws Exception {
        return JSON.readTree(get(path).body());
    }

    /** What {@code GET /pipelines} says of the only one. */
    JsonNode pipeline() throws Exception {
        return json("/pipelines").path("pipelines").path(0);
    }

    @Override
    public void close() throws IOException {
        http.close();
        server.close();
    }
}
