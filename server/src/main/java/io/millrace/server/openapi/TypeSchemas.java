package io.millrace.server.openapi;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.server.http.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of our types in JSON: what they look like, and an example of each. */
public final class TypeSchemas {

    private TypeSchemas() {}

    /** A value of a row, as PostgreSQL renders it. */
    public static Schema row(Type type) {
        return switch (type) {
            case Type.Simple simple ->
                switch (simple) {
                    // What JSON has no number for, it writes as text.
                    case DOUBLE -> Schema.either(Schema.of("number"), Schema.oneOf("NaN", "Infinity", "-Infinity"));
                    case BOOLEAN, INTEGER, BIGINT, VARCHAR, DATE, TIMESTAMP, TIMESTAMP_TZ, JSON -> exact(simple);
                };
            // A total may outgrow the type that it is made of.
            case Type.Decimal decimal -> Schema.of("number");
            case Type.Array(Type element) -> Schema.array(row(element).orNull());
        };
    }

    /** A value of a column in a path or a query. */
    public static Schema asked(Type type) {
        return switch (type) {
            case Type.Simple simple ->
                simple == Type.Simple.JSON ? Schema.string().described("JSON.") : exact(simple);
            case Type.Decimal decimal -> Schema.of("number");
            case Type.Array array -> Schema.string().described("As PostgreSQL writes arrays, such as {1,2}.");
        };
    }

    /** A value of an event. Whatever fits this is taken. */
    static Schema event(Type type) {
        return switch (type) {
            case Type.Simple simple -> exact(simple);
            case Type.Decimal(int precision, int scale) -> {
                BigDecimal most = new BigDecimal(BigInteger.TEN.pow(precision).subtract(BigInteger.ONE), scale);
                yield Schema.of("number")
                        .with("minimum", most.negate())
                        .with("maximum", most)
                        .described("Up to " + scale + " digits after the point.");
            }
            case Type.Array(Type element) -> Schema.array(event(element).orNull());
        };
    }

    private static Schema exact(Type.Simple type) {
        return switch (type) {
            case BOOLEAN -> Schema.of("boolean");
            case INTEGER -> Schema.integer(Integer.MIN_VALUE, Integer.MAX_VALUE).with("format", "int32");
            case BIGINT -> Schema.integer(Long.MIN_VALUE, Long.MAX_VALUE).with("format", "int64");
            case DOUBLE -> Schema.of("number").with("format", "double");
            case VARCHAR -> Schema.string();
            case DATE -> Schema.string().with("format", "date");
            case TIMESTAMP -> Schema.string().with("format", "date-time-local");
            case TIMESTAMP_TZ -> Schema.string().with("format", "date-time");
            case JSON -> Schema.ANYTHING;
        };
    }

    /** A value of a type, as a path or a query has it. */
    public static Object example(Type type) {
        return switch (type) {
            case Type.Simple simple ->
                switch (simple) {
                    case BOOLEAN -> true;
                    case INTEGER, BIGINT -> 1;
                    case DOUBLE -> 1.5;
                    case VARCHAR -> "abc";
                    case DATE -> "2026-11-21";
                    case TIMESTAMP -> "2026-11-21T10:00:00";
                    case TIMESTAMP_TZ -> "2026-11-21T10:00:00Z";
                    case JSON -> Map.of("a", 1);
                };
            case Type.Decimal decimal -> decimal.precision() > decimal.scale() ? 1 : 0;
            case Type.Array(Type element) -> List.of(example(element));
        };
    }

    /** The events of which a query reads these fields. Other members may be there, too, and are not looked at. */
    public static Schema event(Projection input) {
        Node root = new Node();
        input.fields().forEach(field -> root.put(field.path(), field));
        return root.schema();
    }

    /** An event that fits {@link #event(Projection)}. */
    public static Map<String, Object> example(Projection input) {
        Node root = new Node();
        input.fields().forEach(field -> root.put(field.path(), field));
        return root.example();
    }

    /** An object in an event, by the fields that are read of it. */
    private static final class Node {
        private final Map<String, Node> objects = new LinkedHashMap<>();
        private final Map<String, Projection.Field> fields = new LinkedHashMap<>();

        void put(List<String> path, Projection.Field field) {
            if (path.size() == 1) {
                fields.put(path.getFirst(), field);
            } else {
                objects.computeIfAbsent(path.getFirst(), name -> new Node()).put(path.subList(1, path.size()), field);
            }
        }

        /** Whether an object may be left out: nothing in it must be there. */
        private boolean optional() {
            return fields.values().stream().allMatch(Projection.Field::nullable)
                    && objects.values().stream().allMatch(Node::optional);
        }

        Schema schema() {
            Map<String, Schema> members = new LinkedHashMap<>();
            List<String> required = new ArrayList<>();
            fields.forEach((name, field) -> {
                Schema schema = event(field.type());
                members.put(name, field.nullable() ? schema.orNull() : schema);
                if (!field.nullable()) {
                    required.add(name);
                }
            });
            objects.forEach((name, node) -> {
                if (members.containsKey(name)) {
                    // It is read as a whole, too.
                    return;
                }
                members.put(name, node.optional() ? node.schema().orNull() : node.schema());
                if (!node.optional()) {
                    required.add(name);
                }
            });
            return Schema.object(members, required);
        }

        Map<String, Object> example() {
            Map<String, Object> example = new LinkedHashMap<>();
            objects.forEach((name, node) -> example.put(name, node.example()));
            fields.forEach((name, field) -> example.putIfAbsent(name, TypeSchemas.example(field.type())));
            return example;
        }
    }
}
