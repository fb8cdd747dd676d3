package io.millrace.contract;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.ValidationLimitExceededException;
import io.millrace.api.RecordBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Holds records to a {@link ContractSchema}. What counts:
 *
 * <ul>
 *   <li>a record is one JSON text as RFC 8259 and the decoder have it; what is not breaks the contract with the decoder's
 *       own reason;
 *   <li>of a name that comes twice in an object the last value counts, as everywhere in Millrace;
 *   <li>numbers are compared exactly as decimals: {@code 1.0} and {@code 1e2} are integers, {@code 1.0} equals {@code 1};
 *   <li>the length of a string is its number of code points;
 *   <li>a number of more than 1000 characters, or with an exponent of more than four digits, is out of range.
 * </ul>
 *
 * <p>Not thread-safe: one for each thread.
 */
public final class RecordChecker {

    private final Schema schema;
    private final RecordText text = new RecordText();

    private final @Nullable FastChecker fast;
    private final Textual textual;

    RecordChecker(Schema schema, @Nullable FastChecker fast, Textual textual) {
        this.schema = schema;
        this.fast = fast;
        this.textual = textual;
    }

    /**
     * Checks a record of a format that has only texts, such as CSV: {@code b[from..to)} is an object of texts. Where the
     * schema wants a number, a boolean or JSON, the text of one will do.
     *
     * @return the first violation that was found; null where the record fits
     */
    public @Nullable Violation checkTexts(byte[] b, int from, int to) {
        return checkTexts(JsonTree.parse(b, from, to));
    }

    /** Checks a record of texts that is a tree already. It is not changed. */
    @Nullable
    Violation checkTexts(JsonNode record) {
        return check(textual.typed(record.deepCopy()));
    }

    /** Checks a record as its source has it: {@link #checkTexts} where it has only texts, else {@link #check(byte[], int, int)}. */
    public @Nullable Violation check(RecordBatch.Text record) {
        return record.textual()
                ? checkTexts(record.bytes(), record.from(), record.to())
                : check(record.bytes(), record.from(), record.to());
    }

    /**
     * Checks the record {@code b[from..to)}, without its newline.
     *
     * @return the first violation that was found; null where the record fits
     */
    public @Nullable Violation check(byte[] b, int from, int to) {
        return fast != null && fast.fits(b, from, to) ? null : examine(b, from, to);
    }

    /** Whether a record fits for certain, which costs no more than decoding it; false where it takes a closer look. */
    boolean fits(byte[] b, int from, int to) {
        return fast != null && fast.fits(b, from, to);
    }

    /** Checks a record with the library alone. */
    @Nullable
    Violation examine(byte[] b, int from, int to) {
        Violation malformed = text.violation(b, from, to);
        return malformed != null ? malformed : check(RecordText.tree(b, from, to));
    }

    /** Checks a record that is a tree already. */
    @Nullable
    Violation check(JsonNode record) {
        try {
            List<Error> errors = schema.validate(record);
            return errors.isEmpty() ? null : Violations.of(errors.getFirst(), record);
        } catch (ValidationLimitExceededException | StackOverflowError | Patterns.TooCostly e) {
            return new Violation(
                    "",
                    null,
                    ContractCode.CONTRACT_TOO_COSTLY.code(),
                    "checking the record takes more steps than any record may take");
        }
    }
}
