package io.millrace.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.auth.Scope;
import io.millrace.server.openapi.Contract.Op;
import io.millrace.server.openapi.RawHttp.Ask;
import io.millrace.server.openapi.RawHttp.Got;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every example of /openapi.json is sent, or provoked, and is answered as the document says. */
class ExamplesTest {

    /** What is documented and can't be provoked here, with the test that has it. */
    private static final Map<String, String> NOT_HERE = Map.of(
            "stopping", "the server would have to be shutting down: DirectLifeTest",
            "too-slow", "takes as long as a client may be silent: LimitsTest",
            "too-many-bytes", "takes as much memory as there is for bodies: LimitsTest",
            "queue-full", "takes a disk that is slower than clients: LimitsTest",
            "disk-full", "takes a full disk: LimitsTest",
            "log-failed", "takes a broken log: LimitsTest",
            "query-too-slow", "takes a query of ten seconds: TablesTest",
            "too-many-scans", "takes two scans of a long log at the same moment: StreamEventsTest",
            "temporarily_unavailable", "takes more secrets to check than cores at the same moment: SecretCheckTest");

    private static final String AWAY = """
            pipeline: away
            from: { http: { path: /away } }
            transform: SELECT CAST(id AS VARCHAR) AS id, COUNT(*) AS n FROM input GROUP BY CAST(id AS VARCHAR)
            into: { postgres: { table: away, key: [id], url: "postgresql://x:y@127.0.0.1:1/none" } }
            serve:
              - { path: "/away/{id}" }
              - { path: "/away" }
            """;

    @TempDir
    private static Path folder;

    private static RunningServer server;
    private static Contract contract;
    private static String token;
    private static String secret;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder, null, RunningServer.TYPED, RunningServer.MEANS, RunningServer.PAIRS, AWAY);
        assertThat(server.warnings).isEmpty();
        contract = server.contract();
        token = server.token("tester", EnumSet.allOf(Scope.class));
        secret = server.secret("examples", EnumSet.of(Scope.DATA_READ));
        assertThat(server.post(
                                "/liveEvent",
                                "application/json",
                                "{\"userId\":\"abc\",\"name\":\"add_revenue\",\"value\":1}",
                                token)
                        .status())
                .isEqualTo(202);
        JsonNode typed = contract.operation("POST", "/typed")
                .bodies()
                .path("application/json")
                .path("examples")
                .path("object")
                .path("value");
        Got stored = server.post("/typed", "application/json", typed.toString(), token);
        assertThat(stored.status()).as(stored.toString()).isEqualTo(202);
        assertThat(stored.text()).contains("\"refused\":[]");
        for (String row : List.of("/userRevenue/abc", "/typed/abc", "/means/1", "/pairs/abc/2026-11-21")) {
            server.await(row, token);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Got send(Ask ask) throws Exception {
        try (RawHttp http = new RawHttp(server.port())) {
            return http.send(ask);
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }

    /** The target of an operation with the examples of its parameters. */
    static String target(Op op) {
        String path = op.path();
        for (JsonNode parameter : op.parameters("path")) {
            path = path.replace(
                    "{" + parameter.path("name").stringValue() + "}", encode(text(parameter.path("example"))));
        }
        List<String> query = new ArrayList<>();
        for (JsonNode parameter : op.parameters("query")) {
            if (parameter.has("example")) {
                query.add(parameter.path("name").stringValue() + "=" + encode(text(parameter.path("example"))));
            }
        }
        return path + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }

    private record Example(String media, String name, String body) {}

    private static List<Example> bodies(Op op) {
        List<Example> bodies = new ArrayList<>();
        op.bodies()
                .properties()
                .forEach(media -> media.getValue()
                        .path("examples")
                        .properties()
                        .forEach(example -> bodies.add(new Example(
                                media.getKey(),
                                example.getKey(),
                                text(example.getValue().path("value"))))));
        return bodies;
    }

    private static List<String> headers(Op op, String... more) {
        List<String> headers = new ArrayList<>(List.of(more));
        if (op.secured()) {
            headers.add(token);
        }
        return headers;
    }

    @Test
    void everyRequestExampleIsAnsweredAsDocumented() throws Exception {
        Set<String> seen = new HashSet<>();
        for (Op op : contract.operations()) {
            if (op.bodies().isMissingNode()) {
                if (op.path().startsWith("/away")) {
                    continue;
                }
                Ask ask = new Ask(op.method(), target(op), headers(op), null);
                Got got = send(ask);
                contract.check(op, got, ask);
                assertThat(got.status()).as("%s: %s", ask, got).isEqualTo(200);
                if (got.headers().containsKey("etag")) {
                    Got again = send(new Ask(
                            op.method(),
                            target(op),
                            headers(op, "If-None-Match: " + got.headers().get("etag")),
                            null));
                    contract.check(op, again, ask);
                    assertThat(again.status()).isEqualTo(304);
                }
                seen.add(op.name());
            }
            for (Example example : bodies(op)) {
                JsonNode schema = op.bodies().path(example.media()).path("schema");
                if (example.media().equals("application/json")) {
                    assertThat(contract.errors(schema, Contract.JSON.readTree(example.body())))
                            .as("%s %s", op, example)
                            .isEmpty();
                }
                byte[] body = example.body().getBytes(StandardCharsets.UTF_8);
                for (boolean gzip : List.of(false, true)) {
                    String encoding = gzip ? "Content-Encoding: gzip" : "Content-Encoding: identity";
                    Ask ask = new Ask(
                            op.method(),
                            target(op),
                            headers(
                                    op,
                                    "Content-Type: " + example.media(),
                                    encoding,
                                    "Idempotency-Key: " + UUID.randomUUID()),
                            gzip ? gzip(body) : body);
                    Got got = send(ask);
                    contract.check(op, got, ask);
                    assertThat(got.status()).as("%s: %s", example, got).isEqualTo(202);
                    assertThat(got.text()).contains("\"refused\":[]");
                    seen.add(op.name());
                }
            }
        }
        assertThat(seen)
                .contains(
                        "POST /liveEvent",
                        "GET /liveEvent/_progress",
                        "GET /userRevenue/{user_id}",
                        "GET /userRevenue",
                        "GET /userEvents/{user_id}",
                        "GET /openapi.json",
                        "GET /docs",
                        "GET /docs/{file}",
                        "GET /.well-known/jwks.json");
    }

    private static byte[] gzip(byte[] body) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    @Test
    void everyExampleOfAProblemIsWhatIsAnswered() throws Exception {
        Map<String, String> left = new TreeMap<>();
        for (Op op : contract.operations()) {
            for (Map.Entry<String, JsonNode> response :
                    op.json().path("responses").properties()) {
                int status = Integer.parseInt(response.getKey());
                for (Map.Entry<String, JsonNode> media :
                        response.getValue().path("content").properties()) {
                    for (Map.Entry<String, JsonNode> example :
                            media.getValue().path("examples").properties()) {
                        JsonNode value = example.getValue().path("value");
                        assertThat(contract.errors(media.getValue().path("schema"), value))
                                .as("%s %s", op, value)
                                .isEmpty();
                        if (status >= 400) {
                            problem(op, status, example.getKey(), value, left);
                        }
                    }
                }
            }
        }
        assertThat(NOT_HERE.keySet()).isEqualTo(left.keySet());
    }

    private static void problem(Op op, int status, String kind, JsonNode example, Map<String, String> left)
            throws Exception {
        boolean away = op.path().startsWith("/away/")
                || (op.path().equals("/away") && op.method().equals("GET"));
        if (kind.equals(away ? "no-such-row" : "database-away")) {
            // Each database is either there or away; the handlers are the same.
            return;
        }
        if (NOT_HERE.containsKey(kind)) {
            left.put(kind, op.name());
            return;
        }
        Got got = provoke(op, kind);
        assertThat(got.status()).as("%s %s: %s", op, kind, got).isEqualTo(status);
        contract.check(op, got, kind);
        JsonNode body = Contract.JSON.readTree(got.body());
        for (String member : List.of("type", "title", "error")) {
            assertThat(body.path(member)).as("%s %s: %s", op, kind, got).isEqualTo(example.path(member));
        }
        assertThat(new HashSet<>(body.propertyNames())).containsAll(example.propertyNames());
        for (String header : op.response(status).path("headers").propertyNames()) {
            if (List.of("WWW-Authenticate", "Accept-Encoding").contains(header) && status != 415) {
                assertThat(got.headers()).containsKey(header.toLowerCase(java.util.Locale.ROOT));
            }
        }
    }

    private static Got provoke(Op op, String kind) throws Exception {
        String target = target(op);
        Example body = bodies(op).stream().findFirst().orElse(null);
        String type = "Content-Type: " + (body == null ? "application/json" : body.media());
        byte[] bytes = body == null ? null : body.body().getBytes(StandardCharsets.UTF_8);
        return switch (kind) {
            case "bad-request" -> send(new Ask(op.method(), target, List.of("no header"), null));
            case "target-too-long" -> send(new Ask(op.method(), target + "?" + "x".repeat(10_000), headers(op), null));
            case "unauthorized" -> send(new Ask(op.method(), target, List.of(type), bytes));
            case "forbidden" -> {
                Set<Scope> others =
                        EnumSet.complementOf(EnumSet.of(Scope.of(op.scope()).orElseThrow()));
                String other = server.token("c" + UUID.randomUUID(), others);
                yield send(new Ask(op.method(), target, List.of(type, other), bytes));
            }
            case "malformed-json" -> send(new Ask("POST", target, headers(op, type), utf8("{\"a\":")));
            case "no-records" -> send(new Ask("POST", target, headers(op, type), utf8(" ")));
            case "key-in-use" -> {
                String key = "Idempotency-Key: " + UUID.randomUUID();
                send(new Ask("POST", target, headers(op, type, key), bytes));
                yield send(new Ask(
                        "POST", target, headers(op, type, key), utf8("[" + body(body) + "," + body(body) + "]")));
            }
            case "body-too-large" ->
                send(new Ask("POST", target, headers(op, type), new byte[RunningServer.MOST_BODY + 1]));
            case "record-too-large" ->
                send(new Ask(
                        "POST",
                        target,
                        headers(op, type),
                        utf8("{\"a\":\"" + "x".repeat(RunningServer.MOST_RECORD) + "\"}")));
            case "unsupported-type" -> send(new Ask("POST", target, headers(op, "Content-Type: text/plain"), bytes));
            case "unsupported-encoding" ->
                send(new Ask("POST", target, headers(op, type, "Content-Encoding: br"), bytes));
            case "all-refused" -> send(new Ask("POST", target, headers(op, type), utf8("{\"id\":1}")));
            case "no-such-row" ->
                send(new Ask("GET", target.replace("abc", "nobody").replace("/1", "/2"), headers(op), null));
            case "no-such-path" -> send(new Ask("GET", target + "x", headers(op), null));
            case "database-away" -> send(new Ask("GET", target, headers(op), null));
            case "invalid_request" -> form("");
            case "invalid_client" -> form("grant_type=client_credentials&client_id=examples&client_secret=wrong");
            case "too_many_attempts" -> {
                Got got = form("grant_type=client_credentials&client_id=guessed&client_secret=wrong");
                for (int i = 0; i < 100 && got.status() == 401; i++) {
                    got = form("grant_type=client_credentials&client_id=guessed&client_secret=wrong" + i);
                }
                yield got;
            }
            default -> throw new AssertionError("Nothing here provokes " + kind + " of " + op);
        };
    }

    private static String body(@org.jspecify.annotations.Nullable Example example) {
        return example == null ? "" : example.body();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Got form(String form) throws Exception {
        return server.post("/oauth2/token", "application/x-www-form-urlencoded", form);
    }

    @Test
    void theDialogOfThePageGetsItsTokenWhereTheDocumentSays() throws Exception {
        JsonNode flow = contract.document
                .path("components")
                .path("securitySchemes")
                .path("oauth2")
                .path("flows")
                .path("clientCredentials");
        String basic = java.util.Base64.getEncoder().encodeToString(utf8("examples:" + secret));
        Got got = server.post(
                flow.path("tokenUrl").stringValue(),
                "application/x-www-form-urlencoded",
                "grant_type=client_credentials&scope=data%3Aread",
                "Authorization: Basic " + basic,
                "X-Requested-With: XMLHttpRequest");
        contract.check(contract.operation("POST", "/oauth2/token"), got, "a token");
        assertThat(got.status()).isEqualTo(200);
        assertThat(flow.path("scopes").propertyNames()).contains("data:read", "events:write");
    }

    @Test
    void whoSendsTooMuchIsToldAsDocumented(@TempDir Path other) throws Exception {
        try (RunningServer limited = new RunningServer(other, 1)) {
            Contract told = limited.contract();
            String greedy = limited.token("greedy", EnumSet.allOf(Scope.class));
            for (Op op : told.operations()) {
                if (!op.secured()) {
                    assertThat(op.response(429).path("content").has("application/problem+json"))
                            .isFalse();
                    continue;
                }
                Got got;
                do {
                    // The first may still be within what is allowed.
                    got = op.method().equals("GET")
                            ? limited.get(target(op), greedy)
                            : limited.post(target(op), "application/json", "{}", greedy);
                } while (got.status() != 429);
                told.check(op, got, op);
                assertThat(got.headers()).containsKey("retry-after");
                assertThat(Contract.JSON.readTree(got.body()).path("title"))
                        .isEqualTo(op.response(429)
                                .path("content")
                                .path("application/problem+json")
                                .path("examples")
                                .path("too-many-requests")
                                .path("value")
                                .path("title"));
            }
        }
    }
}
