package io.millrace.contract;

import java.util.Locale;

/**
 * Why a record breaks a contract. {@link #code()} is what rejections, the quarantine and their readers see; it never
 * changes its meaning.
 */
public enum ContractCode {
    CONTRACT_TYPE("The value is of a type that the schema does not allow here."),
    CONTRACT_REQUIRED("A field that the schema requires is missing."),
    CONTRACT_UNKNOWN_FIELD(
            "The object has a field that the schema does not know and does not allow, or that can't become a column."),
    CONTRACT_FIELD_NAME("The name of a field is not as the schema demands."),
    CONTRACT_ENUM("The value is none of those that the schema lists."),
    CONTRACT_RANGE("The number is outside of the range."),
    CONTRACT_MULTIPLE("The number is not a multiple of what the schema says."),
    CONTRACT_LENGTH("The string is too short or too long."),
    CONTRACT_PATTERN("The string does not match the pattern."),
    CONTRACT_FORMAT("The string is not of the format."),
    CONTRACT_SIZE("The array or object has too few or too many entries."),
    CONTRACT_UNIQUE("The array has an entry twice."),
    CONTRACT_ITEMS("The array has entries that the schema does not allow, or lacks some that it demands."),
    CONTRACT_CHOICE("The value fits none of the choices, or more than it may."),
    CONTRACT_OTHER("The value does not fit the schema in another way."),
    CONTRACT_TOO_COSTLY("Checking the record takes more steps than any record may take.");

    private final String code = name().toLowerCase(Locale.ROOT);
    private final String meaning;

    ContractCode(String meaning) {
        this.meaning = meaning;
    }

    /** The code for a keyword that does not hold. */
    static ContractCode of(String keyword) {
        return switch (keyword) {
            case "type" -> CONTRACT_TYPE;
            case "required", "dependentRequired", "dependencies" -> CONTRACT_REQUIRED;
            case "additionalProperties", "unevaluatedProperties" -> CONTRACT_UNKNOWN_FIELD;
            case "propertyNames" -> CONTRACT_FIELD_NAME;
            case "enum", "const" -> CONTRACT_ENUM;
            case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" -> CONTRACT_RANGE;
            case "multipleOf" -> CONTRACT_MULTIPLE;
            case "minLength", "maxLength" -> CONTRACT_LENGTH;
            case "pattern" -> CONTRACT_PATTERN;
            case "format", "contentEncoding", "contentMediaType", "contentSchema" -> CONTRACT_FORMAT;
            case "minItems", "maxItems", "minProperties", "maxProperties" -> CONTRACT_SIZE;
            case "uniqueItems" -> CONTRACT_UNIQUE;
            case "contains", "minContains", "maxContains", "unevaluatedItems", "items", "prefixItems" -> CONTRACT_ITEMS;
            case "anyOf", "oneOf", "not" -> CONTRACT_CHOICE;
            default -> CONTRACT_OTHER;
        };
    }

    /** The code in lower_snake_case, as {@link io.millrace.api.Rejection#code()} has it. */
    public String code() {
        return code;
    }

    /** One sentence for a user. */
    public String meaning() {
        return meaning;
    }
}
