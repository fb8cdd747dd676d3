package io.millrace.contract;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What a schema itself has to be like: without it {@code "type": "int"} would be a keyword that nothing breaks. */
final class MetaSchema {

    private static final int TOLD = 5;

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .pathType(PathType.JSON_POINTER)
                            .build()))
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    private MetaSchema() {}

    /**
     * Requires that a JSON value is a schema.
     *
     * @throws ContractSchemaException it is none, with all that is wrong
     */
    static void require(String address, JsonNode schema) throws ContractSchemaException {
        List<Error> errors = SCHEMA.validate(schema);
        if (!errors.isEmpty()) {
            throw new ContractSchemaException(
                    address + " is no usable JSON Schema: "
                            + errors.stream()
                                    .map(error -> "at \"" + error.getInstanceLocation() + "\": " + error.getMessage())
                                    .distinct()
                                    .limit(TOLD)
                                    .collect(Collectors.joining("; ")),
                    null);
        }
    }
}
