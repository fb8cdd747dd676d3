package io.millrace.contract;

import java.util.Random;

/** Schemas and records over the same few names and values, so that they often meet. */
final class Texts {

    private static final String[] NAMES = {"a", "b", "c", "é", "a long name", "", "sixsix", "q\\\""};
    private static final String[] TYPES = {"null", "boolean", "integer", "number", "string", "object", "array"};
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "1",
        "1.0",
        "1.5",
        "-1",
        "2",
        "10",
        "0.1",
        "0.10",
        "100",
        "1e2",
        "1E-1",
        "123456789012345678",
        "1234567890123456789",
        "9223372036854775808",
        "0.123456789012345678",
        "-99999999999999999999.5",
        "1e400",
        "1.0000000000000000000000"
    };
    private static final String[] STRINGS = {
        "\"\"",
        "\"a\"",
        "\"ab\"",
        "\"abc\"",
        "\"é\"",
        "\"\\u0061\"",
        "\"\\ud83d\\ude00\"",
        "\"😀b\"",
        "\"\\n\"",
        "\"a longer text, past a word\"",
        "\"2024-02-29\"",
        "\"2023-02-29\"",
        "\"2023-04-31T10:00:00Z\"",
        "\"2023-04-30T23:59:59.123456789+05:30\"",
        "\"2023-04-30T23:59:60Z\"",
        "\"2023-04-30t23:59:59z\"",
        "\"2023-04-30T23:59:59.Z\"",
        "\"2023-04-30T24:00:00-24:00\"",
        "\"12345678-9aBc-def0-1234-56789abcdef0\"",
        "\"12345678-9aBc-def0-1234-56789abcdefg\"",
        "\"ann.b+c@example.com\"",
        "\"ann..b@example.com\"",
        "\"ann@example\"",
        "\"ann@exa_mple.com\"",
        "\"ann@10.0.0.1\"",
        "\"10.0.0.255\"",
        "\"10.0.0.256\"",
        "\"10.0.00.1\"",
        "\"10.0.0.\"",
        "\"aa\""
    };

    private final Random random;

    Texts(Random random) {
        this.random = random;
    }

    private String any(String[] of) {
        return of[random.nextInt(of.length)];
    }

    String schema() {
        String body = schema(0);
        return body.startsWith("{")
                ? "{\"$defs\":{\"x\":" + schema(2) + "}" + (body.equals("{}") ? "}" : "," + body.substring(1))
                : body;
    }

    private String schema(int depth) {
        int kind = random.nextInt(12);
        if (depth > 0 && kind == 0) {
            return random.nextBoolean() ? "true" : "false";
        }
        if (depth == 1 && kind <= 2) {
            return kind == 1 ? "{\"$ref\":\"#/$defs/x\"}" : "{\"$ref\":\"#\",\"title\":\"t\"}";
        }
        StringBuilder s = new StringBuilder("{");
        if (random.nextInt(2) == 0) {
            add(s, "type", random.nextInt(3) > 0 ? types() : "\"" + any(TYPES) + "\"");
        }
        if (random.nextInt(4) == 0) {
            add(s, random.nextBoolean() ? "minimum" : "exclusiveMinimum", any(BOUNDS));
        }
        if (random.nextInt(4) == 0) {
            add(s, random.nextBoolean() ? "maximum" : "exclusiveMaximum", any(BOUNDS));
        }
        if (random.nextInt(5) == 0) {
            add(s, "minLength", "" + random.nextInt(3));
        }
        if (random.nextInt(5) == 0) {
            add(s, "maxLength", "" + random.nextInt(4));
        }
        if (random.nextInt(6) == 0) {
            add(s, "format", "\"" + any(FORMATS) + "\"");
        }
        if (random.nextInt(6) == 0) {
            add(s, "pattern", "\"" + any(PATTERNS) + "\"");
        }
        if (random.nextInt(5) == 0) {
            add(s, "multipleOf", any(STEPS));
        }
        if (random.nextInt(8) == 0) {
            add(s, "enum", "[" + any(LISTED) + "," + any(LISTED2) + "]");
        } else if (random.nextInt(12) == 0) {
            add(s, "const", any(LISTED));
        }
        if (depth < 3) {
            containers(s, depth);
        }
        return s.append('}').toString();
    }

    static final String[] FORMATS = {"date", "date-time", "uuid", "email", "ipv4"};
    private static final String[] PATTERNS = {"^a", "b+$", "é", "^(a|ab)*$", "(a)\\\\1", "^\\\\d{4}-"};
    private static final String[] STEPS = {"1", "0.1", "0.01", "2", "3", "0.5", "10", "1e1", "0.000000001"};
    private static final String[] BOUNDS = {"0", "1", "-1", "1.5", "0.1", "100", "1e2", "2.0", "123456789012345678"};
    private static final String[] LISTED = {"1", "1.0", "0.1", "\"a\"", "\"é\"", "\"\"", "100"};
    private static final String[] LISTED2 = {"null", "true", "false", "2", "\"ab\""};

    private void containers(StringBuilder s, int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            StringBuilder properties = new StringBuilder("{");
            for (String name : NAMES) {
                if (random.nextInt(2) == 0) {
                    add(properties, name, schema(depth + 1));
                }
            }
            add(s, "properties", properties.append('}').toString());
        }
        if (random.nextInt(4) == 0) {
            add(s, "required", random.nextBoolean() ? "[\"a\"]" : "[\"b\",\"" + any(OPTIONAL) + "\"]");
        }
        if (random.nextInt(4) == 0) {
            add(s, "additionalProperties", random.nextInt(3) == 0 ? schema(depth + 1) : "false");
        }
        if (random.nextInt(3) == 0) {
            add(s, "items", schema(depth + 1));
        }
        if (random.nextInt(5) == 0) {
            add(s, "minItems", "" + random.nextInt(3));
        }
        if (random.nextInt(5) == 0) {
            add(s, "maxItems", "" + random.nextInt(4));
        }
    }

    private static final String[] OPTIONAL = {"a", "c", "é"};

    private String types() {
        int first = random.nextInt(TYPES.length - 2);
        return "[\"" + TYPES[first] + "\",\"" + TYPES[first + 1] + "\",\"" + TYPES[first + 2] + "\"]";
    }

    private static void add(StringBuilder s, String name, String value) {
        s.append(s.length() == 1 ? "" : ",")
                .append('"')
                .append(name)
                .append("\":")
                .append(value);
    }

    String record() {
        return random.nextInt(10) == 0 ? value(0) : object(0);
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 3 ? 6 : 8)) {
            case 0, 1 -> any(NUMBERS);
            case 2, 3 -> any(STRINGS);
            case 4 -> random.nextBoolean() ? "true" : "false";
            case 5 -> "null";
            case 6 -> object(depth + 1);
            default -> array(depth + 1);
        };
    }

    private String space() {
        return random.nextInt(6) == 0 ? " " : "";
    }

    private String object(int depth) {
        StringBuilder s = new StringBuilder("{" + space());
        int fields = random.nextInt(5);
        for (int i = 0; i < fields; i++) {
            // Now and then a name comes twice, or is spelled with an escape.
            String name = random.nextInt(15) == 0 ? "\\u0061" : any(NAMES);
            s.append(i == 0 ? "" : "," + space())
                    .append('"')
                    .append(name)
                    .append('"')
                    .append(space());
            s.append(':').append(space()).append(value(depth)).append(space());
        }
        return s.append('}').toString();
    }

    private String array(int depth) {
        StringBuilder s = new StringBuilder("[" + space());
        int entries = random.nextInt(4);
        for (int i = 0; i < entries; i++) {
            s.append(i == 0 ? "" : ",").append(value(depth)).append(space());
        }
        return s.append(']').toString();
    }
}
