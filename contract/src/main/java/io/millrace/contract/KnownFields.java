package io.millrace.contract;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes a schema refuse fields that it does not name. Stateless. */
final class KnownFields {

    /** What says itself which other fields there may be. */
    private static final Set<String> DECIDED =
            Set.of("additionalProperties", "unevaluatedProperties", "patternProperties");

    /** What may name fields of the same object elsewhere. */
    private static final Set<String> APPLICATORS = Set.of(
            "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "dependencies");

    /** What may stand beside a reference without a meaning of its own. */
    private static final Set<String> BESIDE = Set.of("$schema", "$id", "$defs", "$comment", "title", "description");

    private KnownFields() {}

    /** The same schema, in which every object that has {@code properties} has no others. The argument is not changed. */
    static JsonNode only(JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        restrict(copy);
        return copy;
    }

    /**
     * The same schema, in which records have no fields beside those that it names, or only such as are null and cost no closer
     * look then; objects within them may. The argument is not changed.
     *
     * @param also fields that are known beside those that it names: of them it demands what it demands of any other
     */
    static JsonNode atRoot(JsonNode schema, Collection<String> also) {
        ObjectNode copy = schema instanceof ObjectNode node ? followed(node) : JsonTree.MAPPER.createObjectNode();
        JsonNode additional = copy.remove("additionalProperties");
        JsonNode unevaluated = copy.remove("unevaluatedProperties");
        JsonNode others = additional == null ? unevaluated : additional;
        ObjectNode properties =
                copy.get("properties") instanceof ObjectNode named ? named : copy.putObject("properties");
        for (String name : also) {
            if (!properties.has(name)) {
                properties.set(name, others == null ? BooleanNode.TRUE : others);
            }
        }
        if (combined(copy)) {
            copy.put("unevaluatedProperties", false);
        } else if (copy.has("patternProperties") || (others != null && !others.equals(BooleanNode.TRUE))) {
            copy.put("additionalProperties", false);
        } else {
            copy.putObject("additionalProperties").put("type", "null");
        }
        return copy;
    }

    /** A copy of a schema; of one that only refers to another of its file, that other one, so that it can have more keywords. */
    private static ObjectNode followed(ObjectNode root) {
        String ref = root.path("$ref").asString("");
        boolean alone =
                root.propertyNames().stream().allMatch(keyword -> keyword.equals("$ref") || BESIDE.contains(keyword));
        if (!alone
                || !ref.startsWith("#/$defs/")
                || ref.indexOf('%') >= 0
                || !(root.at(ref.substring(1)) instanceof ObjectNode target)
                || target.has("$id")
                || target.has("$defs")) {
            return root.deepCopy();
        }
        ObjectNode copy = target.deepCopy();
        BESIDE.forEach(keyword -> {
            if (root.has(keyword) && !copy.has(keyword)) {
                copy.set(keyword, root.get(keyword).deepCopy());
            }
        });
        return copy;
    }

    /**
     * The fields that a schema names at its root, where no more is to be known to tell them.
     *
     * @return null where other parts of the schema may name some
     */
    static @Nullable Set<String> names(JsonNode schema) {
        return combined(schema) || schema.has("patternProperties")
                ? null
                : Set.copyOf(schema.path("properties").propertyNames());
    }

    /** Whether a schema says anything of fields by their names. */
    static boolean some(JsonNode schema) {
        return schema.has("properties") || schema.has("patternProperties") || combined(schema);
    }

    private static boolean combined(JsonNode schema) {
        return APPLICATORS.stream().anyMatch(schema::has);
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
        boolean combined = combined(node);
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
