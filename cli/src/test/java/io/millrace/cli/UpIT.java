package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.millrace.testkit.Launcher;
import io.millrace.testkit.Launcher.Result;
import io.millrace.testkit.Launcher.Running;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of README for live events, with the launcher and the embedded database. */
class UpIT {

    private static final Pattern ADDRESS = Pattern.compile("listening at (http://\\S+)");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void eventsThatAreSentAreInTheTableAndCanBeAskedFor() throws Exception {
        Launcher launcher = Launcher.ofThisTree(folder.resolve("home"));
        Path example = Objects.requireNonNull(launcher.script().getParent()).resolve("examples/revenue");
        try (Running server = launcher.start("up", example.toString(), "--port", "0");
                HttpClient client = HttpClient.newHttpClient()) {
            String address = Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> address(server), found -> !found.isEmpty());
            String to = address + "/liveEvent";

            for (int round = 0; round < 2; round++) {
                // The second time the gateway knows all of it by its keys.
                Result sent =
                        launcher.run("send", example.resolve("events.jsonl").toString(), "--to", to, "--verify");
                assertThat(sent.exitCode()).as(sent.toString()).isZero();
                assertThat(sent.out()).contains("verified  user-revenue has taken everything");
            }

            Result token = launcher.run("token", "--client", "demo");
            assertThat(token.exitCode()).as(token.toString()).isZero();
            String bearer = "Bearer " + token.out().strip();
            HttpResponse<String> row = get(client, address + "/userRevenue/user1", bearer);
            assertThat(row.statusCode()).isEqualTo(200);
            assertThat(row.body()).isEqualTo("{\"user_id\":\"user1\",\"revenue\":44,\"events\":4}");
            assertThat(row.headers().firstValue("ETag")).isPresent();
            assertThat(get(client, address + "/userRevenue?limit=3", bearer).body())
                    .startsWith("{\"rows\":[{\"user_id\":\"user1\"")
                    .contains("\"next\":\"");
            assertThat(get(client, address + "/userEvents/user1", bearer).body())
                    .contains("{\"userId\":\"user1\",\"name\":\"add_revenue\",\"value\":24}");
            assertThat(get(client, address + "/userRevenue/user1", "Bearer forged")
                            .statusCode())
                    .isEqualTo(401);

            Result query = launcher.run("query", "SELECT sum(events) AS n FROM live_users_revenue", "--format", "csv");
            assertThat(query.out().lines().toList()).containsExactly("n", "48");
            Result log = launcher.run("log", "verify");
            assertThat(log.exitCode()).as(log.toString()).isZero();

            long asked = System.nanoTime();
            server.signal("TERM");
            Result end = server.await();
            assertThat(end.exitCode()).as(end.toString()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(10));
        }
        Result ledger = launcher.run("ledger", "user-revenue");
        assertThat(ledger.exitCode()).as(ledger.toString()).isZero();
    }

    @Test
    void anAudienceOfYourOwnHoldsForSendAndTopToo() throws Exception {
        Path config = Files.writeString(folder.resolve("millrace.yaml"), """
                auth:
                  built_in:
                    issuer: https://events.example.com
                    audience: x
                """);
        Launcher plain = Launcher.ofThisTree(folder.resolve("home"));
        Launcher launcher = plain.with("MILLRACE_CONFIG", config.toString());
        Path example = Objects.requireNonNull(launcher.script().getParent()).resolve("examples/revenue");
        try (Running server = launcher.start("up", example.toString(), "--port", "0")) {
            String address = Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> address(server), found -> !found.isEmpty());

            Result sent = launcher.run(
                    "send", example.resolve("events.jsonl").toString(), "--to", address + "/liveEvent", "--verify");
            assertThat(sent.exitCode()).as(sent.toString()).isZero();
            Result top = plain.run("top", "--once", "--to", address, "--config", config.toString());
            assertThat(top.exitCode()).as(top.toString()).isZero();
            assertThat(top.out()).contains("user-revenue");

            // Which is not to say that any audience does.
            Result other = plain.run("top", "--once", "--to", address);
            assertThat(other.exitCode()).as(other.toString()).isEqualTo(1);
            assertThat(other.err()).contains("401");
        }
    }

    @Test
    void whereOthersCouldReachItItDoesNotStartWithoutTlsAndClients() throws Exception {
        Launcher launcher = Launcher.ofThisTree(folder.resolve("home"));
        Path example = Objects.requireNonNull(launcher.script().getParent()).resolve("examples/revenue");

        Result up = launcher.run("up", example.toString(), "--port", "0", "--address", "0.0.0.0");

        assertThat(up.exitCode()).isEqualTo(1);
        assertThat(up.err()).contains("Millrace does not start").contains("--insecure");
    }

    @Test
    void pipelinesComeFromAUrlAndStayWhileItIsAway() throws Exception {
        Launcher launcher = Launcher.ofThisTree(folder.resolve("home"));
        Path example =
                Objects.requireNonNull(launcher.script().getParent()).resolve("examples/revenue/user-revenue.yaml");
        // A single file has no schema beside it.
        byte[] pipeline = Files.readString(example)
                .replaceFirst(
                        "contract:\n  schema:[^\n]*\n",
                        "columns: { userId: VARCHAR NOT NULL, name: VARCHAR NOT NULL, value: BIGINT NOT NULL }\n")
                .getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/flows/pipeline.yaml", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, pipeline.length);
                exchange.getResponseBody().write(pipeline);
            }
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/flows/pipeline.yaml";
        for (boolean away : new boolean[] {false, true}) {
            if (away) {
                server.stop(0);
            }
            try (Running up = launcher.start("up", url, "--port", "0")) {
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> address(up), found -> !found.isEmpty());
                assertThat(up.err()).contains("pipeline user-revenue runs, into live_users_revenue");
                assertThat(up.err().contains("no pipelines from " + url)).isEqualTo(away);
                up.signal("TERM");
                Result end = up.await();
                assertThat(end.exitCode()).as(end.toString()).isZero();
            }
        }
        Result elsewhere = launcher.run("up", "http://192.0.2.1/pipeline.yaml");
        assertThat(elsewhere.exitCode()).isEqualTo(2);
        assertThat(elsewhere.err()).contains("https only");
    }

    private static String address(Running server) {
        assertThat(server.process().isAlive()).as(server.err()).isTrue();
        Matcher matcher = ADDRESS.matcher(server.err());
        return matcher.find() ? matcher.group(1) : "";
    }

    private static HttpResponse<String> get(HttpClient client, String url, String bearer) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", bearer)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
