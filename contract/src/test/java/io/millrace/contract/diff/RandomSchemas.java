package io.millrace.contract.diff;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Schemas and records over the same few names and values, so that they often meet; and schemas changed a little. */
final class RandomSchemas {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> MAPS = Set.of("properties", "$defs", "patternProperties");
    private static final String[] NAMES = {"a", "b", "c"};
    private static final String[] TYPES = {"null", "boolean", "integer", "number", "string", "object", "array"};
    private static final String[] VALUES = {
        "0",
        "1",
        "1.0",
        "1.5",
        "2",
        "-1",
        "\"\"",
        "\"a\"",
        "\"ab\"",
        "\"2026-11-21\"",
        "null",
        "true",
        "false",
        "[]",
        "[1]",
        "[1,1]",
        "{}",
        "{\"a\":1}",
        "[\"a\",2]"
    };

    private final Random random;

    RandomSchemas(Random random) {
        this.random = random;
    }

    String schema() {
        ObjectNode schema = object(0);
        ObjectNode parts = JSON.createObjectNode();
        parts.set("x", object(1));
        parts.set("y", object(2));
        schema.set("$defs", parts);
        return schema.toString();
    }

    /** The schema with a few things in it added, taken away or replaced. */
    String mutant(String schema) {
        JsonNode tree = JSON.readTree(schema);
        for (int i = random.nextInt(4); i >= 0; i--) {
            mutate(tree);
        }
        return tree.toString();
    }

    private void mutate(JsonNode node) {
        JsonNode at = node;
        // A walk to somewhere below; objects that are no schemas are changed too, which does no harm.
        while (random.nextInt(4) > 0) {
            JsonNode below = below(at);
            if (below == null) {
                break;
            }
            at = below;
        }
        if (!(at instanceof ObjectNode object) || named(node, object)) {
            return;
        }
        if (random.nextInt(3) > 0 && !object.isEmpty()) {
            int victim = random.nextInt(object.size());
            String name =
                    object.propertyNames().stream().skip(victim).findFirst().orElseThrow();
            if (!name.equals("$defs")) {
                object.remove(name);
            }
        }
        if (random.nextBoolean()) {
            object(random.nextInt(3)).properties().stream()
                    .findFirst()
                    .ifPresent(entry -> object.set(entry.getKey(), entry.getValue()));
        }
    }

    private @Nullable JsonNode below(JsonNode node) {
        if (node.isEmpty()) {
            return null;
        }
        int which = random.nextInt(node.size());
        JsonNode below = node.valueStream().skip(which).findFirst().orElseThrow();
        return below.isContainer() ? below : null;
    }

    /** Whether a node is the value of a keyword that has schemas by name. */
    private static boolean named(JsonNode root, ObjectNode node) {
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (MAPS.contains(entry.getKey()) && entry.getValue().equals(node)) {
                return true;
            }
            if (named(entry.getValue(), node)) {
                return true;
            }
        }
        return root.isArray() && root.valueStream().anyMatch(entry -> named(entry, node));
    }

    private JsonNode sub(int depth) {
        return switch (random.nextInt(depth > 2 ? 6 : 12)) {
            case 0 -> JSON.readTree("true");
            case 1 -> JSON.readTree(random.nextInt(3) == 0 ? "false" : "true");
            // Only ever reached by a step into the record, so never endless.
            case 2 -> JSON.readTree("{\"$ref\":\"#/$defs/" + (random.nextBoolean() ? "x" : "y") + "\"}");
            case 3 -> JSON.readTree(random.nextInt(3) == 0 ? "{\"$ref\":\"#\"}" : "{\"type\":\"integer\"}");
            default -> object(depth);
        };
    }

    private ObjectNode object(int depth) {
        ObjectNode s = JSON.createObjectNode();
        for (int i = random.nextInt(4); i >= 0; i--) {
            keyword(s, depth);
        }
        return s;
    }

    private void keyword(ObjectNode s, int depth) {
        int n = random.nextInt(4);
        switch (random.nextInt(depth > 2 ? 15 : 26)) {
            case 0, 1 -> s.put("type", any(TYPES));
            case 2, 3 -> {
                ArrayNode types = s.putArray("type");
                int first = random.nextInt(5);
                types.add(TYPES[first]).add(TYPES[first + 1]).add(TYPES[first + 2]);
            }
            case 4 -> s.set(random.nextBoolean() ? "minimum" : "exclusiveMinimum", number());
            case 5 -> s.set(random.nextBoolean() ? "maximum" : "exclusiveMaximum", number());
            case 6 -> s.put("multipleOf", random.nextBoolean() ? 0.5 : n + 1);
            case 7 -> s.put(random.nextBoolean() ? "minLength" : "maxLength", n);
            case 8 -> s.put(random.nextBoolean() ? "minItems" : "maxItems", n);
            case 9 -> s.put(random.nextBoolean() ? "minProperties" : "maxProperties", n);
            case 10 -> s.putArray("enum").add(JSON.readTree(any(VALUES))).add(JSON.readTree(any(VALUES)));
            case 11 -> s.set("const", JSON.readTree(any(VALUES)));
            case 12 -> s.put("pattern", n < 2 ? "^a" : "b$");
            case 13 -> s.put("format", "date");
            case 14 -> s.put("uniqueItems", n > 0);
            case 15, 16, 17 -> {
                ObjectNode properties = s.putObject("properties");
                for (String name : NAMES) {
                    if (random.nextBoolean()) {
                        properties.set(name, sub(depth + 1));
                    }
                }
            }
            case 18 -> s.putArray("required").add(any(NAMES));
            case 19 -> s.set("additionalProperties", sub(depth + 1));
            case 20 -> s.set("items", sub(depth + 1));
            case 21 -> s.putObject("patternProperties").set(n < 2 ? "a" : "^[bc]", sub(depth + 1));
            case 22 -> s.putArray("prefixItems").add(sub(depth + 1));
            default -> inPlace(s, depth);
        }
    }

    private void inPlace(ObjectNode s, int depth) {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> s.putArray("anyOf").add(object(depth + 1)).add(object(depth + 1));
            case 3 -> s.putArray("oneOf").add(object(depth + 1)).add(object(depth + 1));
            case 4 -> s.putArray("allOf").add(object(depth + 1)).add(object(depth + 1));
            case 5 -> s.set("not", object(depth + 1));
            case 6 -> s.set("if", object(depth + 1)).set("then", object(depth + 1));
            default -> s.set("contains", object(depth + 1)).set("propertyNames", object(depth + 1));
        }
    }

    private JsonNode number() {
        return JSON.readTree(any(new String[] {"0", "1", "1.5", "2", "-1"}));
    }

    String record() {
        return value(0);
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 2 ? 3 : 7)) {
            case 0, 1, 2 -> any(VALUES);
            case 3 -> "[" + value(depth + 1) + (random.nextBoolean() ? "" : "," + value(depth + 1)) + "]";
            default -> {
                StringBuilder s = new StringBuilder("{");
                for (String name : new String[] {"a", "b", "c", "d"}) {
                    if (random.nextBoolean()) {
                        s.append(s.length() == 1 ? "\"" : ",\"").append(name).append("\":");
                        s.append(value(depth + 1));
                    }
                }
                yield s.append('}').toString();
            }
        };
    }

    private String any(String[] of) {
        return of[random.nextInt(of.length)];
    }
}
