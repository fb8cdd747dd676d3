package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractSchemaTest {

    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private RecordChecker checker(String schema) throws Exception {
        return ContractSchema.load(write("schema.json", schema)).checker();
    }

    private static @Nullable Violation check(RecordChecker checker, String record) {
        byte[] bytes = ("\n" + record + "\n").getBytes(StandardCharsets.UTF_8);
        return checker.check(bytes, 1, bytes.length - 1);
    }

    private static Violation violation(RecordChecker checker, String record) {
        Violation violation = check(checker, record);
        if (violation == null) {
            throw new AssertionError("no violation in " + record);
        }
        return violation;
    }

    @Test
    void schemasReferToEachOtherByRelativePath() throws Exception {
        write("parts/user.json", "{\"properties\":{\"id\":{\"$ref\":\"../id.json#/$defs/id\"}},\"required\":[\"id\"]}");
        write("id.json", "{\"$defs\":{\"id\":{\"type\":\"integer\"}}}");
        RecordChecker checker = checker("{\"properties\":{\"user\":{\"$ref\":\"parts/user.json\"}}}");
        assertThat(check(checker, "{\"user\":{\"id\":1}}")).isNull();
        assertThat(violation(checker, "{\"user\":{\"id\":\"x\"}}"))
                .isEqualTo(new Violation("/user/id", "type", "contract_type", "expected integer, found a string"));
    }

    @Test
    void aReferenceToANetworkIsAnErrorOfTheSchemaWhereverItStands() {
        for (String address : new String[] {"http://127.0.0.1:1/a.json", "https://example.com/a.json"}) {
            assertThatThrownBy(
                            () -> checker("{\"properties\":{\"a\":{\"anyOf\":[true,{\"$ref\":\"" + address + "\"}]}}}"))
                    .isInstanceOf(ContractSchemaException.class)
                    .hasMessageContaining(address)
                    .hasMessageContaining("nothing is fetched from a network");
            assertThatThrownBy(() -> checker("{\"$schema\":\"" + address + "\"}"))
                    .isInstanceOf(ContractSchemaException.class)
                    .hasMessageContaining("nothing is fetched from a network");
        }
    }

    @Test
    void anAddressMayStandForAFolder() throws Exception {
        write("shared/id.json", "{\"type\":\"integer\"}");
        Path schema = write("schema.json", "{\"$ref\":\"https://example.com/schemas/id.json\"}");
        RecordChecker checker = ContractSchema.load(
                        schema,
                        Map.of("https://example.com/schemas/", folder.resolve("shared")),
                        ContractSchema.UnknownFields.ALLOWED)
                .checker();
        assertThat(check(checker, "1")).isNull();
        assertThat(violation(checker, "\"x\"").keyword()).isEqualTo("type");
    }

    @Test
    void aMissingFileAndADanglingPointerAreErrorsOfTheSchema() {
        assertThatThrownBy(() -> checker("{\"items\":{\"$ref\":\"nowhere.json\"}}"))
                .isInstanceOf(ContractSchemaException.class)
                .hasMessageContaining("nowhere.json");
        assertThatThrownBy(() -> checker("{\"items\":{\"$ref\":\"#/$defs/nothing\"}}"))
                .isInstanceOf(ContractSchemaException.class);
        assertThatThrownBy(() -> checker("{\"pattern\":\"(\"}")).isInstanceOf(ContractSchemaException.class);
        assertThatThrownBy(() -> checker("{\"type\":")).isInstanceOf(ContractSchemaException.class);
    }

    @Test
    void aRecursiveSchemaChecksRecordsOfAnyDepthThatTheDecoderTakes() throws Exception {
        RecordChecker checker = checker("{\"properties\":{\"next\":{\"$ref\":\"#\"}},\"additionalProperties\":false}");
        String deep = "{\"next\":".repeat(511) + "{}" + "}".repeat(511);
        assertThat(check(checker, deep)).isNull();
        assertThat(violation(checker, deep.replace("{}", "{\"a\":1}")).pointer())
                .endsWith("/next/a");
        assertThat(violation(checker, "{\"next\":" + deep + "}").code()).isEqualTo("nesting_too_deep");
    }

    @Test
    void aSchemaThatHoldsItselfHasColumns() throws Exception {
        String tree = "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},"
                + "\"left\":{\"$ref\":\"#\"},\"right\":{\"$ref\":\"#\"}}}";
        assertThat(ContractSchema.load(write("tree.json", tree)).columns())
                .containsExactly(
                        new SchemaColumn("id", Type.BIGINT, true),
                        new SchemaColumn("left", Type.JSON, true),
                        new SchemaColumn("right", Type.JSON, true));

        String lists = "{\"type\":\"array\",\"items\":{\"$ref\":\"#\"},\"properties\":{\"a\":{\"$ref\":\"#\"}}}";
        assertThat(ContractSchema.load(write("lists.json", lists)).columns())
                .containsExactly(new SchemaColumn("a", Type.array(Type.JSON), true));
    }

    @Test
    void schemasThatHoldEachOtherInEveryWayHaveAnEndOfColumns() throws Exception {
        StringJoiner schemas = new StringJoiner(",", "{\"$ref\":\"#/$defs/s0\",\"$defs\":{", "}}");
        for (int i = 0; i < 20; i++) {
            StringJoiner fields = new StringJoiner(",", "\"s" + i + "\":{\"type\":\"object\",\"properties\":{", "}}");
            for (int j = 0; j < 20; j++) {
                fields.add("\"f" + j + "\":{\"$ref\":\"#/$defs/s" + j + "\"}");
            }
            schemas.add(fields.toString());
        }
        assertThat(ContractSchema.load(write("all.json", schemas.toString())).columns())
                .hasSizeBetween(10_000, 10_400);
    }

    @Test
    void aSchemaThatRefersToItselfForTheSameValueEnds() throws Exception {
        RecordChecker checker = checker("{\"$ref\":\"#\"}");
        assertThat(violation(checker, "{}").code()).isEqualTo("contract_too_costly");
    }

    @Test
    void whatTheDecoderRefusesTheContractRefusesForTheSameReason() throws Exception {
        RecordChecker checker = checker("{}");
        assertThat(violation(checker, "{\"a\":1,}").code()).isEqualTo("malformed_json");
        assertThat(violation(checker, "").code()).isEqualTo("malformed_json");
        assertThat(violation(checker, "\"\\ud800\"").code()).isEqualTo("lone_surrogate");
        assertThat(violation(checker, "1e99999").code()).isEqualTo("number_out_of_range");
        assertThat(violation(checker, "1".repeat(1001)).code()).isEqualTo("number_out_of_range");
        assertThat(check(checker, "{\"a\":\"1e99999\"}")).isNull();
    }

    @Test
    void theLastOfTwoValuesOfANameCounts() throws Exception {
        RecordChecker checker = checker("{\"properties\":{\"a\":{\"type\":\"integer\"}}}");
        assertThat(check(checker, "{\"a\":\"x\",\"a\":1}")).isNull();
        assertThat(check(checker, "{\"a\":\"x\",\"\\u0061\":1}")).isNull();
        assertThat(violation(checker, "{\"a\":1,\"a\":\"x\"}").pointer()).isEqualTo("/a");
    }

    @Test
    void noMessageRepeatsAValueOfTheRecord() throws Exception {
        String[] schemas = {
            "{\"type\":\"null\"}",
            "{\"enum\":[1]}",
            "{\"const\":1}",
            "{\"pattern\":\"^a$\"}",
            "{\"format\":\"email\"}",
            "{\"maxLength\":2}",
            "{\"not\":{}}",
            "{\"anyOf\":[false,{\"type\":\"object\"}]}",
            "{\"oneOf\":[{\"type\":\"object\"}]}",
            "false"
        };
        for (String schema : schemas) {
            assertThat(violation(checker(schema), "\"secret\"").message())
                    .as(schema)
                    .isNotEmpty()
                    .doesNotContain("secret");
        }
    }

    @Test
    void anUnknownFieldAndAMissingOneAreNamed() throws Exception {
        RecordChecker checker =
                checker("{\"properties\":{\"a\":true},\"required\":[\"a\"],\"additionalProperties\":false}");
        assertThat(violation(checker, "{\"a\":1,\"b/~c\":2}").pointer()).isEqualTo("/b~1~0c");
        assertThat(violation(checker, "{\"a\":1,\"b\":2}").code()).isEqualTo("contract_unknown_field");
        assertThat(violation(checker, "{}").message()).contains("'a'");
    }

    @Test
    void aPatternMadeToBacktrackEnds() throws Exception {
        String hostile = "\"" + "a".repeat(100_000) + "!\"";
        assertThat(violation(checker("{\"pattern\":\"^(a+)+$\"}"), hostile).code())
                .isEqualTo("contract_pattern");
        // Lookahead is beyond a linear matcher: the steps are counted.
        assertThat(violation(checker("{\"pattern\":\"^(?=(a+)+$)\"}"), hostile).code())
                .isEqualTo("contract_too_costly");
        assertThat(violation(checker("{\"patternProperties\":{\"^(?=(a+)+$)\":true}}"), "{" + hostile + ":1}")
                        .code())
                .isEqualTo("contract_too_costly");
        assertThat(check(checker("{\"pattern\":\"^(?=.*[0-9])(?=.*[a-z]).{8,}$\"}"), "\"abcdefg1\""))
                .isNull();
        assertThat(check(checker("{\"pattern\":\"^(a)\\\\1$\"}"), "\"aa\"")).isNull();
    }
}
