package io.millrace.server.openapi;

import io.millrace.api.ByteSize;
import io.millrace.log.LogOptions;
import io.millrace.log.Retention;
import io.millrace.server.Server;
import io.millrace.server.ServerListener;
import io.millrace.server.ServerOptions;
import io.millrace.server.auth.Auth;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.Scope;
import io.millrace.server.gateway.GatewayConfig;
import io.millrace.server.openapi.RawHttp.Ask;
import io.millrace.server.openapi.RawHttp.Got;
import io.millrace.server.ops.Notice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A whole server with pipelines of its own and the embedded PostgreSQL. */
final class RunningServer implements AutoCloseable {

    static final int MOST_BODY = 200_000;
    static final int MOST_RECORD = 10_000;

    /** A value of each type, in rows that are told apart by a text, by a number, and by a text and a date. */
    static final String TYPED = """
            pipeline: typed
            from: { http: { path: /typed } }
            columns:
              id: VARCHAR NOT NULL
              flag: BOOLEAN
              small: INTEGER
              big: BIGINT NOT NULL
              x: DOUBLE
              amount: DECIMAL(10, 2)
              born: DATE NOT NULL
              noted: TIMESTAMP
              seen: TIMESTAMP WITH TIME ZONE
              doc: JSON
              tags: VARCHAR ARRAY
              inner.deep: BIGINT
            contract: { on_violation: reject }
            transform: SELECT id, flag, small, big, x, amount, born, noted, seen, doc, tags, t.inner.deep AS deep FROM input t
            into: { postgres: { table: typed, key: [id], version: big } }
            serve:
              - { path: "/typed/{id}" }
              - { path: "/typed" }
              - { path: "/typedEvents/{big}", events: big }
              - { path: "/foreign/{id}", table: typed, columns: [id, doc, tags] }
              - { path: "/foreign", table: typed, columns: [id, doc, tags] }
            """;

    static final String MEANS = """
            pipeline: means
            from: { http: { path: /typed } }
            columns: { big: BIGINT NOT NULL, x: DOUBLE, amount: "DECIMAL(10, 2)" }
            transform: SELECT big, AVG(x) AS mean, AVG(amount) AS fair, SUM(amount) AS total, COUNT(*) AS n FROM input GROUP BY big
            into: { postgres: { table: means, key: [big] } }
            serve:
              - { path: "/means/{big}" }
              - { path: "/means" }
            """;

    static final String PAIRS = """
            pipeline: pairs
            from: { http: { path: /typed } }
            columns: { id: VARCHAR NOT NULL, born: DATE NOT NULL }
            transform: SELECT id, born, COUNT(*) AS n FROM input GROUP BY id, born
            into: { postgres: { table: pairs, key: [id, born] } }
            serve:
              - { path: "/pairs/{id}" }
              - { path: "/pairs/{id}/{born}" }
            """;

    private final Path home;
    private final Path pipelines;
    private final Server server;
    final List<String> warnings = new CopyOnWriteArrayList<>();

    RunningServer(Path folder, @Nullable Integer requestsPerSecond, String... files) throws Exception {
        home = folder.resolve("home");
        pipelines = Files.createDirectories(folder.resolve("pipelines"));
        for (String file : List.of("user-revenue.yaml", "event.schema.json")) {
            Files.copy(
                    Path.of("../examples/revenue", file), pipelines.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        for (String file : files) {
            write(file.lines().findFirst().orElseThrow().substring("pipeline: ".length()) + ".yaml", file);
        }
        GatewayConfig.Limits limits = new GatewayConfig.Limits(
                new ByteSize(MOST_BODY),
                new ByteSize(MOST_RECORD),
                1000,
                new ByteSize(64 << 20),
                requestsPerSecond,
                1,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                1000,
                Duration.ofSeconds(30));
        ServerOptions options = new ServerOptions(
                home,
                pipelines,
                Map.of(),
                Map.of(),
                new GatewayConfig("127.0.0.1", 0, null, limits, Duration.ofSeconds(5)),
                AuthConfig.BuiltIn.defaults(),
                LogOptions.DEFAULTS,
                new Retention(Duration.ofDays(1), Long.MAX_VALUE),
                false);
        server = Server.start(options, new ServerListener() {
            @Override
            public void notice(Notice notice) {
                if (notice.level() != Notice.Level.INFO) {
                    warnings.add(notice.message());
                }
            }

            @Override
            public void refused(Path file, List<io.millrace.engine.yaml.Problem> problems, boolean kept) {
                warnings.add(file + ": " + problems);
            }
        });
    }

    void write(String name, String pipeline) throws Exception {
        Path written = Files.writeString(home.resolveSibling(name), pipeline);
        Files.move(written, pipelines.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void remove(String name) throws Exception {
        Files.delete(pipelines.resolve(name));
    }

    int port() {
        return server.address().getPort();
    }

    /** A client of its own, made while the server runs, and its secret. */
    String secret(String client, Set<Scope> scopes) throws Exception {
        try (Auth auth = Auth.open(home, AuthConfig.BuiltIn.defaults(), InstantSource.system(), new SecureRandom())) {
            return auth.issuer().orElseThrow().clients().add(client, scopes).secret();
        }
    }

    /** A header with a token of a client that may do this. */
    String token(String client, Set<Scope> scopes) throws Exception {
        try (Auth auth = Auth.open(home, AuthConfig.BuiltIn.defaults(), InstantSource.system(), new SecureRandom())) {
            auth.issuer().orElseThrow().clients().add(client, scopes);
            return "Authorization: Bearer "
                    + auth.issuer().orElseThrow().token(client).token();
        }
    }

    Got get(String target, String... headers) throws Exception {
        try (RawHttp http = new RawHttp(port())) {
            return http.send(new Ask("GET", target, List.of(headers), null));
        }
    }

    Got post(String target, String type, String body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type: " + type);
        try (RawHttp http = new RawHttp(port())) {
            return http.send(new Ask("POST", target, all, body.getBytes(StandardCharsets.UTF_8)));
        }
    }

    Contract contract() throws Exception {
        return new Contract(get("/openapi.json").body());
    }

    /** Waits until a path answers 200. */
    void await(String target, String header) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> get(target, header).status() == 200);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
