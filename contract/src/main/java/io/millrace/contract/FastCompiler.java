package io.millrace.contract;

import com.networknt.schema.regex.RegularExpression;
import io.millrace.formats.JsonQuotes;
import io.millrace.formats.KnownBytes;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles a schema into a {@link FastShape} where it has nothing but common keywords. Not thread-safe. */
final class FastCompiler {

    private static final Set<String> SILENT =
            Set.of("$comment", "title", "description", "default", "examples", "deprecated", "$defs");
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final int MAX_DIGITS = 18;

    /** The schema has something that is left to the library. */
    private static final class Beyond extends Exception {

        private static final long serialVersionUID = 1;

        Beyond() {
            super(null, null, false, false);
        }
    }

    private final JsonNode root;
    /** By identity: equal schemas may stand in different places. */
    private final IdentityHashMap<JsonNode, FastShape> shapes = new IdentityHashMap<>();

    private FastCompiler(JsonNode root) {
        this.root = root;
    }

    /** The shape of a schema; null where it has what only the library understands. */
    static @Nullable FastShape compile(JsonNode schema) {
        try {
            return new FastCompiler(schema).shape(schema);
        } catch (Beyond e) {
            return null;
        }
    }

    private FastShape shape(JsonNode schema) throws Beyond {
        JsonNode target = schema;
        for (int hops = 0; target.has("$ref"); hops++) {
            // A reference beside other keywords would have the value checked twice; one in a circle, for ever.
            for (String keyword : target.propertyNames()) {
                demand(keyword.equals("$ref") || SILENT.contains(keyword) || atRoot(target, keyword));
            }
            demand(hops < 100);
            target = referred(target.get("$ref"));
        }
        if (target.isBoolean()) {
            return target.asBoolean() ? FastShape.ANY : FastShape.NEVER;
        }
        demand(target.isObject());
        FastShape known = shapes.get(target);
        if (known != null) {
            return known;
        }
        FastShape shape = new FastShape();
        shapes.put(target, shape);
        fill(shape, target);
        return shape;
    }

    @SuppressWarnings("ReferenceEquality") // A schema that equals the root is not the root.
    private boolean atRoot(JsonNode schema, String keyword) {
        return schema == root
                && (keyword.equals("$id")
                        || (keyword.equals("$schema")
                                && DIALECT.equals(schema.get(keyword).asString(""))));
    }

    private JsonNode referred(JsonNode ref) throws Beyond {
        demand(ref.isString());
        String text = ref.asString();
        if (text.equals("#")) {
            return root;
        }
        demand(text.startsWith("#/$defs/"));
        String name = text.substring("#/$defs/".length());
        demand(name.chars().noneMatch(c -> c == '/' || c == '~' || c == '%'));
        JsonNode found = root.path("$defs").get(name);
        if (found == null) {
            throw new Beyond();
        }
        return found;
    }

    private static void demand(boolean condition) throws Beyond {
        if (!condition) {
            throw new Beyond();
        }
    }

    private void fill(FastShape shape, JsonNode schema) throws Beyond {
        for (Map.Entry<String, JsonNode> entry : schema.properties()) {
            JsonNode value = entry.getValue();
            switch (entry.getKey()) {
                case "type" -> shape.types = types(value);
                case "properties", "required" -> {} // fields
                case "additionalProperties" -> shape.additional = shape(value);
                case "items" -> shape.items = shape(value);
                case "minItems" -> shape.minItems = size(value);
                case "maxItems" -> shape.maxItems = size(value);
                case "minLength" -> shape.minLength = size(value);
                case "maxLength" -> shape.maxLength = size(value);
                case "minimum", "exclusiveMinimum" -> {
                    demand(shape.minimum == null);
                    shape.minimum = decimal(value);
                    shape.minimumExclusive = entry.getKey().equals("exclusiveMinimum");
                }
                case "maximum", "exclusiveMaximum" -> {
                    demand(shape.maximum == null);
                    shape.maximum = decimal(value);
                    shape.maximumExclusive = entry.getKey().equals("exclusiveMaximum");
                }
                case "format" -> shape.format = format(value);
                case "pattern" -> shape.pattern = pattern(value);
                case "multipleOf" -> {
                    shape.step = decimal(value);
                    demand(shape.step.unscaled() > 0);
                }
                case "enum", "const" -> {
                    demand(!shape.listed);
                    list(shape, entry.getKey().equals("enum") ? value : List.of(value));
                }
                default -> demand(SILENT.contains(entry.getKey()) || atRoot(schema, entry.getKey()));
            }
        }
        bounds(shape);
        fields(shape, schema);
    }

    private static void bounds(FastShape shape) {
        FastShape.Decimal minimum = shape.minimum;
        if (minimum != null) {
            long one = FastChecker.power(minimum.scale());
            shape.least = shape.minimumExclusive
                    ? Math.floorDiv(minimum.unscaled(), one) + 1
                    : Math.ceilDiv(minimum.unscaled(), one);
        }
        FastShape.Decimal maximum = shape.maximum;
        if (maximum != null) {
            long one = FastChecker.power(maximum.scale());
            shape.most = shape.maximumExclusive
                    ? Math.ceilDiv(maximum.unscaled(), one) - 1
                    : Math.floorDiv(maximum.unscaled(), one);
        }
    }

    private void fields(FastShape shape, JsonNode schema) throws Beyond {
        JsonNode properties = schema.path("properties");
        JsonNode required = schema.path("required");
        demand(properties.isMissingNode() || properties.isObject());
        demand(required.isMissingNode() || required.isArray());
        List<String> names = new ArrayList<>();
        for (JsonNode name : required) {
            demand(name.isString() && !names.contains(name.asString()));
            names.add(name.asString());
        }
        demand(names.size() <= Long.SIZE);
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            int index = names.indexOf(property.getKey());
            add(shape, property.getKey(), shape(property.getValue()), index < 0 ? 0 : 1L << index);
        }
        for (int i = 0; i < names.size(); i++) {
            if (!properties.has(names.get(i))) {
                FastShape rest = shape.additional;
                add(shape, names.get(i), rest == null ? FastShape.ANY : rest, 1L << i);
            }
        }
    }

    private static void add(FastShape shape, String name, FastShape field, long bit) throws Beyond {
        shape.field(utf8(name), quoted(name), field, bit);
    }

    /** A string as JSON has it, with no more escapes than it needs. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        JsonQuotes.append(quoted, text);
        return quoted.toString();
    }

    /** Half a surrogate pair, which a schema may have, is in no record; its encoding would be that of a question mark. */
    private static byte[] utf8(String text) throws Beyond {
        demand(StandardCharsets.UTF_8.newEncoder().canEncode(text));
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int types(JsonNode value) throws Beyond {
        if (value.isArray()) {
            int types = 0;
            for (JsonNode one : value) {
                demand(one.isString());
                types |= types(one);
            }
            return types;
        }
        return switch (value.asString("")) {
            case "null" -> FastShape.NULL;
            case "boolean" -> FastShape.BOOLEAN;
            case "integer" -> FastShape.INTEGER;
            case "number" -> FastShape.INTEGER | FastShape.FRACTION;
            case "string" -> FastShape.STRING;
            case "object" -> FastShape.OBJECT;
            case "array" -> FastShape.ARRAY;
            default -> throw new Beyond();
        };
    }

    private static FastFormat format(JsonNode value) throws Beyond {
        FastFormat format = FastFormat.of(value.asString(""));
        if (format == null) {
            throw new Beyond();
        }
        return format;
    }

    private static RegularExpression pattern(JsonNode value) throws Beyond {
        demand(value.isString());
        return new Patterns().getRegularExpression(value.asString());
    }

    private static int size(JsonNode value) throws Beyond {
        demand(value.isInt() && value.intValue() >= 0);
        return value.intValue();
    }

    private static FastShape.Decimal decimal(JsonNode value) throws Beyond {
        demand(value.isNumber());
        BigDecimal decimal = value.decimalValue();
        demand(Math.abs((long) decimal.scale()) <= MAX_DIGITS && decimal.precision() <= MAX_DIGITS);
        decimal = decimal.stripTrailingZeros();
        if (decimal.scale() < 0) {
            decimal = decimal.setScale(0);
        }
        demand(decimal.precision() <= MAX_DIGITS && decimal.scale() <= MAX_DIGITS);
        return new FastShape.Decimal(decimal.unscaledValue().longValueExact(), decimal.scale());
    }

    private static void list(FastShape shape, Iterable<JsonNode> values) throws Beyond {
        shape.listed = true;
        List<byte[]> strings = new ArrayList<>();
        List<KnownBytes> quoted = new ArrayList<>();
        List<FastShape.Decimal> numbers = new ArrayList<>();
        for (JsonNode value : values) {
            if (value.isString()) {
                strings.add(utf8(value.asString()));
                quoted.add(new KnownBytes(utf8(quoted(value.asString()))));
            } else if (value.isNumber()) {
                numbers.add(decimal(value));
            } else if (value.isBoolean()) {
                shape.trueListed |= value.asBoolean();
                shape.falseListed |= !value.asBoolean();
            } else {
                demand(value.isNull());
                shape.nullListed = true;
            }
        }
        shape.strings = strings.toArray(new byte[0][]);
        shape.quotedStrings = quoted.toArray(new KnownBytes[0]);
        shape.numbers = numbers.toArray(new FastShape.Decimal[0]);
    }
}
