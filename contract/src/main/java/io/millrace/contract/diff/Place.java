package io.millrace.contract.diff;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schema within a document.
 *
 * @param schema an object, or a boolean
 * @param pointer where it is
 */
record Place(JsonNode schema, String pointer) {

    /** What hangs on other places, or on the way to this one. */
    private static final Set<String> BOUND =
            Set.of("$ref", "$dynamicRef", "$recursiveRef", "$id", "$anchor", "$dynamicAnchor", "$schema");

    /** What is looked at by itself, or says nothing. */
    private static final List<String> APART =
            List.of("$ref", "allOf", "$defs", "definitions", "$id", "$schema", "$anchor", "$comment");

    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** The schema below a keyword. */
    Place at(String keyword) {
        return new Place(schema.get(keyword), pointer + "/" + keyword);
    }

    Place at(String keyword, String name) {
        return new Place(schema.get(keyword).get(name), pointer + "/" + keyword + "/" + escape(name));
    }

    Place at(String keyword, int index) {
        return new Place(schema.get(keyword).get(index), pointer + "/" + keyword + "/" + index);
    }

    boolean has(String keyword) {
        return schema.has(keyword);
    }

    /** The schema's own keywords: without those that refer to others, and those that say nothing. */
    JsonNode own() {
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode own = object.deepCopy();
        own.remove(APART);
        return own;
    }

    /** Whether a schema means the same wherever it stands. */
    static boolean standsAlone(JsonNode schema) {
        for (Map.Entry<String, JsonNode> entry : schema.properties()) {
            if (BOUND.contains(entry.getKey()) || !standsAlone(entry.getValue())) {
                return false;
            }
        }
        for (JsonNode entry : schema) {
            if (!standsAlone(entry)) {
                return false;
            }
        }
        return true;
    }
}
