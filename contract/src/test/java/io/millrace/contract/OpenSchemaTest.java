package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.ContractSchema.UnknownFields;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenSchemaTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"properties":{"a":{}}}                                          | {"a":1}                    | none
            {"properties":{"a":{}}}                                          | {"a":1,"b":"x","c":2}      | b VARCHAR, c BIGINT
            {"properties":{"a":{}}}                                          | {"b":true,"c":1.5,"d":[1],"e":{"x":1}} | b BOOLEAN, c JSON, d JSON, e JSON
            {"properties":{"a":{}}}                                          | {"b":9223372036854775807,"c":9223372036854775808,"d":1.0} | b BIGINT, c JSON, d JSON
            {"properties":{"a":{}}}                                          | {"b":null}                 | none
            {"properties":{"a":{}}}                                          | {"b":"x","b":7}            | b BIGINT
            {"properties":{"a":{}}}                                          | {"\\u0062/~":"x"}          | b/~ VARCHAR
            {"properties":{"a":{"type":"string"}}}                           | {"a":1,"b":2}              | contract_type
            {"properties":{"a":{}},"additionalProperties":true}              | {"a":1,"b":2}              | b BIGINT
            {"properties":{"a":{}},"additionalProperties":{"type":"string"}} | {"a":1,"b":2}              | contract_type
            {"properties":{"a":{}},"additionalProperties":{"type":"string"}} | {"a":1,"b":"x"}            | b VARCHAR
            {"properties":{"a":{}},"additionalProperties":false}             | {"a":1,"b":2}              | contract_unknown_field
            {"properties":{"a":{}},"additionalProperties":false}             | {"a":1,"b":null}           | contract_unknown_field
            {"properties":{"a":{}},"additionalProperties":{"type":"string"}} | {"a":1,"b":null}           | contract_type
            {"properties":{"a":{"properties":{"x":{}}}}}                     | {"a":{"y":1}}              | none
            {"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}      | {"a":1,"b":2}              | none
            {"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}      | {"a":1,"c":2,"d/e":"x"}    | c BIGINT, d/e VARCHAR
            {"$ref":"#/$defs/o","$defs":{"o":{"properties":{"x":{}}}}}       | {"x":1,"y":1}              | y BIGINT
            {"properties":{"a":{}},"patternProperties":{"^x_":{}}}           | {"a":1,"x_b":2,"y":1}      | y BIGINT
            {"properties":{"a":{"$ref":"#"}}}                                | {"a":{"a":{},"z":1},"y":1} | y BIGINT
            {"properties":{"known":{}}}                                      | {"late":"x"}               | none
            {"properties":{"a":{}},"additionalProperties":{"type":"string"}} | {"late":1}                 | contract_type
            {"properties":{"a":{}}}                                          | [1]                        | none
            {"properties":{"a":{}}}                                          | {"a":                      | malformed_json
            """)
    void fieldsThatAreNotNamedAreToldOfRecordsThatFit(String schema, String record, String told) throws Exception {
        OpenSchema.Checker checker = checker(schema);
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        @Nullable Violation violation = checker.check(bytes, 0, bytes.length);
        assertThat(violation == null ? told(checker.unnamed()) : violation.code())
                .isEqualTo(told);
        byte[] plain = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(checker.check(plain, 0, plain.length)).isNull();
        assertThat(checker.unnamed()).isEmpty();
    }

    @Test
    void whatHasOnlyTextsBringsTexts() throws Exception {
        OpenSchema.Checker checker = checker("{\"properties\":{\"a\":{\"type\":\"integer\"}}}");
        byte[] bytes = "{\"a\":\"1\",\"b\":\"2\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(checker.checkTexts(bytes, 0, bytes.length)).isNull();
        assertThat(told(checker.unnamed())).isEqualTo("b VARCHAR");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"properties\":{\"a\":{\"type\":\"integer\"}}}",
                "{\"title\":\"t\",\"$ref\":\"#/$defs/o\",\"$defs\":{\"o\":{\"properties\":{\"a\":{\"$ref\":\"#/$defs/p\"}}},\"p\":{}}}"
            })
    void aRecordWithoutUnnamedFieldsTakesNoCloserLook(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("s.json"), text);
        ContractSchema schema = ContractSchema.load(file, Map.of(), UnknownFields.ALLOWED);
        assertThat(schema.open(List.of("b")).fast()).isTrue();
    }

    private OpenSchema.Checker checker(String schema) throws Exception {
        Path file = Files.writeString(folder.resolve("s.json"), schema);
        return ContractSchema.load(file, Map.of(), UnknownFields.ALLOWED)
                .open(List.of("late"))
                .checker();
    }

    private static String told(List<OpenSchema.Unnamed> fields) {
        return fields.isEmpty()
                ? "none"
                : fields.stream()
                        .map(field -> field.name() + " " + field.type().sql())
                        .collect(Collectors.joining(", "));
    }
}
