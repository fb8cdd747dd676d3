package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.cli.send.TokenSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace send} as its user sees it. */
@Timeout(60)
class SendCommandTest {

    private static final String REFUSED =
            "{\"line\":2,\"code\":\"wrong_type\",\"field\":\"n\",\"message\":\"no number\"}";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path events;

    private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/events", exchange -> take(exchange, ""));
        server.createContext("/picky", exchange -> take(exchange, REFUSED));
        server.createContext("/closed", exchange -> answer(exchange, 403, "{\"title\":\"No\"}"));
        server.createContext(
                "/events/_progress",
                exchange -> answer(
                        exchange, 200, "{\"pipelines\":[{\"pipeline\":\"revenue\",\"committed\":{\"0-0\":9}}]}"));
        server.createContext(
                "/oauth2/token",
                exchange -> answer(
                        exchange, 200, "{\"access_token\":\"issued\",\"token_type\":\"Bearer\",\"expires_in\":60}"));
        server.start();
        events = Files.writeString(folder.resolve("events.jsonl"), "{\"n\":1}\n{\"n\":\"secret\"}\n{\"n\":3}\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aFileIsSentAndSummedUp() {
        Captured sent = send(Map.of(), events.toString(), "--to", url("/events"));

        assertThat(sent.exitCode()).as(sent.err()).isEqualTo(ExitCode.DONE);
        assertThat(sent.out().lines())
                .startsWith(
                        url("/events") + ": done",
                        "  sent      3  from 31 B",
                        "  accepted  3",
                        "  refused   0",
                        "  retried   0")
                .anyMatch(line -> line.matches("  elapsed   [0-9.]+ s, [0-9,]+/s, 1 request"));
        assertThat(sent.err()).doesNotContain("millrace");
        assertThat(bodies).containsExactly("{\"n\":1}\n{\"n\":\"secret\"}\n{\"n\":3}\n");
        assertThat(authorizations).containsExactly("none");
    }

    @Test
    void whatWasNotTakenIsListedAndKept() throws IOException {
        Captured sent = send(Map.of(), events.toString(), "--to", url("/picky"));

        assertThat(sent.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(sent.out()).contains("not everything was taken", "accepted  2", "refused   1");
        assertThat(sent.err())
                .contains(
                        "1 event of " + events + " was not taken, and kept in " + folder.resolve("events.unsent.jsonl"))
                .contains("  1  line 2: wrong_type in n: no number")
                .contains("millrace send " + folder.resolve("events.unsent.jsonl") + " --to " + url("/picky"))
                .doesNotContain("secret");
        assertThat(folder.resolve("events.unsent.jsonl")).hasContent("{\"n\":\"secret\"}\n");
    }

    @Test
    void aGatewayThatForbidsIsSaid() {
        Captured sent = send(
                Map.of(),
                events.toString(),
                "--to",
                url("/closed"),
                "--unsent",
                folder.resolve("rest").toString());

        assertThat(sent.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(sent.err()).contains("3  lines 1-3: the gateway answers 403 (forbidden", "kept in", "rest");
    }

    @Test
    void whatWasGivenUpCanBeSentByTheSameCommand() {
        String nobody = url("/events");
        server.stop(0);
        Captured sent = send(Map.of(), events.toString(), "--to", nobody, "--give-up-after", "50ms");

        assertThat(sent.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(sent.err())
                .contains("nothing listens there. Trying again.")
                .contains("3  lines 1-3: given up")
                .contains("The same command sends them again");
    }

    @Test
    void theStandardInputIsADash() {
        Captured sent = send(Map.of(), "-", "--to", url("/events"), "--single", "--parallel", "1");

        assertThat(sent.exitCode()).as(sent.err()).isEqualTo(ExitCode.DONE);
        assertThat(bodies).containsExactly("{\"in\":1}", "{\"in\":2}");
    }

    @Test
    void thePipelinesAreWaitedFor() {
        Captured sent = send(Map.of(), events.toString(), "--to", url("/events"), "--verify");
        assertThat(sent.exitCode()).as(sent.err()).isEqualTo(ExitCode.DONE);
        assertThat(sent.out())
                .containsPattern("verified  revenue has taken everything, [0-9.]+ s after the last answer");

        Captured slow = send(Map.of(), events.toString(), "--to", url("/picky"), "--verify", "--verify-within", "1s");
        assertThat(slow.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(slow.err()).contains("not verified");
    }

    @Test
    void tokensComeFromWhereTheUserSays() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "x\n");
        String to = url("/events");

        send(Map.of("MILLRACE_TOKEN", "ready"), events.toString(), "--to", to);
        send(Map.of("MILLRACE_CLIENT", "c", "MILLRACE_CLIENT_SECRET", "x"), events.toString(), "--to", to);
        send(
                Map.of("MILLRACE_TOKEN", "ready"),
                events.toString(),
                "--to",
                to,
                "--client",
                "c",
                "--secret-file",
                secret.toString());
        assertThat(authorizations).containsExactly("Bearer ready", "Bearer issued", "Bearer issued");
    }

    @Test
    void aGatewayOfThisMachineIsSentTheTokensOfTheHomeFolder() {
        List<String> asked = new ArrayList<>();
        SendTokens.Local local = (home, config) -> {
            asked.add(home + " " + config);
            return Optional.of(TokenSource.ready("local"));
        };
        Captured sent = run(
                Map.of("MILLRACE_HOME", "/h", "MILLRACE_AUTH_BUILT_IN_AUDIENCE", "ours"),
                local,
                events.toString(),
                "--to",
                url("/events"));
        assertThat(sent.exitCode()).as(sent.err()).isEqualTo(ExitCode.DONE);
        run(Map.of("MILLRACE_TOKEN", "ready"), local, events.toString(), "--to", url("/events"));

        assertThat(asked).singleElement().asString().startsWith("/h BuiltIn[").contains("audience=ours");
        assertThat(authorizations).containsExactly("Bearer local", "Bearer ready");
    }

    @Test
    void whereAProviderIssuesTokensOneHasToBeGiven() throws IOException {
        Path config = Files.writeString(folder.resolve("millrace.yaml"), """
                auth:
                  provider:
                    issuer: https://login.example.com/realms/main
                    audience: millrace
                """);
        String to = url("/events");
        for (String command : List.of("send", "top")) {
            List<String> args = new ArrayList<>(List.of(command, "--to", to, "--config", config.toString()));
            if (command.equals("send")) {
                args.add(events.toString());
            }
            Captured none = Captured.of(
                    Map.of("MILLRACE_HOME", folder.resolve("home").toString()), args.toArray(String[]::new));

            assertThat(none.exitCode()).as(none.toString()).isEqualTo(ExitCode.USAGE);
            assertThat(none.err())
                    .startsWith("millrace: a token has to be given")
                    .contains("https://login.example.com/realms/main", "MILLRACE_TOKEN", "--token-url");
        }
        assertThat(bodies).isEmpty();

        Captured given = Captured.of(
                Map.of("MILLRACE_TOKEN", "theirs"),
                "send",
                events.toString(),
                "--to",
                to,
                "--config",
                config.toString());
        assertThat(given.exitCode()).as(given.toString()).isEqualTo(ExitCode.DONE);
        assertThat(authorizations).containsExactly("Bearer theirs");
    }

    @Test
    void aConfigurationThatIsWrongIsSaidWhereATokenIsMadeByIt() throws IOException {
        Path config = Files.writeString(folder.resolve("millrace.yaml"), "auth: { built_in: { audienc: x } }\n");

        Captured wrong = send(Map.of(), events.toString(), "--to", url("/events"), "--config", config.toString());
        assertThat(wrong.exitCode()).as(wrong.toString()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err()).contains("millrace.yaml:1:", "audience");

        Captured given = send(
                Map.of("MILLRACE_TOKEN", "ready"),
                events.toString(),
                "--to",
                url("/events"),
                "--config",
                config.toString());
        assertThat(given.exitCode()).as(given.toString()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void onlyThisMachineIsThisMachine() {
        for (String local :
                List.of("http://localhost:8080/x", "http://127.0.0.1/x", "https://127.1.2.3/", "http://[::1]:1/")) {
            assertThat(SendTokens.loopback(URI.create(local))).as(local).isTrue();
        }
        for (String other : List.of(
                "http://localhost.example.com/x", "http://10.0.0.1/x", "http://[::2]/", "http://127.example/")) {
            assertThat(SendTokens.loopback(URI.create(other))).as(other).isFalse();
        }
    }

    @Test
    void aTokenIsSecretOnThisMachineAndWithTlsOnly() {
        assertThat(SendTokens.secret(URI.create("http://127.0.0.1/x"))).isTrue();
        assertThat(SendTokens.secret(URI.create("HTTPS://example.com/x"))).isTrue();
        assertThat(SendTokens.secret(URI.create("http://example.com/x"))).isFalse();
    }

    @Test
    void wrongUsageIsSaid() {
        String to = url("/events");
        String file = events.toString();
        Path empty = folder.resolve("empty");
        for (List<String> args : List.of(
                List.of(file),
                List.of("--to", to),
                List.of(file, "--to", "liveEvent"),
                List.of(file, "--to", "ftp://127.0.0.1/x"),
                List.of(file, "--to", "http://user:secret@127.0.0.1/x"),
                List.of(file, "--to", "http://a b/"),
                List.of("-", "-", "--to", to),
                List.of("-", "--to", to, "--watch"),
                List.of(file, "--to", to, "--watch", "--verify"),
                List.of(file, "--to", to, "--verify-within", "1s"),
                List.of(file, "--to", to, "--batch", "0"),
                List.of(file, "--to", to, "--batch-bytes", "3 apples"),
                List.of(file, "--to", to, "--batch-bytes", "99999999MB"),
                List.of(file, "--to", to, "--parallel", "-1"),
                List.of(file, "--to", to, "--rate", "0"),
                List.of(file, "--to", to, "--rate", "NaN"),
                List.of(file, "--to", to, "--timeout", "5"),
                List.of(file, "--to", to, "--timeout", "0s"),
                List.of(file, "--to", to, "--timeout", "99999d"),
                List.of(file, "--to", to, "--client", "c"),
                List.of(file, "--to", to, "--secret-file", file),
                List.of(file, "--to", to, "--token-url", to))) {
            Captured wrong = send(Map.of(), args.toArray(new String[0]));

            assertThat(wrong.exitCode()).as("%s: %s", args, wrong).isEqualTo(ExitCode.USAGE);
            assertThat(wrong.err()).as("%s", args).startsWith("millrace: ").doesNotContain("Exception", "secret@");
        }
        assertThat(bodies).isEmpty();
        assertThat(send(Map.of(), empty.toString(), "--to", to).err()).contains("empty: no such file or folder");
    }

    private Captured send(Map<String, String> environment, String... args) {
        return run(environment, (home, config) -> Optional.empty(), args);
    }

    /** The command alone, with a standard input of two lines. */
    private static Captured run(Map<String, String> environment, SendTokens.Local local, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                false,
                false,
                80);
        SendCommand command = new SendCommand(
                terminal,
                environment,
                new ByteArrayInputStream("{\"in\":1}\n{\"in\":2}".getBytes(StandardCharsets.UTF_8)),
                local);
        int code = Main.execute(
                terminal,
                command,
                Stream.concat(Stream.of("send"), Stream.of(args)).toArray(String[]::new));
        terminal.flush();
        return new Captured(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void take(HttpExchange exchange, String refused) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        bodies.add(body);
        authorizations.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("none"));
        answer(
                exchange,
                202,
                "{\"accepted\":" + (body.lines().count() - (refused.isEmpty() ? 0 : 1)) + ",\"refused\":[" + refused
                        + "],\"repeated\":false,\"positions\":{\"0-0\":9}}");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
