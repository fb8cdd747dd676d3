package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * One fast checker and many records of one producer: the same fields in the same order, each record with one thing changed.
 * What the checker has learnt of their order may not make it take what the library does not.
 */
class FastCheckerLayoutsTest {

    private static final int RECORDS = 60;

    /** A schema and texts, some of which fit it: the first always does. */
    private record Field(String name, String schema, String... values) {}

    private static final List<Field> FIELDS = List.of(
            new Field(
                    "id",
                    "{\"type\":\"string\",\"minLength\":1}",
                    "\"a-1\"",
                    "\"\"",
                    "\"\\u0041\"",
                    "\"é\"",
                    "7",
                    "\"a\tb\""),
            new Field(
                    "sixsix",
                    "{\"minLength\":2,\"maxLength\":8}",
                    "\"12345678\"",
                    "\"123456789\"",
                    "\"ééééééééé\"",
                    "\"é\"",
                    "\"1\""),
            new Field(
                    "value",
                    "{\"type\":\"integer\",\"minimum\":-1,\"exclusiveMaximum\":100.5}",
                    "7",
                    "-1",
                    "-2",
                    "100",
                    "101",
                    "-0",
                    "007",
                    "1.0",
                    "1e2",
                    "1e3",
                    "-",
                    "123456789012345678",
                    "1234567890123456789",
                    "18446744073709551617",
                    "0.5",
                    "null"),
            new Field(
                    "small",
                    "{\"exclusiveMinimum\":-1.5,\"maximum\":2.5,\"multipleOf\":0.5}",
                    "2",
                    "3",
                    "-1",
                    "-2",
                    "2.5",
                    "1.25"),
            new Field(
                    "name",
                    "{\"enum\":[\"add_revenue\",\"subtract_revenue\",\"é\",1.5]}",
                    "\"add_revenue\"",
                    "\"subtract_revenue\"",
                    "\"add\"",
                    "\"é\"",
                    "\"add_revenue2\"",
                    "1.50",
                    "1",
                    "\"\\u00e9\""),
            new Field(
                    "a name of many bytes",
                    "{\"type\":[\"boolean\",\"null\"]}",
                    "true",
                    "null",
                    "false",
                    "nul",
                    "0",
                    "[]"),
            new Field("day", "{\"format\":\"date\"}", "\"2024-02-29\"", "\"2023-02-29\"", "5", "\"2024-02-2\""),
            new Field("é", "{\"pattern\":\"^a\"}", "\"ab\"", "\"b\"", "\"\\u0061\"", "\"aé\"", "{}"),
            new Field(
                    "in",
                    "{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"integer\"},\"y\":{\"const\":\"y\"}},\"required\":[\"x\"]}",
                    "{\"y\":\"y\",\"x\":1}",
                    "{\"x\":1}",
                    "{\"y\":\"y\"}",
                    "{}",
                    "{\"x\":1,\"x\":1.5}",
                    "{\"x\":1,\"z\":[{}]}",
                    "{\"x\":1"),
            new Field(
                    "list",
                    "{\"items\":{\"type\":\"integer\",\"minimum\":1},\"maxItems\":2}",
                    "[1,2]",
                    "[]",
                    "[1,2,3]",
                    "[0]",
                    "[1,]",
                    "[ 1 ]"),
            new Field("q\\\"", "{\"type\":\"string\"}", "\"\"", "\"\\\\\"", "0"));

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    @Property(tries = 700)
    void whatACheckerTakesThatKnowsTheLayoutTheLibraryTakes(@ForAll("seeds") long seed) throws Exception {
        new Producer(new Random(seed)).agreesOn(RECORDS);
    }

    /** Without this the checker could agree by never being sure. */
    @Test
    void mostRecordsThatFitAreTaken() throws Exception {
        int fit = 0;
        int taken = 0;
        for (int seed = 0; seed < 100; seed++) {
            Producer producer = new Producer(new Random(seed));
            producer.agreesOn(RECORDS);
            fit += producer.fit;
            taken += producer.taken;
        }
        assertThat(fit).isGreaterThan(2_000);
        assertThat(taken).isGreaterThan(fit / 2);
    }

    private static final class Producer {
        private final Random random;
        private final List<Field> written;
        private final String schema;
        private final ContractSchema contract;
        private final FastChecker fast;
        private final RecordChecker all;
        private int fit;
        private int taken;

        Producer(Random random) throws Exception {
            this.random = random;
            List<Field> named = new ArrayList<>(FIELDS);
            Collections.shuffle(named, random);
            named = named.subList(0, 2 + random.nextInt(4));
            List<String> properties = new ArrayList<>();
            List<String> required = new ArrayList<>();
            for (Field field : named) {
                properties.add("\"" + field.name + "\":" + field.schema);
                if (random.nextInt(3) > 0) {
                    required.add("\"" + field.name + "\"");
                }
            }
            schema =
                    "{\"properties\":{" + String.join(",", properties) + "},\"required\":[" + String.join(",", required)
                            + "]" + (random.nextBoolean() ? ",\"additionalProperties\":false}" : "}");
            contract = ContractSchema.parse(schema.getBytes(StandardCharsets.UTF_8));
            fast = Objects.requireNonNull(contract.fastChecker());
            all = contract.checker();
            written = new ArrayList<>(named);
            if (random.nextBoolean()) {
                Collections.shuffle(written, random);
            }
        }

        void agreesOn(int records) {
            String space = random.nextBoolean() ? "" : " ";
            for (int i = 0; i < records; i++) {
                String record = record(space);
                byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
                if (random.nextInt(6) == 0) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                if (random.nextInt(6) == 0) {
                    int gone = random.nextInt(bytes.length);
                    System.arraycopy(bytes, gone + 1, bytes, gone, bytes.length - gone - 1);
                    bytes = Arrays.copyOf(bytes, bytes.length - 1);
                }
                // The array ends with the record, or goes on with a newline, with digits, with more of the same.
                agrees(bytes, bytes.length, record);
                agrees(Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(16)), bytes.length, record);
                byte[] digits = Arrays.copyOf(bytes, bytes.length + 20);
                Arrays.fill(digits, bytes.length, digits.length, (byte) '9');
                agrees(digits, bytes.length, record);
                agrees(bytes, random.nextInt(bytes.length), record);
                agrees(digits, bytes.length + 1, record);
            }
        }

        private void agrees(byte[] b, int to, String record) {
            Violation violation = all.examine(b, 0, to);
            if (fast.fits(b, 0, to)) {
                taken++;
                assertThat(violation)
                        .as("schema %s, %s bytes of %s", schema, to, record)
                        .isNull();
            }
            fit += violation == null ? 1 : 0;
            assertThat(all.check(b, 0, to))
                    .as("schema %s, %s bytes of %s", schema, to, record)
                    .isEqualTo(violation);
        }

        private String record(String space) {
            List<Field> fields = new ArrayList<>(written);
            List<String> values = new ArrayList<>(
                    fields.stream().map(field -> field.values[0]).toList());
            int one = random.nextInt(fields.size());
            String name = null;
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> values.set(one, any(fields.get(one).values));
                case 3 -> {
                    fields.add(fields.remove(one));
                    values.add(values.remove(one));
                }
                case 4 -> {
                    fields.add(random.nextInt(fields.size()), fields.get(one));
                    values.add(values.size(), any(fields.get(one).values));
                }
                case 5 -> {
                    fields.remove(one);
                    values.remove(one);
                }
                case 6 -> {
                    Field other = FIELDS.get(random.nextInt(FIELDS.size()));
                    fields.add(one, other);
                    values.add(one, any(other.values));
                }
                case 7 -> name = "\\u00" + Integer.toHexString(0x61 + random.nextInt(3)) + fields.get(one).name;
                default -> {}
            }
            StringBuilder record = new StringBuilder(space() + "{" + space());
            for (int i = 0; i < fields.size(); i++) {
                record.append(i == 0 ? "" : "," + space).append(space());
                record.append('"')
                        .append(name != null && i == one ? name : fields.get(i).name)
                        .append('"');
                record.append(space())
                        .append(':')
                        .append(space)
                        .append(values.get(i))
                        .append(space());
            }
            return record.append('}').append(random.nextInt(8) == 0 ? "\r" : "").toString();
        }

        private String any(String... texts) {
            return texts[random.nextInt(texts.length)];
        }

        private String space() {
            return random.nextInt(30) == 0 ? any(" ", "\t", "\r", "\u000b") : "";
        }
    }
}
