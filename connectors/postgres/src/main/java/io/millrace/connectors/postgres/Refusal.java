package io.millrace.connectors.postgres;

import io.millrace.api.TableShape;
import java.util.Locale;

/** Why PostgreSQL can't hold a value that the pipeline can. The codes are for users; they do not change. */
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
    JSON_TOO_DEEP("is nested deeper than " + JsonbText.MAX_DEPTH + " levels"),
    NUMBER_OUT_OF_RANGE("has more digits than its column"),
    DATE_OUT_OF_RANGE("is outside of the dates that PostgreSQL can hold (4713 BC to 5874897 AD)"),
    TIMESTAMP_OUT_OF_RANGE("is outside of the times that PostgreSQL can hold (4713 BC to 294276 AD)"),
    KEY_TOO_LONG("makes the key longer than " + RowEncoder.MAX_KEY_BYTES + " bytes, which no index can hold"),
    RETRACTION("belongs to a row that is retracted, which only a merged table can take");

    private final String message;

    Refusal(String message) {
        this.message = message;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One sentence for a user. */
    String meaning() {
        return "The value " + message + ".";
    }

    /** About a column, without its value. */
    String message(TableShape.Col column) {
        return "column " + column.name() + " " + message;
    }
}
