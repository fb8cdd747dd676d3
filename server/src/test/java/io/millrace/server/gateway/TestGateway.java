package io.millrace.server.gateway;

import io.millrace.api.ByteSize;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.PartitionName;
import io.millrace.log.PartitionReader;
import io.millrace.log.Reading;
import io.millrace.log.Start;
import io.millrace.log.StreamWriter;
import io.millrace.log.Stretch;
import io.millrace.server.auth.Auth;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.Scope;
import io.millrace.server.ops.Meters;
import io.millrace.server.ops.Notice;
import io.millrace.server.ops.Telemetry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A gateway with its log and its issuer of tokens, all real, in a folder of a test. */
final class TestGateway implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path logFolder;
    final Auth auth;
    final List<Notice> notices = new CopyOnWriteArrayList<>();
    final Telemetry telemetry = new Telemetry(new Meters(false), notices::add);
    final String token;
    Log log;
    StreamWriter stream;
    Gateway gateway;
    final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private GatewayConfig config;
    private final LogOptions logOptions;
    private final int partitions;

    /** What is different from the usual. */
    record Setting(
            GatewayConfig config,
            LogOptions logOptions,
            int partitions,
            @Nullable Path logFolder) {
        static Setting usual() {
            return new Setting(
                    new GatewayConfig("127.0.0.1", 0, null, limits(), Duration.ofSeconds(5)),
                    LogOptions.DEFAULTS,
                    1,
                    null);
        }

        Setting with(GatewayConfig.Limits limits) {
            return new Setting(
                    new GatewayConfig(config.address(), 0, config.tls(), limits, config.drain()),
                    logOptions,
                    partitions,
                    logFolder);
        }

        Setting with(GatewayConfig.Tls tls) {
            return new Setting(
                    new GatewayConfig(config.address(), 0, tls, config.limits(), config.drain()),
                    logOptions,
                    partitions,
                    logFolder);
        }

        Setting with(LogOptions options) {
            return new Setting(config, options, partitions, logFolder);
        }

        Setting partitions(int count) {
            return new Setting(config, logOptions, count, logFolder);
        }

        Setting logIn(Path other) {
            return new Setting(config, logOptions, partitions, other);
        }
    }

    /** For all tries of properties, which JUnit gives no folders. */
    static TestGateway shared(String name) {
        try {
            return new TestGateway(
                    Files.createTempDirectory(Path.of("target"), name).toAbsolutePath());
        } catch (Exception e) {
            throw new AssertionError("The server did not start", e);
        }
    }

    /** Small enough for tests to reach. */
    static GatewayConfig.Limits limits() {
        return limits(Duration.ofSeconds(30), null, 1000);
    }

    static GatewayConfig.Limits limits(Duration patience, @Nullable Integer requestsPerSecond, int connections) {
        return new GatewayConfig.Limits(
                new ByteSize(200_000),
                new ByteSize(10_000),
                connections,
                new ByteSize(4 << 20),
                requestsPerSecond,
                3,
                patience,
                patience,
                1000,
                patience);
    }

    TestGateway(Path folder) throws Exception {
        this(folder, Setting.usual());
    }

    TestGateway(Path folder, Setting setting) throws Exception {
        this.logFolder = setting.logFolder() == null ? folder.resolve("log") : setting.logFolder();
        this.config = setting.config();
        this.logOptions = setting.logOptions();
        this.partitions = setting.partitions();
        auth = Auth.open(folder, AuthConfig.BuiltIn.defaults(), InstantSource.system(), new SecureRandom());
        token = token("tester", Set.of(Scope.EVENTS_WRITE, Scope.DATA_READ));
        log = openLog();
        stream = log.writer("events", partitions);
        gateway = Gateway.start(config, auth, Routes.NONE.and(new Intake("/events", stream)), telemetry);
    }

    private Log openLog() throws IOException {
        return Log.openForWriting(logFolder, logOptions, InstantSource.system(), event -> {});
    }

    /** A token of a new client, or of one that is there. */
    String token(String client, Set<Scope> scopes) throws Exception {
        var issuer = auth.issuer().orElseThrow();
        if (issuer.clients().list().stream().noneMatch(known -> known.id().equals(client))) {
            issuer.clients().add(client, scopes);
        }
        return issuer.token(client).token();
    }

    /** As after a crash or an update: everything is opened again. */
    void restart() throws Exception {
        gateway.close();
        log.close();
        log = openLog();
        stream = log.writer("events", partitions);
        gateway = Gateway.start(config, auth, Routes.NONE.and(new Intake("/events", stream)), telemetry);
    }

    int port() {
        return gateway.port();
    }

    URI uri(String path) {
        return URI.create((config.tls() == null ? "http" : "https") + "://127.0.0.1:" + port() + path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token);
    }

    HttpResponse<String> post(String type, String body, String... headers) throws Exception {
        return post(type, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpResponse<String> post(String type, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request =
                request("/events").header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    HttpResponse<String> json(String body, String... headers) throws Exception {
        return post("application/json", body, headers);
    }

    HttpResponse<String> ndjson(String body, String... headers) throws Exception {
        return post("application/x-ndjson", body, headers);
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** All records of all partitions of the stream, in the order of the partitions. */
    List<String> records() throws Exception {
        List<String> records = new ArrayList<>();
        for (PartitionName partition : log.partitions("events")) {
            records.addAll(records(partition));
        }
        return records;
    }

    List<String> records(PartitionName partition) throws Exception {
        List<String> records = new ArrayList<>();
        try (PartitionReader reader = log.reader(partition, new Start.Earliest())) {
            while (true) {
                Reading reading = reader.next(1 << 20, Duration.ZERO);
                if (!(reading instanceof Stretch stretch)) {
                    return records;
                }
                String text = new String(
                        stretch.bytes(), stretch.from(), stretch.to() - stretch.from(), StandardCharsets.ISO_8859_1);
                records.addAll(List.of(text.split("\n")));
            }
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String json) {
        return JSON.readValue(json, Map.class);
    }

    @Override
    public void close() throws IOException {
        http.close();
        gateway.close();
        log.close();
        auth.close();
    }
}
