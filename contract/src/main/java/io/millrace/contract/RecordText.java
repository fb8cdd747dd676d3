package io.millrace.contract;

import io.millrace.formats.JsonText;
import io.millrace.formats.ReasonCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads records as trees, by the rules that {@link RecordChecker} states. Not thread-safe. */
public final class RecordText {

    private final JsonText text = new JsonText();

    /**
     * Why the record {@code b[from..to)} can't be read at all, whatever the contract.
     *
     * @return null where it can
     */
    public @Nullable Violation violation(byte[] b, int from, int to) {
        text.over(b, to);
        int p = text.value(text.space(from), 0);
        if (p >= 0) {
            p = text.end(p);
        }
        if (p < 0) {
            return new Violation("", null, text.code().code(), text.message(from));
        }
        int number = HugeNumbers.find(b, from, to);
        if (number >= 0) {
            String message =
                    "byte " + (number - from + 1) + ": the number is too long, or its exponent is, to be checked";
            return new Violation("", null, ReasonCode.NUMBER_OUT_OF_RANGE.code(), message);
        }
        return null;
    }

    /**
     * The record {@code b[from..to)}, with its numbers exact. Of a name that comes twice the last value counts.
     *
     * @param b bytes that {@link #violation} finds nothing wrong with
     */
    public static JsonNode tree(byte[] b, int from, int to) {
        return JsonTree.parse(b, from, to);
    }
}
