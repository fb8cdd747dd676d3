package io.millrace.contract;

import io.millrace.api.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives the values of a record of texts the types that a schema wants. Immutable and thread-safe.
 *
 * @param texts the fields that stay texts
 */
record Textual(Set<String> texts) {

    /** @param columns what the schema says of fields */
    static Textual of(List<SchemaColumn> columns) {
        Set<String> texts = new HashSet<>();
        for (SchemaColumn column : columns) {
            if (column.type().equals(Type.VARCHAR)
                    || column.type().equals(Type.DATE)
                    || column.type().equals(Type.TIMESTAMP_TZ)) {
                texts.add(column.path());
            }
        }
        return new Textual(texts);
    }

    JsonNode typed(JsonNode record) {
        if (!(record instanceof ObjectNode object)) {
            return record;
        }
        for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
            if (!texts.contains(field.getKey())) {
                object.set(field.getKey(), typedValue(field.getValue()));
            }
        }
        return object;
    }

    /** The JSON that a text is; the text itself where it is none. */
    private static JsonNode typedValue(JsonNode text) {
        byte[] bytes = text.asString("").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try {
            JsonNode value = JsonTree.parse(bytes, 0, bytes.length);
            return value.isMissingNode() ? text : value;
        } catch (JacksonException e) {
            return text;
        }
    }
}
