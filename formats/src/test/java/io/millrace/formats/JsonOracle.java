package io.millrace.formats;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a record with Jackson, the JDK's UTF-8 decoder and a search for lone surrogates, none of which the decoder under
 * test uses; then picks the fields of the projection out of the tree.
 */
final class JsonOracle {

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(JsonScanner.MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    /** A value that does not fit its column. */
    private static final class Misfit extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private JsonOracle() {}

    /** The record as a tree; empty where it is not one valid JSON object. */
    static Optional<JsonNode> tree(byte[] record) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(record))
                    .toString();
            JsonNode tree = MAPPER.readTree(text);
            return tree.isObject() && !anyLoneSurrogate(text) ? Optional.of(tree) : Optional.empty();
        } catch (CharacterCodingException | JacksonException e) {
            return Optional.empty();
        }
    }

    static JsonNode parse(String json) {
        return MAPPER.readTree(json);
    }

    /** Looks at every name and text, also those that a later one of the same name replaces in the tree. */
    private static boolean anyLoneSurrogate(String json) {
        try (JsonParser parser = MAPPER.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if ((token == JsonToken.PROPERTY_NAME || token == JsonToken.VALUE_STRING)
                        && loneSurrogates(parser.getString())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean loneSurrogates(String text) {
        return text.codePoints()
                .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /** The row of a record, JSON as trees; empty where it must be rejected. */
    static Optional<List<@Nullable Object>> row(byte[] record, Projection projection) {
        Optional<JsonNode> tree = tree(record);
        if (tree.isEmpty()) {
            return Optional.empty();
        }
        List<@Nullable Object> row = new ArrayList<>();
        try {
            for (Projection.Field field : projection.fields()) {
                JsonNode node = find(tree.get(), field.path());
                if (node == null && !field.nullable()) {
                    return Optional.empty();
                }
                row.add(node == null ? null : convert(node, field.type(), field.lenient()));
            }
        } catch (Misfit e) {
            return Optional.empty();
        }
        return Optional.of(row);
    }

    private static @Nullable JsonNode find(JsonNode record, List<String> path) throws Misfit {
        JsonNode node = record;
        for (String name : path) {
            if (!node.isObject()) {
                throw new Misfit();
            }
            node = node.get(name);
            if (node == null || node.isNull()) {
                return null;
            }
        }
        return node;
    }

    private static @Nullable Object convert(JsonNode node, Type type, boolean lenient) throws Misfit {
        return switch (type) {
            case Type.Array array -> {
                require(node.isArray());
                List<@Nullable Object> elements = new ArrayList<>();
                for (JsonNode element : node.values()) {
                    elements.add(element.isNull() ? null : convert(element, array.element(), lenient));
                }
                yield elements;
            }
            case Type.Decimal decimal -> {
                BigDecimal value = exact(number(node, lenient), decimal.scale());
                require(value.precision() <= decimal.precision());
                yield value;
            }
            case Type.Simple.BIGINT -> {
                BigDecimal value = exact(number(node, lenient), 0);
                require(value.toBigInteger().bitLength() < Long.SIZE);
                yield value.longValueExact();
            }
            case Type.Simple.DOUBLE -> {
                double value = number(node, lenient).doubleValue();
                require(!Double.isInfinite(value));
                yield value == 0 ? 0.0 : value; // BigDecimal has no sign of zero, but for what underflows
            }
            case Type.Simple.BOOLEAN -> {
                require(node.isBoolean());
                yield node.booleanValue();
            }
            case Type.Simple.VARCHAR -> {
                require(node.isString() || lenient);
                yield node.isString() ? node.stringValue() : node;
            }
            case Type.Simple.JSON -> node;
            case Type.Simple _ -> throw new IllegalArgumentException("no oracle for " + type.sql());
        };
    }

    private static void require(boolean holds) throws Misfit {
        if (!holds) {
            throw new Misfit();
        }
    }

    private static BigDecimal number(JsonNode node, boolean lenient) throws Misfit {
        if (node.isNumber()) {
            return node.decimalValue();
        }
        require(lenient && node.isString());
        try {
            return new BigDecimal(node.stringValue().strip());
        } catch (NumberFormatException e) {
            throw new Misfit();
        }
    }

    private static BigDecimal exact(BigDecimal value, int scale) throws Misfit {
        try {
            return value.setScale(scale);
        } catch (ArithmeticException e) {
            throw new Misfit();
        }
    }
}
