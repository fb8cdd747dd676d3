package io.millrace.contract;

import com.networknt.schema.regex.RegularExpression;
import io.millrace.formats.JsonText;
import io.millrace.formats.KnownBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Checks the bytes of a record in one pass, without allocation. It knows two answers: the record fits for certain, or it
 * takes a closer look, which the library then has. So it never has to explain, nor to know of a name that comes twice
 * which value is the last: where all of them fit, the last one does.
 *
 * <p>A name is compared with the one that came at its place in an earlier record, before it is read; every other answer is
 * of the record alone.
 *
 * <p>Not thread-safe.
 */
final class FastChecker {

    private static final int MAX_DEPTH = 512;
    private static final int DOUBT = -1;
    /** No result of a comparison. */
    private static final int UNKNOWN = 2;
    /** As many digits as a long holds whatever they are. */
    private static final int MAX_DIGITS = 18;

    private static final long[] POWERS = new long[MAX_DIGITS + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    /** Ten to the power of {@code n}, which is 0 to 18. */
    static long power(int n) {
        return POWERS[n];
    }

    private final FastShape shape;
    private final JsonText text = new JsonText();
    private byte[] b = {};
    private int end;

    FastChecker(FastShape shape) {
        this.shape = shape;
    }

    /** Whether the record {@code bytes[from..to)} is well-formed and fits for certain. */
    boolean fits(byte[] bytes, int from, int to) {
        b = bytes;
        end = to;
        text.over(bytes, to);
        int p = value(space(from), shape, 0);
        return p >= 0 && space(p) == to;
    }

    private int space(int p) {
        return p < end && b[p] <= ' ' ? text.space(p) : p;
    }

    private int value(int p, FastShape is, int depth) {
        if (p >= end) {
            return DOUBT;
        }
        return switch (b[p]) {
            case '{' -> (is.types & FastShape.OBJECT) == 0 || is.listed ? DOUBT : object(p + 1, is, depth + 1);
            case '[' -> (is.types & FastShape.ARRAY) == 0 || is.listed ? DOUBT : array(p + 1, is, depth + 1);
            case '"' -> (is.types & FastShape.STRING) == 0 ? DOUBT : string(p, is, depth);
            case 'n' -> word(p, is, FastShape.NULL, is.nullListed, depth);
            case 't' -> word(p, is, FastShape.BOOLEAN, is.trueListed, depth);
            case 'f' -> word(p, is, FastShape.BOOLEAN, is.falseListed, depth);
            default -> number(p, is, depth);
        };
    }

    private int word(int p, FastShape is, int type, boolean inList, int depth) {
        return (is.types & type) == 0 || (is.listed && !inList) ? DOUBT : text.value(p, depth);
    }

    private int object(int p, FastShape is, int depth) {
        if (depth > MAX_DEPTH) {
            return DOUBT;
        }
        long seen = 0;
        p = space(p);
        if (p < end && b[p] == '}') {
            return is.required == 0 ? p + 1 : DOUBT;
        }
        FastShape.Field before = is.start;
        while (true) {
            FastShape.Field field = before.next;
            if (field != null && field.key.at(b, p)) {
                // Perhaps past the end, where no value is.
                p += field.key.length();
            } else {
                int name = p + 1;
                p = name(p, depth);
                if (p < 0) {
                    return DOUBT;
                }
                field = is.field(b, name, p - 1);
                if (field != null) {
                    before.next = field;
                }
                p = space(p);
                if (p >= end || b[p] != ':') {
                    return DOUBT;
                }
                p++;
            }
            p = value(space(p), field == null ? orAny(is.additional) : field.shape, depth);
            if (p < 0) {
                return DOUBT;
            }
            if (field != null) {
                seen |= field.bit;
                before = field;
            }
            p = space(p);
            if (p >= end) {
                return DOUBT;
            }
            if (b[p] == '}') {
                return seen == is.required ? p + 1 : DOUBT;
            }
            if (b[p] != ',') {
                return DOUBT;
            }
            p = space(p + 1);
        }
    }

    /** Reads a name without escapes. */
    private int name(int p, int depth) {
        if (p >= end || b[p] != '"') {
            return DOUBT;
        }
        int after = text.value(p, depth);
        return after < 0 || escaped(p + 1, after - 1) ? DOUBT : after;
    }

    private static FastShape orAny(@Nullable FastShape shape) {
        return shape == null ? FastShape.ANY : shape;
    }

    private boolean escaped(int from, int to) {
        for (int p = from; p < to; p++) {
            if (b[p] == '\\') {
                return true;
            }
        }
        return false;
    }

    private int array(int p, FastShape is, int depth) {
        if (depth > MAX_DEPTH) {
            return DOUBT;
        }
        p = space(p);
        if (p < end && b[p] == ']') {
            return is.minItems == 0 ? p + 1 : DOUBT;
        }
        FastShape items = orAny(is.items);
        int count = 0;
        while (true) {
            p = value(p, items, depth);
            if (p < 0 || ++count > is.maxItems) {
                return DOUBT;
            }
            p = space(p);
            if (p >= end) {
                return DOUBT;
            }
            if (b[p] == ']') {
                return count >= is.minItems ? p + 1 : DOUBT;
            }
            if (b[p] != ',') {
                return DOUBT;
            }
            p = space(p + 1);
        }
    }

    private int string(int p, FastShape is, int depth) {
        int from = p + 1;
        int to = text.plainEnd(from);
        if (to >= end || b[to] != '"') {
            return unusualString(p, is, depth);
        }
        int length = to - from;
        if (length < is.minLength
                || length > is.maxLength
                || (is.format != null && !is.format.fits(b, from, to))
                || (is.pattern != null && !found(is.pattern, from, to))) {
            return DOUBT;
        }
        return !is.listed || listed(from, to, is) ? to + 1 : DOUBT;
    }

    /** A string with escapes or with characters outside of ASCII. */
    private int unusualString(int p, FastShape is, int depth) {
        int after = text.value(p, depth);
        if (after < 0) {
            return DOUBT;
        }
        int from = p + 1;
        int to = after - 1;
        // Never more characters than bytes: most strings need no count.
        if ((is.minLength > 0 || to - from > is.maxLength) && !lengthFits(from, to, is)) {
            return DOUBT;
        }
        if ((is.format != null && !is.format.fits(b, from, to))
                || (is.pattern != null && (escaped(from, to) || !found(is.pattern, from, to)))) {
            return DOUBT;
        }
        return !is.listed || (!escaped(from, to) && listed(from, to, is)) ? after : DOUBT;
    }

    /** Whether the string {@code b[from..to)}, which has no escapes, is one of those that are allowed. */
    private boolean listed(int from, int to, FastShape is) {
        for (KnownBytes one : is.quotedStrings) {
            if (one.length() == to - from + 2 && one.at(b, from - 1)) {
                return true;
            }
        }
        // Near the end of the array those are not found.
        for (byte[] one : is.strings) {
            if (Arrays.equals(b, from, to, one, 0, one.length)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a pattern is found for certain in a string that has no escapes. */
    private boolean found(RegularExpression pattern, int from, int to) {
        try {
            return pattern.matches(new String(b, from, to - from, StandardCharsets.UTF_8));
        } catch (Patterns.TooCostly e) {
            return false;
        }
    }

    private boolean lengthFits(int from, int to, FastShape is) {
        int length = 0;
        for (int p = from; p < to; p++) {
            if (b[p] == '\\') {
                return false;
            }
            // The bytes of a character after its first are 10xxxxxx.
            length += (b[p] & 0xc0) == 0x80 ? 0 : 1;
        }
        return length >= is.minLength && length <= is.maxLength;
    }

    private int number(int p, FastShape is, int depth) {
        int first = b[p] == '-' ? p + 1 : p;
        int q = first;
        long value = 0;
        while (q < end && b[q] >= '0' && b[q] <= '9') {
            value = value * 10 + (b[q++] - '0');
        }
        boolean whole = q == end || (b[q] != '.' && (b[q] | 0x20) != 'e');
        int digits = q - first;
        if (!whole || digits == 0 || digits > MAX_DIGITS || (digits > 1 && b[first] == '0') || is.listed) {
            return unusualNumber(p, is, depth);
        }
        if ((is.types & (FastShape.INTEGER | FastShape.FRACTION)) == 0) {
            return DOUBT;
        }
        value = first > p ? -value : value;
        boolean fits =
                value >= is.least && value <= is.most && (is.step == null || multiple(value, digits, 0, is.step));
        return fits ? q : DOUBT;
    }

    /** A number that has a point or an exponent, or many digits; or one that a list has to have. */
    private int unusualNumber(int p, FastShape is, int depth) {
        int after = text.value(p, depth);
        if (after < 0 || after - p > JsonTree.MAX_NUMBER_LENGTH) {
            return DOUBT;
        }
        boolean plain = is.minimum == null && is.maximum == null && is.step == null && !is.listed;
        boolean anyNumber = (is.types & FastShape.FRACTION) != 0;
        if (!anyNumber && (is.types & FastShape.INTEGER) == 0) {
            return DOUBT;
        }
        boolean negative = b[p] == '-';
        long unscaled = 0;
        int digits = 0;
        int scale = 0;
        boolean point = false;
        boolean whole = true;
        for (int q = negative ? p + 1 : p; q < after; q++) {
            int c = b[q];
            if (c == '.') {
                point = true;
            } else if (c < '0' || c > '9') {
                return DOUBT; // an exponent
            } else {
                digits++;
                scale += point ? 1 : 0;
                whole &= !point || c == '0';
                unscaled = digits > MAX_DIGITS ? 0 : unscaled * 10 + (c - '0');
            }
        }
        if (!anyNumber && !whole) {
            return DOUBT;
        }
        return plain || (digits <= MAX_DIGITS && fits(negative ? -unscaled : unscaled, digits, scale, is))
                ? after
                : DOUBT;
    }

    private static boolean fits(long unscaled, int digits, int scale, FastShape is) {
        FastShape.Decimal minimum = is.minimum;
        if (minimum != null && !above(unscaled, digits, scale, minimum, is.minimumExclusive, 1)) {
            return false;
        }
        FastShape.Decimal maximum = is.maximum;
        if (maximum != null && !above(unscaled, digits, scale, maximum, is.maximumExclusive, -1)) {
            return false;
        }
        FastShape.Decimal step = is.step;
        if (step != null && !multiple(unscaled, digits, scale, step)) {
            return false;
        }
        if (!is.listed) {
            return true;
        }
        for (FastShape.Decimal one : is.numbers) {
            if (compare(unscaled, digits, scale, one) == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean multiple(long unscaled, int digits, int scale, FastShape.Decimal step) {
        int shift = step.scale() - scale;
        if (shift >= 0) {
            return digits + shift <= MAX_DIGITS && unscaled * POWERS[shift] % step.unscaled() == 0;
        }
        return unscaled % POWERS[-shift] == 0 && unscaled / POWERS[-shift] % step.unscaled() == 0;
    }

    private static boolean above(
            long unscaled, int digits, int scale, FastShape.Decimal limit, boolean exclusive, int direction) {
        int order = compare(unscaled, digits, scale, limit);
        return order != UNKNOWN && (exclusive ? order * direction > 0 : order * direction >= 0);
    }

    /** Compares exactly: -1, 0 or 1; {@link #UNKNOWN} where a long is too short for it. */
    private static int compare(long unscaled, int digits, int scale, FastShape.Decimal limit) {
        int shift = scale - limit.scale();
        if (shift == 0) {
            return Long.compare(unscaled, limit.unscaled());
        }
        if (shift < 0) {
            return digits - shift > MAX_DIGITS ? UNKNOWN : Long.compare(unscaled * POWERS[-shift], limit.unscaled());
        }
        long other = limit.unscaled();
        long bound = Long.MAX_VALUE / POWERS[shift];
        return other > bound || other < -bound ? UNKNOWN : Long.compare(unscaled, other * POWERS[shift]);
    }
}
