package io.millrace.server.gateway;

import io.millrace.server.auth.Scope;
import io.millrace.server.http.Answer;
import io.millrace.server.http.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** What {@code GET} at an intake's path with {@code /_progress} does. */
final class IntakeProgress {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private IntakeProgress() {}

    static Route route(Intake intake) {
        return new Route(
                "GET",
                intake.path() + "/_progress",
                Scope.EVENTS_WRITE,
                IntakeOperations.progress(intake),
                request -> Answer.json(json(intake.progress().get())).with("Cache-Control", "no-store"));
    }

    private static byte[] json(List<Intake.Progress> progress) {
        List<Map<String, Object>> pipelines = progress.stream()
                .map(one -> {
                    Map<String, Object> object = new LinkedHashMap<>();
                    object.put("pipeline", one.pipeline());
                    if (one.failure() != null) {
                        object.put("failure", one.failure());
                    }
                    object.put("committed", new TreeMap<>(one.committed()));
                    return object;
                })
                .toList();
        return JSON.writeValueAsBytes(Map.of("pipelines", pipelines));
    }
}
