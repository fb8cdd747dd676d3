package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.ContractSchema.UnknownFields;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownFieldsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"properties":{"a":{}}}                                          | {"a":1}              | true
            {"properties":{"a":{}}}                                          | {"a":1,"b":2}        | false
            {"properties":{"a":{}},"additionalProperties":true}              | {"a":1,"b":2}        | true
            {"properties":{"a":{}},"additionalProperties":{"type":"string"}} | {"a":1,"b":2}        | false
            {"properties":{"a":{"properties":{"x":{}}}}}                     | {"a":{"y":1}}        | false
            {"properties":{"a":{}}}                                          | {"a":{"y":1}}        | true
            {"properties":{"a":{"items":{"properties":{"x":{}}}}}}           | {"a":[{"y":1}]}      | false
            {"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}      | {"a":1,"b":2}        | true
            {"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}      | {"a":1,"c":2}        | false
            {"properties":{"a":{"$ref":"#/$defs/o"}},"$defs":{"o":{"properties":{"x":{}}}}} | {"a":{"x":1}} | true
            {"properties":{"a":{"$ref":"#/$defs/o"}},"$defs":{"o":{"properties":{"x":{}}}}} | {"a":{"y":1}} | false
            {"properties":{"a":{}},"patternProperties":{"^x_":{}}}           | {"a":1,"x_b":2}      | true
            {"type":"object"}                                                | {"a":1}              | true
            """)
    void aFieldThatIsNotNamedBreaksTheContract(String schema, String record, boolean fits) throws Exception {
        Path file = Files.writeString(folder.resolve("s.json"), schema);
        RecordChecker checker =
                ContractSchema.load(file, Map.of(), UnknownFields.VIOLATION).checker();
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        @Nullable Violation violation = checker.check(bytes, 0, bytes.length);
        if (fits) {
            assertThat(violation).isNull();
        } else {
            assertThat(violation)
                    .extracting(Violation::code)
                    .isIn(ContractCode.CONTRACT_UNKNOWN_FIELD.code(), ContractCode.CONTRACT_TYPE.code());
        }
        RecordChecker lenient = ContractSchema.load(file).checker();
        if (!schema.contains("string")) {
            assertThat(lenient.check(bytes, 0, bytes.length)).isNull();
        }
    }
}
