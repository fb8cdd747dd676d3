package io.millrace.server.ops;

import io.millrace.engine.live.PipelineStatus;
import io.millrace.server.auth.Auth;
import io.millrace.server.auth.Readiness;
import io.millrace.server.http.Answer;
import io.millrace.server.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /health/live} and {@code /health/ready}. The server is ready as long as it can take events, for that needs the
 * log and keys only: where a database is away, events wait in the log, and to take the server out of service would lose
 * them. What is wrong beside that is told, and does not count. As everybody may ask, reasons are told by their kind only;
 * {@code GET /pipelines} has the words.
 */
final class Health {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final LogWatch log;
    private final Auth auth;
    private final Observed pipelines;

    Health(LogWatch log, Auth auth, Observed pipelines) {
        this.log = log;
        this.auth = auth;
        this.pipelines = pipelines;
    }

    /**
     * One thing that must be in order.
     *
     * @param name null where there is only one of its kind
     * @param needed whether events can't be taken without it
     * @param reason why it is not in order; null where it is
     */
    private record Part(
            String part,
            @Nullable String name,
            boolean needed,
            @Nullable String reason) {}

    List<Route> routes() {
        return List.of(
                new Route(
                        "GET",
                        "/health/live",
                        null,
                        OpsOperations.live(),
                        request -> Answer.json("{\"live\":true}").with("Cache-Control", "no-store")),
                new Route("GET", "/health/ready", null, OpsOperations.ready(), request -> ready()));
    }

    private Answer ready() {
        List<Part> parts = parts();
        boolean ready = parts.stream().noneMatch(part -> part.needed() && part.reason() != null);
        List<Map<String, Object>> told = new ArrayList<>();
        for (Part part : parts) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("part", part.part());
            if (part.name() != null) {
                object.put("name", part.name());
            }
            object.put("ok", part.reason() == null);
            object.put("needed", part.needed());
            if (part.reason() != null) {
                object.put("reason", part.reason());
            }
            told.add(object);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("ready", ready);
        all.put("parts", told);
        Answer answer =
                new Answer(ready ? 200 : 503, Map.of("Content-Type", "application/json"), JSON.writeValueAsBytes(all));
        return (ready ? answer : answer.with("Retry-After", "5")).with("Cache-Control", "no-store");
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("log", null, true, log.problem().orElse(null)));
        parts.add(
                switch (auth.readiness()) {
                    case Readiness.Ready ready -> new Part("keys", null, true, null);
                    case Readiness.Degraded degraded ->
                        new Part("keys", null, false, "Tokens are checked by what was known last.");
                    case Readiness.NotReady notReady ->
                        new Part("keys", null, true, "Tokens can't be checked: their keys are not known yet.");
                });
        Optional<String> unreadable = pipelines.unreadable();
        parts.add(new Part(
                "folder",
                null,
                true,
                unreadable.map(why -> "The folder of pipelines can't be read.").orElse(null)));
        pipelines
                .refused()
                .forEach((file, problems) -> parts.add(new Part(
                        "file", String.valueOf(file.getFileName()), false, "The pipeline file is not valid.")));
        Map<String, Balance> balances = pipelines.balances();
        for (PipelineStatus status : pipelines.statuses()) {
            parts.add(new Part("pipeline", status.pipeline(), false, reason(status, balances.get(status.pipeline()))));
        }
        return parts;
    }

    private static @Nullable String reason(PipelineStatus status, @Nullable Balance balance) {
        String state = reason(status);
        if (balance == null || balance.balances()) {
            return state;
        }
        return (state == null ? "" : state + " ") + "Its books do not balance.";
    }

    private static @Nullable String reason(PipelineStatus status) {
        return switch (status.state()) {
            case RUNNING -> null;
            case WAITING ->
                status.standing().failures().isEmpty()
                        ? "Its destination is away; events wait in the log."
                        : "A part of its source can't be read.";
            case FAILED -> "It has failed and is tried again.";
            case HALTED -> "It was stopped, since too many of its records were rejected; events wait in the log.";
        };
    }
}
