package io.millrace.fuzz;

import io.millrace.contract.ContractSchema;
import io.millrace.contract.ContractSchemaException;
import io.millrace.contract.RecordChecker;
import io.millrace.contract.RecordText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A schema, which the first byte chooses, and a record of the rest: it fits, or there is a reason why not. */
public final class ContractTarget {

    private static final String[] SCHEMAS = {
        "{}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":-1,\"maximum\":1.5},\"b\":{\"type\":"
                + "[\"string\",\"null\"],\"maxLength\":3}},\"required\":[\"a\"],\"additionalProperties\":false}",
        "{\"pattern\":\"^(a+)+$\"}",
        "{\"pattern\":\"^(?=(a+)+$)\",\"properties\":{\"a\":{\"pattern\":\"(a*)*\\\\1b\"}}}",
        "{\"patternProperties\":{\"^(?=(a|aa)+$)\":{\"type\":\"integer\"}},\"propertyNames\":{\"maxLength\":100}}",
        "{\"properties\":{\"a\":{\"$ref\":\"#\"},\"b\":{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}},"
                + "\"unevaluatedProperties\":false}",
        "{\"anyOf\":[{\"$ref\":\"#/$defs/t\"},{\"items\":{\"$ref\":\"#\"},\"uniqueItems\":true}],"
                + "\"$defs\":{\"t\":{\"additionalProperties\":{\"$ref\":\"#\"}}}}",
        "{\"properties\":{\"a\":{\"format\":\"date-time\"},\"b\":{\"format\":\"email\"},\"c\":{\"format\":\"uri\"},"
                + "\"d\":{\"format\":\"idn-hostname\"},\"e\":{\"format\":\"ipv6\"},\"f\":{\"format\":\"uri-template\"}}}",
        "{\"properties\":{\"a\":{\"format\":\"date\"},\"b\":{\"format\":\"time\"},\"c\":{\"format\":\"duration\"},"
                + "\"d\":{\"format\":\"regex\"},\"e\":{\"format\":\"uuid\"},\"f\":{\"format\":\"json-pointer\"},"
                + "\"g\":{\"format\":\"idn-email\"},\"h\":{\"format\":\"iri\"},\"i\":{\"format\":\"ipv4\"}}}",
        "{\"multipleOf\":0.01,\"exclusiveMinimum\":0,\"contains\":{\"type\":\"integer\"},\"maxContains\":2,"
                + "\"enum\":[1,\"a\",null,[1],{\"a\":1}]}",
        "{\"if\":{\"required\":[\"a\"]},\"then\":{\"minProperties\":2},\"else\":{\"not\":{\"required\":[\"b\"]}},"
                + "\"dependentSchemas\":{\"c\":{\"prefixItems\":[true,false],\"properties\":{\"a\":{\"const\":1.0}}}}}",
        "{\"$dynamicAnchor\":\"n\",\"type\":[\"object\",\"array\"],\"additionalProperties\":{\"$dynamicRef\":\"#n\"},"
                + "\"unevaluatedItems\":{\"oneOf\":[{\"type\":\"string\"},{\"$dynamicRef\":\"#n\"}]}}",
    };

    private static final List<RecordChecker> CHECKERS = new ArrayList<>();

    static {
        try {
            for (String schema : SCHEMAS) {
                CHECKERS.add(ContractSchema.parse(schema.getBytes(StandardCharsets.UTF_8))
                        .checker());
            }
        } catch (ContractSchemaException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private ContractTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int which = (input[0] & 0xff) % SCHEMAS.length;
        boolean fits = CHECKERS.get(which).check(input, 1, input.length) == null;
        boolean readable = new RecordText().violation(input, 1, input.length) == null;
        if (fits && !readable) {
            throw new AssertionError("what can't be read fits");
        }
        if (which == 0 && !fits && readable) {
            throw new AssertionError("the schema that allows everything refuses something");
        }
    }
}
