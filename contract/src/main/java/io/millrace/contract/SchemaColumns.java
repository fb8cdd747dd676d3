package io.millrace.contract;

import io.millrace.api.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The columns that follow from a schema. A field has the narrowest SQL type that holds every value that the schema allows:
 * what is no number, text, boolean, list or object alone is {@link Type#JSON}.
 */
final class SchemaColumns {

    private static final int MOST_HOPS = 100;
    /**
     * From here on an object is one column, whatever fields it has: a few schemas that refer to each other make more ways
     * through them than can be counted.
     */
    private static final int MOST_COLUMNS = 10_000;

    private static final BigDecimal LEAST_INT = BigDecimal.valueOf(Integer.MIN_VALUE);
    private static final BigDecimal MOST_INT = BigDecimal.valueOf(Integer.MAX_VALUE);
    private static final BigDecimal LEAST_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MOST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

    private final JsonNode root;
    private final List<SchemaColumn> columns = new ArrayList<>();
    /** The objects, by identity, that the one in hand lies in: a schema may refer to itself. */
    private final Set<JsonNode> around = Collections.newSetFromMap(new IdentityHashMap<>());

    private SchemaColumns(JsonNode root) {
        this.root = root;
    }

    static List<SchemaColumn> of(JsonNode root) {
        SchemaColumns all = new SchemaColumns(root);
        all.fields(root, "", false);
        return List.copyOf(all.columns);
    }

    /** A property as all parts of a schema together have it. */
    private record Field(JsonNode schema, boolean required) {}

    private boolean fields(JsonNode schema, String prefix, boolean mayBeMissing) {
        if (columns.size() >= MOST_COLUMNS || !around.add(schema)) {
            return false;
        }
        Map<String, JsonNode> named = new LinkedHashMap<>();
        Set<String> required = new LinkedHashSet<>();
        collect(schema, named, required, Collections.newSetFromMap(new IdentityHashMap<>()));
        named.forEach((name, property) -> {
            // A name with a point could not be told from a field of an object.
            if (!name.isEmpty() && name.indexOf('.') < 0) {
                field(prefix + name, new Field(property, required.contains(name)), mayBeMissing);
            }
        });
        around.remove(schema);
        return !named.isEmpty();
    }

    /** Gathers what a schema, what it refers to and all of {@code allOf} say of fields. */
    private void collect(JsonNode schema, Map<String, JsonNode> named, Set<String> required, Set<JsonNode> seen) {
        if (!seen.add(schema)) {
            return;
        }
        schema.path("properties").properties().forEach(p -> named.putIfAbsent(p.getKey(), p.getValue()));
        schema.path("required").forEach(name -> required.add(name.asString("")));
        JsonNode referred = referred(schema);
        if (referred != null) {
            collect(referred, named, required, seen);
        }
        schema.path("allOf").forEach(part -> collect(part, named, required, seen));
    }

    private void field(String path, Field field, boolean mayBeMissing) {
        JsonNode schema = followed(field.schema());
        Set<String> types = types(schema);
        boolean mayBeNull = types.isEmpty() || types.remove("null");
        boolean nullable = mayBeMissing || !field.required() || mayBeNull;
        if (!types.equals(Set.of("object")) || !fields(schema, path + ".", nullable)) {
            columns.add(new SchemaColumn(path, type(schema, types), nullable));
        }
    }

    private Type type(JsonNode schema, Set<String> types) {
        if (types.equals(Set.of("integer"))) {
            return integer(schema);
        }
        if (types.equals(Set.of("number")) || types.equals(Set.of("integer", "number"))) {
            return number(schema);
        }
        if (types.size() != 1) {
            return Type.JSON;
        }
        return switch (types.iterator().next()) {
            case "boolean" -> Type.BOOLEAN;
            case "string" ->
                switch (schema.path("format").asString("")) {
                    case "date" -> Type.DATE;
                    case "date-time" -> Type.TIMESTAMP_TZ;
                    default -> Type.VARCHAR;
                };
            case "array" -> Type.array(element(schema));
            default -> Type.JSON;
        };
    }

    private Type element(JsonNode schema) {
        JsonNode items = followed(schema.path("items"));
        Set<String> types = types(items);
        types.remove("null");
        // A list of lists is a list of JSON, so that one that holds itself has a type too.
        return schema.has("prefixItems") || types.equals(Set.of("array")) ? Type.JSON : type(items, types);
    }

    private static Type integer(JsonNode schema) {
        BigDecimal least = bound(schema, "minimum", "exclusiveMinimum");
        BigDecimal most = bound(schema, "maximum", "exclusiveMaximum");
        if (within(least, LEAST_INT, most, MOST_INT)) {
            return Type.INTEGER;
        }
        boolean beyond =
                (least != null && least.compareTo(LEAST_LONG) < 0) || (most != null && most.compareTo(MOST_LONG) > 0);
        return beyond ? Type.decimal(Type.MAX_PRECISION, 0) : Type.BIGINT;
    }

    private static boolean within(
            @Nullable BigDecimal least, BigDecimal from, @Nullable BigDecimal most, BigDecimal to) {
        return least != null && most != null && least.compareTo(from) >= 0 && most.compareTo(to) <= 0;
    }

    /** Exact where the schema tells how many digits there are after the point, by {@code multipleOf: 0.01}. */
    private static Type number(JsonNode schema) {
        BigDecimal step = decimal(schema.path("multipleOf"));
        if (step == null || step.signum() <= 0) {
            return Type.DOUBLE;
        }
        int scale = Math.max(0, step.stripTrailingZeros().scale());
        if (scale > Type.MAX_LONG_PRECISION) {
            return Type.DOUBLE;
        }
        BigDecimal least = bound(schema, "minimum", "exclusiveMinimum");
        BigDecimal most = bound(schema, "maximum", "exclusiveMaximum");
        int precision = Type.MAX_PRECISION;
        if (least != null && most != null) {
            int digits = Math.max(digits(least), digits(most));
            precision = Math.max(1, Math.min(Type.MAX_PRECISION, digits + scale));
        }
        return Type.decimal(precision, scale);
    }

    /** Digits before the point. */
    private static int digits(BigDecimal number) {
        return Math.max(0, number.precision() - number.scale());
    }

    private static @Nullable BigDecimal bound(JsonNode schema, String inclusive, String exclusive) {
        BigDecimal bound = decimal(schema.path(inclusive));
        return bound == null ? decimal(schema.path(exclusive)) : bound;
    }

    private static @Nullable BigDecimal decimal(JsonNode node) {
        return node.isNumber() ? node.decimalValue() : null;
    }

    /** The types that a value may have; none where the schema does not say. */
    private static Set<String> types(JsonNode schema) {
        Set<String> types = new LinkedHashSet<>();
        JsonNode type = schema.path("type");
        if (type.isString()) {
            types.add(type.asString());
        }
        type.forEach(one -> types.add(one.asString("")));
        if (types.isEmpty()) {
            schema.path("enum").forEach(value -> types.add(typeOf(value)));
            if (schema.has("const")) {
                types.add(typeOf(schema.get("const")));
            }
        }
        return types;
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NULL -> "null";
            case ARRAY -> "array";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            default -> "object";
        };
    }

    private JsonNode followed(JsonNode schema) {
        JsonNode at = schema;
        for (int hops = 0; hops < MOST_HOPS; hops++) {
            JsonNode next = referred(at);
            if (next == null || at.has("type")) {
                return at;
            }
            at = next;
        }
        return at;
    }

    /** What a schema refers to within its own file; null where it does not. */
    private @Nullable JsonNode referred(JsonNode schema) {
        String ref = schema.path("$ref").asString("");
        if (ref.equals("#")) {
            return root;
        }
        if (!ref.startsWith("#/") || ref.indexOf('%') >= 0) {
            return null;
        }
        JsonNode found = root.at(ref.substring(1));
        return found.isMissingNode() ? null : found;
    }
}
