package io.millrace.formats;

import java.util.Locale;

/**
 * Why a record could not be decoded. {@link #code()} is what rejections, the quarantine and their readers see; it never
 * changes its meaning.
 */
public enum ReasonCode {
    MALFORMED_JSON("The bytes are not one JSON text as RFC 8259 has it."),
    INVALID_UTF8("The bytes are not UTF-8: overlong, a surrogate, above U+10FFFF, or cut short."),
    LONE_SURROGATE("A \\u escape names half of a surrogate pair without the other half."),
    NESTING_TOO_DEEP("Objects and arrays are nested deeper than 512."),
    NOT_AN_OBJECT("The record is valid JSON, but not an object."),
    WRONG_TYPE("The value is of another JSON kind than its column takes."),
    NUMBER_OUT_OF_RANGE("The number is larger than its column can hold."),
    INEXACT_NUMBER("The number has more digits after the point than its column keeps; it is not rounded in silence."),
    CAST_FAILED("The text can't be read as a value of its column's type."),
    MISSING_FIELD("A field that must be there is not."),
    NULL_FIELD("A field that must have a value is null."),
    MALFORMED_CSV("The row breaks the rules of quoting: a quote that is not closed, or text after one that is."),
    WRONG_FIELD_COUNT("The row has more or fewer fields than the header names."),
    RECORD_TOO_LARGE("The record is longer than the limit.");

    private final String code = name().toLowerCase(Locale.ROOT);
    private final String meaning;

    ReasonCode(String meaning) {
        this.meaning = meaning;
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
