package io.millrace.api;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many rejected records are too many, as a file says it, such as {@code rejected > 5 % of 10000}.
 *
 * @param percent the part of them that may be rejected, at least 0 and less than 100
 * @param records of how many records in a row, at least 1
 */
public record RejectionLimit(BigDecimal percent, int records) implements Serializable {

    /** How it is written, in the syntax that Java and JSON Schema share. */
    public static final String FORM =
            "rejected *> *([0-9]{1,2}(?:[.][0-9]{1,6})?) ?% +of +([1-9][0-9]{0,8}|[1-9][0-9]{0,2}(?:_[0-9]{3}){1,2})";

    private static final Pattern PATTERN = Pattern.compile(FORM);

    public RejectionLimit {
        percent = percent.signum() == 0 ? BigDecimal.ZERO : percent.stripTrailingZeros();
        if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) >= 0 || records < 1) {
            throw new IllegalArgumentException(percent + " % of " + records + " is no limit that can be passed");
        }
    }

    /** Empty for a text that is none. */
    public static Optional<RejectionLimit> parse(String text) {
        Matcher matcher = PATTERN.matcher(text);
        return matcher.matches()
                ? Optional.of(new RejectionLimit(
                        new BigDecimal(matcher.group(1)),
                        Integer.parseInt(matcher.group(2).replace("_", ""))))
                : Optional.empty();
    }

    /** Whether so many are too many, of so many that were received; of fewer than {@link #records} none are. */
    public boolean exceeded(long rejected, long received) {
        return received >= records
                && BigDecimal.valueOf(rejected)
                                .movePointRight(2)
                                .compareTo(percent.multiply(BigDecimal.valueOf(received)))
                        > 0;
    }

    @Override
    public String toString() {
        return "rejected > " + percent.toPlainString() + " % of " + records;
    }
}
