package io.millrace.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why one record can't be loaded. A value, not an exception: a bad record is data and goes to the quarantine.
 *
 * <p>The message must not repeat values of the record: it ends up in logs, the raw bytes do not.
 *
 * @param stage where it was found
 * @param code the kind of reason in lower_snake_case, from a documented and fixed set, such as {@code malformed_json}
 * @param field the path of the field or the output column at fault; null where it is the whole record
 * @param message what was found, what was expected, and where in the record
 * @param position where the record lies in its split, as text; with the split it is the record's identity
 * @param raw the bytes of the record as they arrived, at most {@link #MAX_RAW_BYTES} of them
 */
public record Rejection(Stage stage, String code, @Nullable String field, String message, String position, byte[] raw) {

    /** How much of an oversized record is kept. The rest stays where it came from, found by its position. */
    public static final int MAX_RAW_BYTES = 1 << 20;

    /** The step that refused the record. */
    public enum Stage {
        /** The bytes are not a record of the format, or a field does not fit its column. */
        DECODE,
        /** The record is not what the contract says. */
        CONTRACT,
        /** The query could not be evaluated for it: overflow, division by zero, a failed cast. */
        TRANSFORM,
        /** The destination can't hold the row: a null key, for instance. */
        LOAD;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** What the stage is called wherever it is told or kept: {@code decode}, for instance. */
        public String word() {
            return word;
        }

        /** The stage that is called so. */
        public static Stage of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
