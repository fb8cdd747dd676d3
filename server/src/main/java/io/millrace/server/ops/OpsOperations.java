package io.millrace.server.ops;

import io.millrace.server.http.Operation;
import io.millrace.server.http.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the routes of this room do, for {@code /openapi.json}. */
final class OpsOperations {

    private static final String GROUP = "operations";

    private OpsOperations() {}

    static Operation live() {
        return Operation.of(GROUP, "Whether the process works")
                .json("It does.", Schema.exactly(Map.of("live", Schema.of("boolean"))), Map.of("live", true));
    }

    static Operation ready() {
        Map<String, Schema> part = new LinkedHashMap<>();
        part.put("part", Schema.oneOf("log", "keys", "folder", "file", "pipeline"));
        part.put("name", Schema.string().described("Of a file or a pipeline."));
        part.put("ok", Schema.of("boolean"));
        part.put("needed", Schema.of("boolean").described("Whether events can't be taken without it."));
        part.put("reason", Schema.string().described("Why it is not in order."));
        Map<String, Schema> all = new LinkedHashMap<>();
        all.put("ready", Schema.of("boolean"));
        all.put("parts", Schema.array(Schema.object(part, List.of("part", "ok", "needed"))));
        return Operation.of(GROUP, "Whether events can be taken")
                .describe("Where they can't, it is 503 with the same body. A database that is away is told and does not"
                        + " count: events wait in the log.")
                .json(
                        "They can.",
                        Schema.exactly(all),
                        Map.of("ready", true, "parts", List.of(Map.of("part", "log", "ok", true, "needed", true))));
    }

    static Operation pipelines() {
        Map<String, Schema> lag = new LinkedHashMap<>();
        lag.put("stream", Schema.string());
        lag.put("records", count());
        lag.put("bytes", count());
        lag.put("seconds", Schema.of("number"));
        Map<String, Schema> pipeline = new LinkedHashMap<>();
        pipeline.put("pipeline", Schema.string());
        pipeline.put("file", Schema.string());
        pipeline.put("state", Schema.oneOf("running", "waiting", "failed", "halted"));
        pipeline.put("reason", Schema.string().described("Why it does not run; missing where it does."));
        Map<String, Schema> ledger = new LinkedHashMap<>();
        ledger.put("checked", Schema.string().described("When it was checked last."));
        ledger.put("faults", Schema.array(Schema.string()).described("What does not balance; empty where all does."));
        pipeline.put(
                "ledger",
                Schema.exactly(ledger).described("Whether its books balance; missing until they were checked."));
        for (String outcome : List.of("received", "loaded", "filtered", "quarantined")) {
            pipeline.put(outcome, count());
        }
        pipeline.put("received_per_second", Schema.of("number"));
        pipeline.put("loaded_per_second", Schema.of("number"));
        pipeline.put(
                "lag", Schema.exactly(lag).described("How far it is behind the log; missing where it reads none."));
        pipeline.put("commits", count());
        pipeline.put("last_commit_seconds", Schema.of("number"));
        List<String> always = pipeline.keySet().stream()
                .filter(name -> !List.of("reason", "ledger", "lag").contains(name))
                .toList();
        Schema problem = Schema.exactly(Map.of("line", count(), "column", count(), "message", Schema.string()));
        Schema refused = Schema.exactly(Map.of("file", Schema.string(), "problems", Schema.array(problem)));
        return Operation.of(GROUP, "How each pipeline does")
                .describe("Records are those that are committed, since the server was started.")
                .json(
                        "The pipelines that run, and files that can't be used.",
                        Schema.exactly(Map.of(
                                "pipelines", Schema.array(Schema.object(pipeline, always)),
                                "refused", Schema.array(refused))),
                        Map.of("pipelines", List.of(), "refused", List.of()));
    }

    static Operation metrics() {
        return Operation.of(GROUP, "Metrics for Prometheus")
                .describe("As OpenMetrics where `Accept` asks for it.")
                .text("text/plain", "All metrics as they are now.");
    }

    private static Schema count() {
        return Schema.integer(0, Long.MAX_VALUE);
    }
}
