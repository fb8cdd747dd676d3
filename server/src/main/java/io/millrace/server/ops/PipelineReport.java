package io.millrace.server.ops;

import io.millrace.engine.live.PipelineStatus;
import io.millrace.engine.yaml.Problem;
import io.millrace.server.auth.Scope;
import io.millrace.server.http.Answer;
import io.millrace.server.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /pipelines}: how each pipeline does. */
final class PipelineReport {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Meters meters;
    private final Lags lags;
    private final Observed pipelines;

    PipelineReport(Meters meters, Lags lags, Observed pipelines) {
        this.meters = meters;
        this.lags = lags;
        this.pipelines = pipelines;
    }

    Route route() {
        return new Route(
                "GET",
                "/pipelines",
                Scope.OPS_RUN,
                OpsOperations.pipelines(),
                request -> Answer.json(JSON.writeValueAsBytes(report())).with("Cache-Control", "no-store"));
    }

    private Map<String, Object> report() throws IOException {
        Map<String, String> streams = pipelines.streams();
        List<Map<String, Object>> running = new ArrayList<>();
        for (PipelineStatus status : pipelines.statuses()) {
            running.add(told(status, streams));
        }
        List<Map<String, Object>> refused = new ArrayList<>();
        pipelines
                .refused()
                .forEach((file, problems) -> refused.add(Map.of(
                        "file",
                        file.toString(),
                        "problems",
                        problems.stream().map(PipelineReport::told).toList())));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("pipelines", running);
        all.put("refused", refused);
        return all;
    }

    private Map<String, Object> told(PipelineStatus status, Map<String, String> streams) throws IOException {
        PipelineMeter meter = meters.pipeline(status.pipeline());
        PipelineMeter.Totals totals = meter.totals();
        PipelineMeter.Rates rates = meter.rates();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("pipeline", status.pipeline());
        object.put("file", status.file().toString());
        object.put("state", status.state().name().toLowerCase(Locale.ROOT));
        if (status.reason() != null) {
            object.put("reason", status.reason());
        }
        Balance balance = pipelines.balances().get(status.pipeline());
        if (balance != null) {
            Map<String, Object> ledger = new LinkedHashMap<>();
            ledger.put("checked", balance.checked().toString());
            ledger.put("faults", balance.faults());
            object.put("ledger", ledger);
        }
        object.put("received", totals.counts().received());
        object.put("loaded", totals.counts().loaded());
        object.put("filtered", totals.counts().filtered());
        object.put("quarantined", totals.counts().quarantined());
        object.put("received_per_second", rounded(rates.received()));
        object.put("loaded_per_second", rounded(rates.loaded()));
        String stream = streams.get(status.pipeline());
        if (stream != null) {
            Lags.Lag lag = lags.of(status, stream);
            Map<String, Object> behind = new LinkedHashMap<>();
            behind.put("stream", stream);
            behind.put("records", lag.records());
            behind.put("bytes", lag.bytes());
            behind.put("seconds", seconds(lag.time()));
            object.put("lag", behind);
        }
        object.put("commits", totals.commits());
        object.put("last_commit_seconds", seconds(totals.lastCommit()));
        return object;
    }

    private static Map<String, Object> told(Problem problem) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("line", problem.line());
        object.put("column", problem.column());
        object.put("message", problem.message());
        return object;
    }

    private static double rounded(double rate) {
        return Math.round(rate * 10) / 10.0;
    }

    private static double seconds(Duration time) {
        return Math.round(time.toNanos() / 1e3) / 1e6;
    }
}
