package io.millrace.cli.quarantine;

import io.millrace.api.Column;
import io.millrace.api.Kept;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.SplitReader;
import io.millrace.engine.run.Edit;
import io.millrace.engine.run.Rereads;
import io.millrace.sql.exec.Surroundings;
import io.millrace.sql.exec.Transform;
import io.millrace.sql.plan.Plan;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Mends JSON records by assignments in SQL, {@code value = CAST(value AS INTEGER)}. Not thread-safe. */
public final class SqlEdit implements Edit {

    private final List<SqlText.Assignment> assignments;
    private final Plan plan;
    private final Transform transform;
    private final Rereads records;

    /**
     * @param sql assignments with commas between; all are evaluated over the record as it was
     * @throws SqlText.WrongException where they can't be used, with what is wrong
     */
    public SqlEdit(String sql, Rereads records) throws SqlText.WrongException {
        this.assignments = SqlText.assignments(sql);
        this.plan = SqlText.values(assignments);
        this.transform = new Transform(plan, new int[0]);
        this.records = records;
    }

    @Override
    public List<Edited> apply(String split, List<Kept> kept) throws IOException, InterruptedException {
        Map<String, JsonValue[]> values = new HashMap<>();
        Map<String, String> faults = new HashMap<>();
        try (SplitReader reader = records.reread(split, kept, plan.input())) {
            for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
                evaluate(split, batch, values, faults);
            }
        }
        List<Edited> edited = new ArrayList<>();
        for (Kept record : kept) {
            JsonValue[] found = values.get(record.position());
            Optional<JsonObject> object = JsonRecords.parse(record.bytes());
            if (found == null || object.isEmpty()) {
                String why = faults.get(record.position());
                edited.add(new Edited.Unfit(
                        why == null ? "the record is not a JSON object, which an edit could change" : why));
            } else {
                edited.add(assigned(object.get(), found));
            }
        }
        return edited;
    }

    private void evaluate(
            String split, RecordBatch batch, Map<String, JsonValue[]> values, Map<String, String> faults) {
        for (Rejection rejection : batch.rejected()) {
            faults.put(
                    rejection.position(),
                    (rejection.field() == null ? "" : rejection.field() + ": ") + rejection.message());
        }
        Transform.Result result = transform.apply(batch.rows(), new Surroundings(split, batch.origin(), 0));
        for (Transform.Failure failure : result.failures()) {
            faults.put(batch.origin().position(failure.row()), assigned(failure.field()) + failure.message());
        }
        int[] parents = result.parents();
        for (int row = 0; row < result.rows().rows(); row++) {
            String position = batch.origin().position(parents == null ? row : parents[row]);
            JsonValue[] found = new JsonValue[assignments.size()];
            for (int i = 0; i < found.length; i++) {
                Column column = result.rows().column(i);
                Optional<JsonValue> value = JsonValues.of(column, row);
                if (value.isEmpty()) {
                    faults.put(position, String.join(".", assignments.get(i).path()) + ": JSON has no such number");
                }
                found[i] = value.orElse(JsonValue.NULL);
            }
            if (!faults.containsKey(position)) {
                values.put(position, found);
            }
        }
    }

    /** The field that an output is for. */
    private String assigned(@Nullable String output) {
        return output == null
                ? ""
                : String.join(
                                ".",
                                assignments
                                        .get(Integer.parseInt(output.substring(1)))
                                        .path()) + ": ";
    }

    private Edited assigned(JsonObject record, JsonValue[] values) {
        JsonObject now = record;
        for (int i = 0; i < values.length; i++) {
            List<String> path = assignments.get(i).path();
            Optional<JsonObject> with = with(now, path, values[i]);
            if (with.isEmpty()) {
                return new Edited.Unfit(String.join(".", path) + ": what is on the way to the field is not an object");
            }
            now = with.get();
        }
        return new Edited.Mended(JsonRecords.bytes(now));
    }

    /** Objects on the way that are missing or null are made. */
    private static Optional<JsonObject> with(JsonObject object, List<String> path, JsonValue value) {
        String name = path.getFirst();
        JsonValue set = value;
        if (path.size() > 1) {
            JsonValue there = object.getOrDefault(name, JsonValue.NULL);
            if (!there.equals(JsonValue.NULL) && !(there instanceof JsonObject)) {
                return Optional.empty();
            }
            JsonObject inner = there instanceof JsonObject found ? found : JsonValue.EMPTY_JSON_OBJECT;
            Optional<JsonObject> changed = with(inner, path.subList(1, path.size()), value);
            if (changed.isEmpty()) {
                return changed;
            }
            set = changed.get();
        }
        JsonObjectBuilder builder = Json.createObjectBuilder(object);
        return Optional.of(builder.add(name, set).build());
    }
}
