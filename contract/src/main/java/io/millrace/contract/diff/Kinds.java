package io.millrace.contract.diff;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The kinds of values, as bits; numbers are either integers or fractions. */
final class Kinds {

    static final int NULL = 1;
    static final int BOOLEAN = 1 << 1;
    static final int INTEGER = 1 << 2;
    static final int FRACTION = 1 << 3;
    static final int STRING = 1 << 4;
    static final int OBJECT = 1 << 5;
    static final int ARRAY = 1 << 6;
    static final int NUMBER = INTEGER | FRACTION;
    static final int ALL = (1 << 7) - 1;

    private static final String[] NAMES = {
        "null", "a boolean", "an integer", "a number with a fraction", "a string", "an object", "an array"
    };
    private static final String[] TYPES = {"null", "boolean", "integer", "number", "string", "object", "array"};

    private Kinds() {}

    /** The kinds that the keyword {@code type} allows. */
    static int ofType(JsonNode type) {
        if (type.isArray()) {
            int kinds = 0;
            for (JsonNode one : type) {
                kinds |= ofType(one);
            }
            return kinds;
        }
        String name = type.asString("");
        if (name.equals("number")) {
            return NUMBER;
        }
        for (int i = 0; i < TYPES.length; i++) {
            if (TYPES[i].equals(name)) {
                return 1 << i;
            }
        }
        return 0;
    }

    static int ofValue(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> BOOLEAN;
            case NUMBER -> value.decimalValue().stripTrailingZeros().scale() <= 0 ? INTEGER : FRACTION;
            case STRING -> STRING;
            case OBJECT -> OBJECT;
            case ARRAY -> ARRAY;
            default -> NULL;
        };
    }

    /** The name that {@code type} has for one kind, or, for fractions, for the smallest type that has them. */
    static String type(int kind) {
        return TYPES[Integer.numberOfTrailingZeros(kind)];
    }

    /** For a person: {@code a string or null}. */
    static String words(int kinds) {
        List<String> words = new ArrayList<>();
        for (int i = NAMES.length - 1; i >= 0; i--) {
            if ((kinds & 1 << i) != 0) {
                words.add(NAMES[i]);
            }
        }
        return String.join(" or ", words);
    }
}
