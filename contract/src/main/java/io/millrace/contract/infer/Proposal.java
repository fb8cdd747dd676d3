package io.millrace.contract.infer;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a schema of what was seen.
 *
 * @param ranges whether bounds are wanted
 */
record Proposal(boolean ranges) {

    ObjectNode of(Seen seen) {
        ObjectNode schema = PrettyJson.object();
        List<String> types = types(seen);
        if (types.isEmpty()) {
            // Nothing is known of a value that was always null; to allow nothing else would only be in the way.
            return seen.nulls > 0 ? schema.put("$comment", "always null in the records seen") : schema;
        }
        if (seen.nulls > 0) {
            types.add("null");
        }
        if (types.size() == 1) {
            schema.put("type", types.getFirst());
        } else {
            ArrayNode list = schema.putArray("type");
            types.forEach(list::add);
        }
        if (seen.strings > 0) {
            strings(schema, seen, types);
        }
        if (ranges) {
            bounds(schema, seen);
        }
        if (seen.objects > 0) {
            fields(schema, seen);
        }
        Seen items = seen.items();
        if (items != null) {
            schema.set("items", of(items));
        }
        return schema;
    }

    private static List<String> types(Seen seen) {
        List<String> types = new ArrayList<>();
        if (seen.booleans > 0) {
            types.add("boolean");
        }
        if (seen.fractions > 0) {
            types.add("number");
        } else if (seen.integers > 0) {
            types.add("integer");
        }
        if (seen.strings > 0) {
            types.add("string");
        }
        if (seen.objects > 0) {
            types.add("object");
        }
        if (seen.arrays > 0) {
            types.add("array");
        }
        return types;
    }

    private static void strings(ObjectNode schema, Seen seen, List<String> types) {
        String format = seen.words.format();
        Set<String> closed = seen.words.closedSet();
        if (format != null) {
            schema.put("format", format);
        } else if (closed != null && types.size() == (seen.nulls > 0 ? 2 : 1)) {
            ArrayNode list = schema.putArray("enum");
            closed.forEach(list::add);
            if (seen.nulls > 0) {
                list.addNull();
            }
        }
    }

    private static void bounds(ObjectNode schema, Seen seen) {
        put(schema, "minimum", seen.minimum);
        put(schema, "maximum", seen.maximum);
        if (seen.strings > 0 && !schema.has("enum") && !schema.has("format")) {
            schema.put("minLength", seen.minLength).put("maxLength", seen.maxLength);
        }
        if (seen.arrays > 0) {
            schema.put("minItems", seen.minItems).put("maxItems", seen.maxItems);
        }
    }

    private static void put(ObjectNode schema, String keyword, @Nullable BigDecimal bound) {
        if (bound != null) {
            schema.put(keyword, bound);
        }
    }

    private void fields(ObjectNode schema, Seen seen) {
        if (seen.isMap()) {
            schema.put("$comment", "a map: its names are too many, and too different, to be fields");
            return;
        }
        if (seen.fields().isEmpty()) {
            return;
        }
        ObjectNode properties = schema.putObject("properties");
        List<String> required = new ArrayList<>();
        for (Map.Entry<String, Seen> field : seen.fields().entrySet()) {
            properties.set(field.getKey(), of(field.getValue()));
            if (field.getValue().values() == seen.objects) {
                required.add(field.getKey());
            }
        }
        if (!required.isEmpty()) {
            ArrayNode list = schema.putArray("required");
            required.forEach(list::add);
        }
    }
}
