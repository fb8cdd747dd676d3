package io.millrace.connectors.memory;

import io.millrace.api.TableShape;
import java.util.Locale;

/** Why a row can't be held: the codes are those of the PostgreSQL destination, so that a test finds what it would. */
enum Refusal {
    NULL_KEY("is part of the key and is null"),
    NULL_VALUE("is null, and the column takes no null"),
    TEXT_WITH_NUL("holds the character U+0000, which PostgreSQL's text can't"),
    INVALID_UTF8("is not valid UTF-8"),
    TEXT_TOO_LONG("is longer than a field of PostgreSQL can be (1 GB)"),
    JSON_TOO_LONG("is longer than a jsonb of PostgreSQL can be (256 MB)"),
    INVALID_JSON("is not valid JSON"),
    JSON_WITH_NUL("holds the escape \\u0000, which PostgreSQL's jsonb can't"),
    JSON_NUMBER_OUT_OF_RANGE("holds a number with more digits than PostgreSQL's numeric"),
    JSON_TOO_DEEP("is nested deeper than " + JsonText.MAX_DEPTH + " levels"),
    NUMBER_OUT_OF_RANGE("has more digits than its column"),
    DATE_OUT_OF_RANGE("is outside of the dates that PostgreSQL can hold (4713 BC to 5874897 AD)"),
    TIMESTAMP_OUT_OF_RANGE("is outside of the times that PostgreSQL can hold (4713 BC to 294276 AD)"),
    KEY_TOO_LONG("makes the key longer than " + RowReader.MAX_KEY_BYTES + " bytes, which no index can hold"),
    RETRACTION("belongs to a row that is retracted, which only a merged table can take"),
    VALUE_DOES_NOT_FIT("takes a value or a total that does not fit"),
    CONSTRAINT_VIOLATED("has a constraint that does not hold");

    private final String message;

    Refusal(String message) {
        this.message = message;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** About a column, without its value. */
    String message(TableShape.Col column) {
        return message(column.name());
    }

    String message(String column) {
        return "column " + column + " " + message;
    }

    /** Thrown from within a value to the row that holds it. */
    static final class Found extends Exception {
        private static final long serialVersionUID = 1L;
        private final Refusal refusal;

        Found(Refusal refusal) {
            super(refusal.name(), null, false, false);
            this.refusal = refusal;
        }

        Refusal refusal() {
            return refusal;
        }
    }
}
