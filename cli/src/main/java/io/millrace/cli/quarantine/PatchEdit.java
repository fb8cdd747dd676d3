package io.millrace.cli.quarantine;

import io.millrace.api.Kept;
import io.millrace.engine.run.Edit;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonPatch;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Mends JSON records by a JSON Patch (RFC 6902). */
public final class PatchEdit implements Edit {

    /** What each operation needs besides its path. */
    private static final Map<String, Set<String>> OPERATIONS = Map.of(
            "add", Set.of("value"),
            "remove", Set.of(),
            "replace", Set.of("value"),
            "move", Set.of("from"),
            "copy", Set.of("from"),
            "test", Set.of("value"));

    private final JsonPatch patch;

    private PatchEdit(JsonPatch patch) {
        this.patch = patch;
    }

    /**
     * @param text the patch
     * @throws SqlText.WrongException where it is none, with what is wrong
     */
    public static PatchEdit parse(String text) throws SqlText.WrongException {
        JsonArray operations;
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            operations = reader.readArray();
        } catch (JsonException e) {
            throw new SqlText.WrongException(
                    "a JSON Patch (RFC 6902) is an array of operations, such as [{\"op\": \"replace\", \"path\":"
                            + " \"/value\", \"value\": 1}]: " + e.getMessage());
        }
        for (int i = 0; i < operations.size(); i++) {
            String problem = problem(operations.get(i));
            if (!problem.isEmpty()) {
                throw new SqlText.WrongException("operation " + (i + 1) + " of the JSON Patch " + problem);
            }
        }
        return new PatchEdit(Json.createPatch(operations));
    }

    private static String problem(JsonValue value) {
        if (!(value instanceof JsonObject operation)) {
            return "is not an object";
        }
        String op = operation.get("op") instanceof JsonString text ? text.getString() : "";
        Set<String> needs = OPERATIONS.get(op);
        if (needs == null) {
            return "has no \"op\" that is one of add, remove, replace, move, copy, test";
        }
        for (String pointer : needs.contains("from") ? List.of("path", "from") : List.of("path")) {
            if (!(operation.get(pointer) instanceof JsonString text)
                    || !(text.getString().isEmpty() || text.getString().startsWith("/"))) {
                return "(" + op + ") has no \"" + pointer + "\" such as \"/a/b\"";
            }
        }
        return needs.contains("value") && !operation.containsKey("value") ? "(" + op + ") has no \"value\"" : "";
    }

    @Override
    public List<Edited> apply(String split, List<Kept> records) {
        return records.stream().map(record -> apply(record.bytes())).toList();
    }

    private Edited apply(byte[] bytes) {
        return JsonRecords.parse(bytes)
                .<Edited>map(record -> {
                    try {
                        return new Edited.Mended(JsonRecords.bytes(patch.apply(record)));
                    } catch (JsonException | ClassCastException | IndexOutOfBoundsException e) {
                        return new Edited.Unfit("the patch does not fit: " + e.getMessage());
                    }
                })
                .orElseGet(() -> new Edited.Unfit("the record is not a JSON object, which an edit could change"));
    }
}
