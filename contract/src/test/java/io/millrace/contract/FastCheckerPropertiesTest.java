package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The fast checker and the library, asked about the same generated records by the same generated schemas. */
class FastCheckerPropertiesTest {

    private static final int RECORDS = 40;

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    @Property(tries = 1500)
    void whatTheFastCheckerTakesTheLibraryTakes(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        Texts texts = new Texts(random);
        String schema = texts.schema();
        ContractSchema compiled = compile(schema);
        assertThat(compiled.fast()).as(schema).isTrue();
        for (int i = 0; i < RECORDS; i++) {
            agree(compiled, schema, texts.record());
        }
    }

    @Property(tries = 500)
    void andOfDamagedRecordsToo(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        Texts texts = new Texts(random);
        String schema = texts.schema();
        ContractSchema compiled = compile(schema);
        for (int i = 0; i < RECORDS; i++) {
            byte[] record = texts.record().getBytes(StandardCharsets.UTF_8);
            record[random.nextInt(record.length)] = (byte) random.nextInt(256);
            agree(compiled, schema, new String(record, StandardCharsets.ISO_8859_1), record);
        }
    }

    /** Without this the fast checker could agree by never being sure. */
    @Test
    void mostRecordsThatFitAreTakenByTheFastChecker() throws Exception {
        int fit = 0;
        int fast = 0;
        for (int seed = 0; seed < 200; seed++) {
            Texts texts = new Texts(new Random(seed));
            ContractSchema compiled = compile(texts.schema());
            for (int i = 0; i < RECORDS; i++) {
                byte[] b = texts.record().getBytes(StandardCharsets.UTF_8);
                if (compiled.checker().examine(b, 0, b.length) == null) {
                    fit++;
                    fast += fast(compiled).fits(b, 0, b.length) ? 1 : 0;
                }
            }
        }
        assertThat(fit).isGreaterThan(500);
        assertThat(fast).isGreaterThan(fit / 2);
    }

    private static ContractSchema compile(String schema) throws Exception {
        return ContractSchema.compile("file:///schema.json", schema.getBytes(StandardCharsets.UTF_8), Map.of(), true);
    }

    @Property(tries = 5_000)
    void aTextThatLooksLikeItsFormatIsOfIt(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        String[] plain = {
            "2024-02-29",
            "2023-04-30T23:59:59.123+05:30",
            "12345678-9abc-def0-1234-56789abcdef0",
            "ann.b@ex.com",
            "10.0.0.255"
        };
        StringBuilder text = new StringBuilder(plain[random.nextInt(plain.length)]);
        for (int i = random.nextInt(3); i > 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            char other = "0123459.:-+@TZtzaA_".charAt(random.nextInt(19));
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, other);
                case 1 -> text.insert(at, other);
                default -> text.deleteCharAt(at);
            }
        }
        String format = Texts.FORMATS[random.nextInt(Texts.FORMATS.length)];
        String schema = "{\"format\":\"" + format + "\"}";
        agree(compile(schema), schema, "\"" + text + "\"");
    }

    private static FastChecker fast(ContractSchema schema) {
        return Objects.requireNonNull(schema.fastChecker());
    }

    private static void agree(ContractSchema schema, String text, String record) {
        agree(schema, text, record, record.getBytes(StandardCharsets.UTF_8));
    }

    private static void agree(ContractSchema schema, String text, String record, byte[] bytes) {
        byte[] around = new byte[bytes.length + 40];
        Arrays.fill(around, (byte) '9');
        System.arraycopy(bytes, 0, around, 20, bytes.length);
        int to = 20 + bytes.length;
        if (fast(schema).fits(around, 20, to)) {
            assertThat(schema.checker().examine(around, 20, to))
                    .as("schema %s, record %s", text, record)
                    .isNull();
        }
        assertThat(schema.checker().check(around, 20, to))
                .as("schema %s, record %s", text, record)
                .isEqualTo(schema.checker().examine(around, 20, to));
    }

    /** Schemas and records over the same few names and values, so that they often meet. */
    private static final class Texts {

        private static final String[] NAMES = {"a", "b", "c", "é", "a long name", ""};
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

        private static final String[] FORMATS = {"date", "date-time", "uuid", "email", "ipv4"};
        private static final String[] PATTERNS = {"^a", "b+$", "é", "^(a|ab)*$", "(a)\\\\1", "^\\\\d{4}-"};
        private static final String[] STEPS = {"1", "0.1", "0.01", "2", "3", "0.5", "10", "1e1", "0.000000001"};
        private static final String[] BOUNDS = {"0", "1", "-1", "1.5", "0.1", "100", "1e2", "2.0", "123456789012345678"
        };
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
}
