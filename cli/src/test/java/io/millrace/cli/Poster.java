package io.millrace.cli;

import io.millrace.testkit.LiveSystem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Posts single events, each once, and keeps those that were acknowledged in a file of events, so that they count for
 * {@link LiveSystem#checkExact}. Used by one thread.
 */
final class Poster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI to;
    private final String token;
    private final Path acknowledged;
    private int posted;
    private int taken;

    private Poster(URI to, String token, Path acknowledged) {
        this.to = to;
        this.token = token;
        this.acknowledged = acknowledged;
    }

    /** For a server that is up: its demo client is who posts. */
    static Poster to(LiveSystem system, int port) throws IOException, InterruptedException {
        String token = LiveSystem.expect(system.launcher().run("token", "--client", "demo"))
                .out()
                .strip();
        Path file = Files.writeString(
                system.folder().resolve("events-posted-" + port + ".jsonl"), "", StandardOpenOption.CREATE);
        return new Poster(URI.create("http://127.0.0.1:" + port + "/liveEvent"), token, file);
    }

    HttpResponse<String> post() throws IOException, InterruptedException {
        String event = "{\"userId\":\"posted" + posted++ % 7 + "\",\"name\":\"add_revenue\",\"value\":" + posted + "}";
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(to)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.ofString(event))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 202) {
            Files.writeString(acknowledged, event + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
            taken++;
        }
        return answer;
    }

    /** How many were acknowledged. */
    int taken() {
        return taken;
    }

    @Override
    public void close() {
        client.close();
    }
}
