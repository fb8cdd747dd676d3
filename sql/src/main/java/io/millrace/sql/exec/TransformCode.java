package io.millrace.sql.exec;

import java.util.Locale;

/** Why a query could not be evaluated for a record. */
public enum TransformCode {
    /** A number, date or time does not fit its type. Nothing wraps around. */
    OVERFLOW,
    /** Division by zero, or a remainder of one. */
    DIVISION_BY_ZERO,
    /** A value can't be converted to the type that a CAST (or a parsing function) asks for. */
    INVALID_CAST,
    /** A function is not defined for this argument: the square root of -1, a negative length. */
    INVALID_ARGUMENT,
    /** A column of the destination's key is null. */
    NULL_KEY,
    /** The query itself refused the record, by REJECT. */
    REJECTED_BY_QUERY,
    /** A text would become longer than {@value Frame#MAX_TEXT_BYTES} bytes, or the texts of a batch in all too large. */
    TEXT_TOO_LONG;

    /** As it is written in the quarantine: lower_snake_case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
