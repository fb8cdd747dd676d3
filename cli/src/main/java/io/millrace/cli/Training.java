package io.millrace.cli;

import io.millrace.log.LogOptions;
import io.millrace.log.Retention;
import io.millrace.server.OutputConfig;
import io.millrace.server.Server;
import io.millrace.server.ServerOptions;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.NewSecret;
import io.millrace.server.gateway.GatewayConfig;
import io.millrace.tests.TestSuite;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the JDK learns from when the AOT cache is made: one process that does what users do. Classes that it loads are in
 * the cache, and methods that it runs often are compiled early in every later process.
 *
 * <p>{@code Training SCRATCH_FOLDER PIPELINE_FILE [--without-database | --up]}
 */
final class Training {

    private static final String EVENTS = "300000";
    private static final String USERS = "20000";
    private static final int TRAINED_POSTS = 400;
    private static final String SENT_RATE = "200000";

    private static final String SCHEMA = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "type": "object",
              "properties": {
                "userId": { "type": "string", "minLength": 1, "maxLength": 200 },
                "name": { "enum": ["add_revenue", "subtract_revenue"] },
                "value": { "type": "integer", "minimum": 0 },
                "at": { "type": ["string", "null"], "format": "date-time" },
                "tags": { "type": "array", "items": { "type": "string", "pattern": "^[a-z]" } }
              },
              "required": ["userId", "name", "value"]
            }
            """;

    private final Terminal terminal;
    private final Map<String, String> environment;

    private Training(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    public static void main(String[] args) throws Exception {
        Path scratch = Path.of(args[0]);
        String pipeline = args[1];
        boolean database = !Arrays.asList(args).contains("--without-database");
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.remove("MILLRACE_DATABASE_URL");
        environment.put("MILLRACE_HOME", scratch.resolve("home").toString());
        Terminal terminal = Terminal.ofProcess(environment);
        Training training = new Training(terminal, environment);
        if (Arrays.asList(args).contains("--up")) {
            training.up(scratch, pipeline);
        } else {
            training.without(scratch, pipeline);
            if (database) {
                training.with(scratch, pipeline);
            }
        }
        terminal.flush();
        System.exit(ExitCode.DONE);
    }

    private void without(Path scratch, String pipeline) throws IOException {
        expect(ExitCode.DONE, "version");
        expect(ExitCode.DONE, "--help");
        expect(ExitCode.DONE, "lint", pipeline);
        Path wrong = Files.writeString(
                scratch.resolve("wrong.yaml"),
                Files.readString(Path.of(pipeline)).replace("userId AS", "userIds AS"));
        expect(ExitCode.USAGE, "lint", wrong.toString());
        expect(ExitCode.DONE, "lint", held(scratch, pipeline));
        expect(ExitCode.DONE, "test", pipeline.replace(".yaml", TestSuite.SUFFIX));
        expect(
                ExitCode.DONE,
                "generate",
                "revenue",
                "--events",
                EVENTS,
                "--users",
                USERS,
                "--out",
                events(scratch).toString());
    }

    private void with(Path scratch, String pipeline) throws IOException {
        String file = "file=" + events(scratch);
        expect(ExitCode.DONE, "run", pipeline, "--set", file);
        // With a database that exists, and a record that goes to the quarantine.
        Files.writeString(
                events(scratch),
                "{\"userId\":\"user1\",\"name\":\"multiply_revenue\",\"value\":1}\n",
                StandardOpenOption.APPEND);
        expect(ExitCode.DONE, "run", pipeline, "--set", file);
        // The same held to a contract, which that record breaks.
        expect(ExitCode.DONE, "run", held(scratch, pipeline), "--set", file);
        // With keys to remember, and then with keys that are remembered.
        String deduping = with(scratch, pipeline, "revenue-deduped", "dedupe: { key: [userId, value], within: 7d }");
        for (int round = 0; round < 2; round++) {
            String more = scratch.resolve("deduped" + round + ".jsonl").toString();
            expect(ExitCode.DONE, "generate", "revenue", "--events", EVENTS, "--users", USERS, "--out", more);
            expect(ExitCode.DONE, "run", deduping, "--set", "file=" + more);
        }
        for (String format : List.of("table", "csv", "json")) {
            expect(
                    ExitCode.DONE,
                    "query",
                    "SELECT *, events / 2.0 AS half, events > 3 AS many, NULL AS nothing FROM users_revenue LIMIT 2000",
                    "--format",
                    format);
        }
        expect(ExitCode.DONE, "ledger", "revenue-batch");
    }

    /** The same pipeline with something more, under a name of its own: for that all of the file is new. */
    private static String with(Path scratch, String pipeline, String name, String more) throws IOException {
        String text = Files.readString(Path.of(pipeline)).replace("pipeline: revenue-batch", "pipeline: " + name);
        return Files.writeString(scratch.resolve(name + ".yaml"), text + "\n" + more + "\n")
                .toString();
    }

    private static String held(Path scratch, String pipeline) throws IOException {
        Files.writeString(scratch.resolve("event.schema.json"), SCHEMA);
        return with(
                scratch, pipeline, "revenue-held", "contract: { schema: event.schema.json, additional: quarantine }");
    }

    /** A server that takes events, and answers, for a moment. */
    private void up(Path scratch, String pipeline) throws Exception {
        UpReport report = new UpReport(
                new Journal(terminal, OutputConfig.Format.TEXT, InstantSource.system()),
                new Invocation("millrace", List.of()));
        ServerOptions options = new ServerOptions(
                scratch.resolve("home"),
                Path.of(pipeline),
                Map.of(),
                environment,
                new GatewayConfig("127.0.0.1", 0, null, GatewayConfig.Limits.defaults(), Duration.ofSeconds(1)),
                AuthConfig.BuiltIn.defaults(),
                LogOptions.DEFAULTS,
                new Retention(Duration.ofDays(1), Long.MAX_VALUE),
                false);
        try (Server server = Server.start(options, report);
                HttpClient client = HttpClient.newHttpClient()) {
            report.listening(server);
            NewSecret demo = server.demo().orElseThrow();
            String basic = Base64.getEncoder()
                    .encodeToString((demo.clientId() + ":" + demo.secret()).getBytes(StandardCharsets.UTF_8));
            String token = answered(
                    client,
                    HttpRequest.newBuilder(server.address().resolve("/oauth2/token"))
                            .header("Authorization", "Basic " + basic)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials")));
            String bearer = "Bearer " + token.replaceAll("(?s).*\"access_token\"\\s*:\\s*\"([^\"]+)\".*", "$1");
            String event = "{\"userId\":\"user1\",\"name\":\"add_revenue\",\"value\":1}\n";
            for (int i = 0; i < TRAINED_POSTS; i++) {
                boolean single = i % 2 == 0;
                answered(
                        client,
                        HttpRequest.newBuilder(server.address().resolve("/liveEvent"))
                                .header("Authorization", bearer)
                                .header("Content-Type", single ? "application/json" : "application/x-ndjson")
                                .POST(HttpRequest.BodyPublishers.ofString(single ? event : event.repeat(100))));
            }
            String to = server.address().resolve("/liveEvent").toString();
            expect(
                    ExitCode.DONE,
                    "generate",
                    "revenue",
                    "--events",
                    EVENTS,
                    "--users",
                    USERS,
                    "--out",
                    events(scratch).toString());
            for (String more : List.of("--verify", "--single")) {
                expect(ExitCode.DONE, "send", events(scratch).toString(), "--to", to, more, "--rate", SENT_RATE);
                Files.writeString(events(scratch), event.repeat(TRAINED_POSTS));
            }
        }
    }

    private static String answered(HttpClient client, HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException("answered with " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private static Path events(Path scratch) {
        return scratch.resolve("events.jsonl");
    }

    private void expect(int code, String... args) {
        int came = Main.execute(terminal, environment, args);
        if (came != code) {
            terminal.flush();
            throw new IllegalStateException("'" + String.join(" ", args) + "' ended with " + came + ", not " + code);
        }
    }
}
