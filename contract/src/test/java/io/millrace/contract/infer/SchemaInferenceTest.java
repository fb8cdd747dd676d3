package io.millrace.contract.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.contract.ContractSchema;
import io.millrace.contract.RecordChecker;
import io.millrace.contract.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SchemaInferenceTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static @Nullable Violation add(SchemaInference inference, String record) {
        byte[] bytes = ("\n" + record + "\n").getBytes(StandardCharsets.UTF_8);
        return inference.add(bytes, 1, bytes.length - 1);
    }

    private static String schemaOf(boolean ranges, List<String> records) {
        SchemaInference inference = new SchemaInference(ranges);
        for (String record : records) {
            assertThat(add(inference, record)).as(record).isNull();
        }
        return inference.propose(null, 0);
    }

    /** The schema of field {@code a}, which has these values in as many records. */
    private static JsonNode field(List<String> values) {
        return JSON.readTree(schemaOf(
                        false, values.stream().map(v -> "{\"a\":" + v + "}").toList()))
                .get("properties")
                .get("a");
    }

    private static List<String> times(int count, String... values) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(values[i % values.length]);
        }
        return all;
    }

    @Test
    void aProposalReadsLikeThis() {
        String schema = schemaOf(
                false,
                List.of(
                        "{\"id\":1,\"at\":\"2026-11-21T10:00:00Z\",\"user\":{\"name\":\"A\",\"age\":null},\"tags\":[]}",
                        "{\"id\":2,\"at\":\"x\",\"user\":{\"age\":1.5},\"tags\":[\"a\",1],\"more\":null}"));
        assertThat(schema).isEqualTo("""
                {
                  "$schema": "https://json-schema.org/draft/2020-12/schema",
                  "$comment": "Proposed by 'millrace contract infer' from 2 records.",
                  "type": "object",
                  "properties": {
                    "id": { "type": "integer" },
                    "at": { "type": "string" },
                    "user": {
                      "type": "object",
                      "properties": {
                        "name": { "type": "string" },
                        "age": { "type": ["number", "null"] }
                      },
                      "required": ["age"]
                    },
                    "tags": {
                      "type": "array",
                      "items": { "type": ["integer", "string"] }
                    },
                    "more": { "$comment": "always null in the records seen" }
                  },
                  "required": ["id", "at", "user", "tags"]
                }
                """);
    }

    @Test
    void aFormatIsProposedWhereEveryValueHasItAndThereAreEnough() {
        assertThat(field(times(5, "\"2026-11-21T10:00:00Z\"")).path("format").asString())
                .isEqualTo("date-time");
        assertThat(field(times(5, "\"2026-11-21\"")).path("format").asString()).isEqualTo("date");
        assertThat(field(times(8, "\"a@example.com\"", "null", "\"b@example.org\""))
                        .path("format")
                        .asString())
                .isEqualTo("email");
        assertThat(field(times(6, "\"6ecd8c99-4036-403d-bf84-cf8400f67836\""))
                        .path("format")
                        .asString())
                .isEqualTo("uuid");
        assertThat(field(times(4, "\"2026-11-21\"")).has("format")).isFalse();
        assertThat(field(times(9, "\"2026-11-21\"", "\"2026-13-21\"")).has("format"))
                .isFalse();
        assertThat(field(times(9, "\"2026-11-21\"", "\"\"")).has("format")).isFalse();
    }

    @Test
    void fewWordsOverManyRecordsAreAnEnum() {
        assertThat(field(times(60, "\"add\"", "\"subtract\"")).toString())
                .isEqualTo("{\"type\":\"string\",\"enum\":[\"add\",\"subtract\"]}");
        assertThat(field(times(60, "\"add\"", "null", "\"subtract\"")).has("enum"))
                .isFalse(); // 40 words
        assertThat(field(times(90, "\"add\"", "null", "\"subtract\"")).toString())
                .isEqualTo("{\"type\":[\"string\",\"null\"],\"enum\":[\"add\",\"subtract\",null]}");
        assertThat(field(times(60, "\"add\"")).has("enum")).isFalse();
        assertThat(field(times(60, "\"add\"", "1")).has("enum")).isFalse();
        assertThat(field(times(60, "\"user1\"", "\"user2\"")).has("enum")).isFalse();
        assertThat(field(times(60, "\"a@b\"", "\"b@c\"")).has("enum")).isFalse();
        List<String> rare = times(60, "\"add\"", "\"subtract\"");
        rare.add("\"once\"");
        assertThat(field(rare).has("enum")).isFalse();
    }

    @Test
    void boundsAreProposedOnlyWhereAskedFor() {
        List<String> records = List.of("{\"n\":-1,\"s\":\"ab\",\"l\":[]}", "{\"n\":2.5,\"s\":\"😀\",\"l\":[1,2]}");
        assertThat(schemaOf(false, records)).doesNotContain("minimum").doesNotContain("Length");
        assertThat(JSON.readTree(schemaOf(true, records)).get("properties").toString())
                .isEqualTo(
                        "{\"n\":{\"type\":\"number\",\"minimum\":-1,\"maximum\":2.5},"
                                + "\"s\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":2},"
                                + "\"l\":{\"type\":\"array\",\"minItems\":0,\"maxItems\":2,\"items\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":2}}}");
    }

    @Test
    void whatIsNoRecordIsSaidAndLeftOut() {
        SchemaInference inference = new SchemaInference(false);
        assertThat(Objects.requireNonNull(add(inference, "{\"a\":1,}")).code()).isEqualTo("malformed_json");
        assertThat(Objects.requireNonNull(add(inference, "[1]")).code()).isEqualTo("not_an_object");
        assertThat(Objects.requireNonNull(add(inference, "{\"a\":1e99999}")).code())
                .isEqualTo("number_out_of_range");
        assertThat(inference.records()).isZero();
        assertThatThrownBy(() -> inference.propose(null, 3)).isInstanceOf(IllegalStateException.class);
        assertThat(add(inference, "{\"a\":1,\"a\":\"x\"}")).isNull();
        assertThat(inference.propose("orders", 3))
                .contains("from 1 record; 3 more could not be read.", "\"title\": \"orders\"", "\"type\": \"string\"");
    }

    @Test
    void namesThatAreDataAreNotRepeated() {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            records.add("{\"by_user\":{\"user%d\":1,\"user%d\":2}}".formatted(i, i + 1));
        }
        assertThat(schemaOf(false, records)).doesNotContain("user1").contains("a map");
    }

    @Test
    void memoryIsBoundedAndWhatIsNotLookedAtIsAllowed() throws Exception {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            StringBuilder record = new StringBuilder("{\"n").append(i).append("\":[[0]]");
            for (int j = 0; j < 1000; j++) {
                record.append(",\"f").append(i * 1000 + j).append("\":").append(j % 2 == 0 ? "[1]" : "{\"a\":\"b\"}");
            }
            records.add(record.append('}').toString());
        }
        records.add("{\"a\":" + "[".repeat(400) + "]".repeat(400) + "}");
        records.add("{\"a\":" + "[".repeat(400) + "1" + "]".repeat(400) + "}");
        String schema = schemaOf(true, records);
        assertThat(schema.length()).isLessThan(5_000_000);
        accepts(schema, records);
    }

    private static void accepts(String schema, List<String> records) throws Exception {
        RecordChecker checker =
                ContractSchema.parse(schema.getBytes(StandardCharsets.UTF_8)).checker();
        for (String record : records) {
            byte[] b = record.getBytes(StandardCharsets.UTF_8);
            assertThat(checker.check(b, 0, b.length))
                    .as("%s by %s", record, schema)
                    .isNull();
        }
    }

    @Test
    void columnsOfTextAreNumbersOrBooleansWhereAllOfTheirValuesAre() throws Exception {
        SchemaInference inference = new SchemaInference(false);
        List<String> names = List.of("id", "price", "ok", "zip", "mixed", "none");
        inference.add(names, Arrays.asList("1", "1.50", "true", "007", "1", null));
        inference.add(names, Arrays.asList("22", "3", "false", "1234", "true", null));
        inference.add(names, Arrays.asList(null, "1e3", "true", "99", "x", null));
        String schema = inference.propose(null, 0);
        assertThat(schema)
                .contains(
                        "\"id\": { \"type\": [\"integer\", \"null\"] }",
                        "\"price\": { \"type\": \"number\" }",
                        "\"ok\": { \"type\": \"boolean\" }",
                        "\"zip\": { \"type\": \"string\" }",
                        "\"mixed\": { \"type\": \"string\" }",
                        "from 3 records");
        accepts(
                schema,
                List.of("{\"id\":null,\"price\":1e3,\"ok\":true,\"zip\":\"99\",\"mixed\":\"x\",\"none\":null}"));
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    @Property(tries = 150)
    void everyRecordThatItWasMadeOfFits(@ForAll("seeds") long seed) throws Exception {
        Random random = new Random(seed);
        RandomRecords records = new RandomRecords(random);
        List<String> made = new ArrayList<>();
        int count = 1 + random.nextInt(random.nextBoolean() ? 4 : 80);
        for (int i = 0; i < count; i++) {
            made.add(records.next());
        }
        accepts(schemaOf(random.nextBoolean(), made), made);
    }
}
