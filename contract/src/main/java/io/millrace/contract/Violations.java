package io.millrace.contract;

import com.networknt.schema.Error;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Words for what the library found. The library's own messages repeat values of the record; these never do. */
final class Violations {

    private static final int MAX_SCHEMA_TEXT = 200;

    private Violations() {}

    static Violation of(Error error, JsonNode record) {
        String keyword = error.getKeyword();
        if (keyword == null) {
            keyword = "false";
        }
        String pointer = error.getInstanceLocation().toString();
        String property = error.getProperty();
        JsonNode found = error.getInstanceNode();
        if (property != null && ContractCode.of(keyword) == ContractCode.CONTRACT_UNKNOWN_FIELD) {
            pointer += "/" + property.replace("~", "~0").replace("/", "~1");
        }
        return new Violation(
                pointer,
                keyword,
                ContractCode.of(keyword).code(),
                message(keyword, error.getSchemaNode(), property, found == null ? record : found));
    }

    private static String message(
            String keyword, @Nullable JsonNode schema, @Nullable String property, JsonNode found) {
        String says = schema == null ? "" : says(schema);
        String kind = kind(found);
        return switch (keyword) {
            case "type" -> "expected " + alternatives(schema) + ", found " + kind;
            case "required", "dependentRequired" ->
                property == null ? "a required field is missing" : "the required field '" + property + "' is missing";
            case "additionalProperties", "unevaluatedProperties" -> "the schema does not know this field";
            case "propertyNames" -> "a name in the object is not as the schema demands";
            case "enum" -> "expected one of " + says + ", found another " + bare(kind);
            case "const" -> "expected " + says + ", found another value";
            case "minimum" -> "expected at least " + says + ", found less";
            case "maximum" -> "expected at most " + says + ", found more";
            case "exclusiveMinimum" -> "expected more than " + says + ", found no more than that";
            case "exclusiveMaximum" -> "expected less than " + says + ", found no less than that";
            case "multipleOf" -> "expected a multiple of " + says;
            case "minLength" -> "expected at least " + says + " characters, found fewer";
            case "maxLength" -> "expected at most " + says + " characters, found more";
            case "pattern" -> "expected a string that matches " + says;
            case "format" -> "expected a string of the format " + says;
            case "minItems", "minProperties" -> "expected at least " + says + " entries, found fewer";
            case "maxItems", "maxProperties" -> "expected at most " + says + " entries, found more";
            case "uniqueItems" -> "expected entries that all differ, found some twice";
            case "contains", "minContains", "maxContains" ->
                "the number of entries that fit 'contains' is not as the schema demands";
            case "items", "prefixItems", "unevaluatedItems" -> "the array has an entry that the schema does not allow";
            case "anyOf" -> kind + " that fits none of the alternatives";
            case "oneOf" -> kind + " that does not fit exactly one of the alternatives";
            case "not" -> kind + " that the schema excludes";
            case "false" -> "the schema allows no value here, found " + kind;
            default -> kind + " that does not fit the schema's '" + keyword + "'";
        };
    }

    private static String says(JsonNode schema) {
        String text = schema.toString();
        return text.length() <= MAX_SCHEMA_TEXT ? text : text.substring(0, MAX_SCHEMA_TEXT) + "...";
    }

    private static String alternatives(@Nullable JsonNode type) {
        if (type == null) {
            return "another type";
        }
        if (!type.isArray()) {
            return type.asString();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode one : type) {
            text.append(text.isEmpty() ? "" : " or ").append(one.asString());
        }
        return text.toString();
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "a string";
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "a number";
            default -> "null";
        };
    }

    private static String bare(String kind) {
        return kind.replaceFirst("^an? ", "");
    }
}
