package io.millrace.contract;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes a schema refuse fields that it does not name. Stateless. */
final class KnownFields {

    /** What says itself which other fields there may be. */
    private static final Set<String> DECIDED =
            Set.of("additionalProperties", "unevaluatedProperties", "patternProperties");

    /** What may name fields of the same object elsewhere. */
    private static final Set<String> APPLICATORS = Set.of(
            "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "dependencies");

    private KnownFields() {}

    /** The same schema, in which every object that has {@code properties} has no others. The argument is not changed. */
    static JsonNode only(JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        restrict(copy);
        return copy;
    }

    private static void restrict(JsonNode schema) {
        if (!(schema instanceof ObjectNode node)) {
            return;
        }
        for (Map.Entry<String, JsonNode> property : node.path("properties").properties()) {
            restrict(property.getValue());
        }
        restrict(node.path("items"));
        node.path("prefixItems").forEach(KnownFields::restrict);
        node.path("$defs").forEach(KnownFields::restrict);
        boolean combined = APPLICATORS.stream().anyMatch(node::has);
        if ((node.has("properties") || combined) && DECIDED.stream().noneMatch(node::has) && !onlyRefers(node)) {
            node.put(combined ? "unevaluatedProperties" : "additionalProperties", false);
        }
    }

    /** What it refers to is restricted itself, where it lies in the same file. */
    private static boolean onlyRefers(ObjectNode node) {
        return node.has("$ref")
                && !node.has("properties")
                && APPLICATORS.stream().filter(node::has).count() == 1;
    }
}
