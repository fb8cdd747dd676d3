package io.millrace.cli.send;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Asks a server how its pipelines do. Thread-safe. */
public final class PipelineStates {

    private final AuthorizedHttp http;
    private final URI address;

    /** @param target any URL of the server */
    public PipelineStates(Http http, TokenSource tokens, URI target) {
        this.http = new AuthorizedHttp(http, tokens);
        this.address = target.resolve("/pipelines");
    }

    /**
     * What there is to say of a pipeline.
     *
     * @param reason why it does not run; empty where it does
     * @param lag how far it is behind the log; null where it reads none
     */
    public record State(
            String pipeline,
            String state,
            String reason,
            double receivedPerSecond,
            double loadedPerSecond,
            long received,
            long quarantined,
            long commits,
            double lastCommitSeconds,
            @Nullable Lag lag) {}

    /** How far a pipeline is behind. */
    public record Lag(long records, double seconds) {}

    /**
     * All of it.
     *
     * @param refused files that can't be used
     */
    public record States(List<State> pipelines, List<String> refused) {}

    /** The server answers, and will say the same another time: the token does not do, or it is no such server. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Asks.
     *
     * @throws IOException where there is no answer now; the message is for a person
     * @throws RefusedException where there will be none
     */
    public States read() throws IOException, RefusedException, InterruptedException {
        HttpResponse<byte[]> response = http.send(HttpRequest.newBuilder(address)
                .header("Accept", "application/json")
                .GET());
        int status = response.statusCode();
        if (!Statuses.good(status)) {
            String text = address + " answers " + Statuses.text(status)
                    + (status == 403 ? "; the scope ops:run is needed" : "");
            if (Statuses.passing(status)) {
                throw new IOException(text);
            }
            throw new RefusedException(text);
        }
        JsonNode body = Json.object(response.body())
                .orElseThrow(() -> new RefusedException(address + " answers, but not as Millrace does"));
        List<State> states = new ArrayList<>();
        for (JsonNode one : body.path("pipelines")) {
            JsonNode lag = one.path("lag");
            states.add(new State(
                    Json.text(one, "pipeline"),
                    Json.text(one, "state"),
                    Json.text(one, "reason"),
                    one.path("received_per_second").asDouble(0),
                    one.path("loaded_per_second").asDouble(0),
                    one.path("received").asLong(0),
                    one.path("quarantined").asLong(0),
                    one.path("commits").asLong(0),
                    one.path("last_commit_seconds").asDouble(0),
                    lag.isObject()
                            ? new Lag(
                                    lag.path("records").asLong(0),
                                    lag.path("seconds").asDouble(0))
                            : null));
        }
        List<String> refused = new ArrayList<>();
        for (JsonNode one : body.path("refused")) {
            refused.add(Json.text(one, "file"));
        }
        return new States(states, refused);
    }
}
