package io.millrace.sql.exec;

import java.util.Locale;

/** Why a query could not be evaluated for a record. */
public enum TransformCode {
    OVERFLOW("A number, date or time does not fit its type. Nothing wraps around."),
    DIVISION_BY_ZERO("Division by zero, or a remainder of one."),
    INVALID_CAST("A value can't be converted to the type that a CAST (or a parsing function) asks for."),
    INVALID_ARGUMENT("A function is not defined for this argument: the square root of -1, a negative length."),
    NULL_KEY("A column of the destination's key is null."),
    REJECTED_BY_QUERY("The query itself refused the record, by REJECT."),
    TEXT_TOO_LONG("A text would become longer than " + Frame.MAX_TEXT_BYTES
            + " bytes, or the texts of a batch in all too large.");

    private final String meaning;

    TransformCode(String meaning) {
        this.meaning = meaning;
    }

    /** As it is written in the quarantine: lower_snake_case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One sentence for a user. */
    public String meaning() {
        return meaning;
    }
}
