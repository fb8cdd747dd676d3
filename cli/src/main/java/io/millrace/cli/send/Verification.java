package io.millrace.cli.send;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;

/**
 * Asks a gateway how far its pipelines are, until they have committed what was sent: for each partition of the log, an
 * offset at or after the highest that an answer named.
 *
 * <p>A pipeline that has failed is told by a text in its field {@code failure}.
 */
final class Verification {

    private static final Duration EVERY = Duration.ofMillis(50);
    private static final String PROGRESS = "/_progress";

    private final URI target;
    private final AuthorizedHttp http;
    private final StopSignal stop;
    private final LongSupplier nanoTime;

    Verification(URI target, AuthorizedHttp http, StopSignal stop, LongSupplier nanoTime) {
        this.target = target;
        this.http = http;
        this.stop = stop;
        this.nanoTime = nanoTime;
    }

    /** How it looks at one moment. */
    private sealed interface Look {
        record Done(List<String> pipelines) implements Look {}

        /** Another look may find it better. */
        record NotYet(List<String> reasons) implements Look {}

        record Never(List<String> reasons) implements Look {}
    }

    Verdict await(SendSummary sent, Duration limit) throws InterruptedException {
        if (sent.counts().accepted() == 0) {
            return new Verdict.Reached(List.of(), Duration.ZERO);
        }
        if (sent.positions().isEmpty()) {
            return new Verdict.Missed(
                    List.of("the gateway does not say where in its log the events are"), Duration.ZERO);
        }
        long start = nanoTime.getAsLong();
        while (true) {
            Look look = look(sent.positions());
            Duration waited = Duration.ofNanos(nanoTime.getAsLong() - start);
            switch (look) {
                case Look.Done(var pipelines) -> {
                    return new Verdict.Reached(pipelines, waited);
                }
                case Look.Never(var reasons) -> {
                    return new Verdict.Missed(reasons, waited);
                }
                case Look.NotYet(var reasons) -> {
                    if (waited.compareTo(limit) >= 0) {
                        return new Verdict.Missed(reasons, waited);
                    }
                }
            }
            if (stop.await(EVERY)) {
                return new Verdict.Stopped();
            }
        }
    }

    private Look look(Map<String, Long> wanted) throws InterruptedException {
        HttpResponse<byte[]> response;
        try {
            response = http.send(HttpRequest.newBuilder(progress()).header("Accept", "application/json"));
        } catch (NoAnswerException e) {
            return new Look.NotYet(List.of(String.valueOf(e.getMessage())));
        } catch (TokenException e) {
            List<String> reasons = List.of(String.valueOf(e.getMessage()));
            return e.passing() ? new Look.NotYet(reasons) : new Look.Never(reasons);
        }
        int status = response.statusCode();
        if (!Statuses.good(status)) {
            List<String> reasons = List.of(progress() + " answers " + Statuses.text(status));
            return Statuses.passing(status) ? new Look.NotYet(reasons) : new Look.Never(reasons);
        }
        return Json.object(response.body())
                .map(body -> compare(body.path("pipelines"), wanted))
                .orElseGet(() -> new Look.Never(List.of(progress() + " answers something that is no progress")));
    }

    private Look compare(JsonNode pipelines, Map<String, Long> wanted) {
        List<String> names = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        for (JsonNode pipeline : pipelines) {
            String name = Discretion.oneLine(Json.text(pipeline, "pipeline"));
            names.add(name);
            String failure = Json.text(pipeline, "failure");
            if (!failure.isEmpty()) {
                failed.add("pipeline " + name + " has failed: " + Discretion.oneLine(failure));
            }
            long bytes = 0;
            for (Map.Entry<String, Long> partition : wanted.entrySet()) {
                long committed =
                        pipeline.path("committed").path(partition.getKey()).asLong(0);
                bytes += Math.max(0, partition.getValue() - committed);
            }
            if (bytes > 0) {
                behind.add("pipeline " + name + " is " + bytes + " bytes of the log behind");
            }
        }
        if (names.isEmpty()) {
            return new Look.Never(List.of("no pipeline reads what is sent to " + target));
        }
        if (!failed.isEmpty()) {
            return new Look.Never(failed);
        }
        return behind.isEmpty() ? new Look.Done(names) : new Look.NotYet(behind);
    }

    private URI progress() {
        String path = target.getPath().replaceFirst("/+$", "") + PROGRESS;
        try {
            return new URI(target.getScheme(), target.getAuthority(), path, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a URL with a longer path is a URL", e);
        }
    }
}
