package io.millrace.server.gateway;

import io.millrace.server.http.Operation;
import io.millrace.server.http.Operation.Media;
import io.millrace.server.http.Operation.Parameter;
import io.millrace.server.http.Operation.Reply;
import io.millrace.server.http.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What the paths of an intake do, for those who call them. */
final class IntakeOperations {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String GROUP = "events";

    private IntakeOperations() {}

    static Operation take(Intake intake, int maxBodyBytes, long maxRecordBytes) {
        String violations = intake.reject().isEmpty()
                ? "A record that is not as the schema says is taken as well; it ends in the quarantine."
                : "A record that is not as the schema says is refused; the answer tells which and why.";
        Operation operation = Operation.of(GROUP, "Send events")
                .describe("The answer comes when everything accepted is on disk. " + violations + " A body has at most "
                        + maxBodyBytes + " bytes, a record " + maxRecordBytes + ".")
                .with(Parameter.header(
                        "Idempotency-Key",
                        "A request that comes again under its key is answered and not stored again.",
                        Schema.string()
                                .with("minLength", 1)
                                .with("maxLength", 255)
                                .with("pattern", "^[!-~]*$"),
                        null))
                .with(Parameter.header(
                        "Content-Encoding",
                        "How the body is compressed; otherwise it is not.",
                        Schema.oneOf("gzip", "identity"),
                        null))
                .with(body(intake))
                .with(new Reply(
                        202,
                        "The events are on disk.",
                        Map.of(),
                        List.of(Media.json(receipt(), Map.of("stored", storedExample())))))
                .with(IntakeHandler.empty())
                .with(BodyReader.malformed("byte 9: expected a value, found the end", "truncated"))
                .with(IntakeHandler.oddKey())
                .with(Body.tooSlow(1000, 20_000))
                .with(IntakeHandler.keyInUse())
                .with(Body.tooLong(maxBodyBytes))
                .with(BodyReader.tooLong("line", 3, maxRecordBytes))
                .with(IntakeHandler.unsupported("The type of the body is not known here."))
                .with(IntakeHandler.unsupportedEncoding())
                .with(Body.noMemory())
                .with(IntakeHandler.queueFull())
                .with(IntakeHandler.diskFull())
                .with(IntakeHandler.logFailed());
        return intake.reject().isEmpty()
                ? operation
                : operation.with(IntakeHandler.allRefused(List.of(
                        new Refusals.Refused(1, "wrong_type", "a", "byte 7: expected a number, found a string"))));
    }

    private static Operation.Body body(Intake intake) {
        Schema event = intake.event();
        Schema json = Schema.either(event, Schema.array(event).with("minItems", 1));
        Map<String, Object> examples = new LinkedHashMap<>();
        examples.put("object", intake.example());
        examples.put("array", List.of(intake.example(), intake.example()));
        String line = JSON.writeValueAsString(intake.example()) + "\n";
        Schema lines = Schema.string()
                .described("One event, as JSON, on each line: `" + JSON.writeValueAsString(event.keywords()) + "`.");
        Media ndjson = new Media("application/x-ndjson", lines, Map.of("lines", line + line));
        Media jsonl = new Media("application/jsonl", lines, Map.of("lines", line + line));
        return new Operation.Body(
                "An event, an array of them, or one on each line.", List.of(Media.json(json, examples), ndjson, jsonl));
    }

    private static Schema receipt() {
        Map<String, Schema> members = new LinkedHashMap<>();
        members.put("accepted", Schema.integer(0, Integer.MAX_VALUE).described("How many records were stored."));
        members.put("refused", Schema.array(refused()).described("Those that were not, and why; never their values."));
        members.put(
                "repeated", Schema.of("boolean").described("Whether it was taken before: nothing was stored again."));
        members.put(
                "positions",
                Schema.mapOf(Schema.integer(0, Long.MAX_VALUE))
                        .described("For each partition of the log, the offset after the last byte of this request."));
        return Schema.exactly(members);
    }

    private static Schema refused() {
        Map<String, Schema> members = new LinkedHashMap<>();
        members.put("line", Schema.integer(1, Integer.MAX_VALUE));
        members.put("code", Schema.string());
        members.put("field", Schema.string());
        members.put("message", Schema.string());
        return Schema.object(members, List.of("line", "code", "message"));
    }

    private static Map<String, Object> storedExample() {
        Map<String, Object> example = new LinkedHashMap<>();
        example.put("accepted", 1);
        example.put("refused", List.of());
        example.put("repeated", false);
        example.put("positions", Map.of("0-0", 123_456));
        return example;
    }

    static Operation progress(Intake intake) {
        Map<String, Schema> members = new LinkedHashMap<>();
        members.put("pipeline", Schema.string());
        members.put(
                "failure",
                Schema.string().described("Why it has failed; missing where it runs, or waits for its destination."));
        members.put(
                "committed",
                Schema.mapOf(Schema.integer(0, Long.MAX_VALUE))
                        .described("For each partition of the log, the offset up to which it has loaded."));
        Schema pipeline =
                Schema.object(members, List.of("pipeline", "committed")).with("additionalProperties", false);
        return Operation.of(GROUP, "How far events are loaded")
                .describe("Events of a request are in the table of a pipeline when this tells at least the `positions`"
                        + " that " + intake.path() + " has answered.")
                .json(
                        "The pipelines that read these events.",
                        Schema.exactly(Map.of("pipelines", Schema.array(pipeline))),
                        Map.of(
                                "pipelines",
                                List.of(Map.of("pipeline", "user-revenue", "committed", Map.of("0-0", 123_456)))));
    }
}
