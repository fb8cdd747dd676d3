package io.millrace.connectors.postgres;

/**
 * Tells whether PostgreSQL will take a text as {@code jsonb}. It takes less than JSON allows: no U+0000, no lone
 * surrogates, no numbers beyond those of {@code numeric}, and no deeper nesting than its stack.
 *
 * <p>A value that it refused would fail the whole COPY, so each is looked at before. Not thread-safe.
 */
final class JsonbText {

    enum Verdict {
        GOOD,
        MALFORMED,
        NUL,
        NUMBER,
        DEPTH
    }

    /** A default server takes some 7,000 levels; this leaves room for a smaller {@code max_stack_depth}. */
    static final int MAX_DEPTH = 2_048;

    /** Limits of {@code numeric}: digits before and after the point. */
    private static final int MAX_INTEGER_DIGITS = 131_072;

    private static final int MAX_FRACTION_DIGITS = 16_383;

    /** The server reads no greater exponent, not even that of a zero. */
    private static final long MAX_EXPONENT = Integer.MAX_VALUE / 2;

    /** For each open level, whether it is an object. */
    private final boolean[] objects = new boolean[MAX_DEPTH];

    private byte[] data = {};
    private int at;
    private int end;
    private Verdict verdict = Verdict.GOOD;

    /** The bytes must be UTF-8, which {@link Texts#check} tells. */
    Verdict check(byte[] bytes, int start, int length) {
        data = bytes;
        at = start;
        end = start + length;
        verdict = Verdict.GOOD;
        if (!document() && verdict == Verdict.GOOD) {
            verdict = Verdict.MALFORMED;
        }
        data = new byte[0];
        return verdict;
    }

    private boolean document() {
        int depth = 0;
        while (true) {
            // A value is expected here.
            space();
            int c = next();
            if (c == '{' || c == '[') {
                if (depth == MAX_DEPTH) {
                    return fail(Verdict.DEPTH);
                }
                objects[depth++] = c == '{';
                space();
                if (peek() == (c == '{' ? '}' : ']')) {
                    at++;
                    depth--;
                } else if (c == '[' || name()) {
                    continue;
                } else {
                    return false;
                }
            } else if (!scalar(c)) {
                return false;
            }
            // A value has ended: close levels until one goes on.
            while (true) {
                space();
                if (depth == 0) {
                    return at == end;
                }
                int after = next();
                boolean object = objects[depth - 1];
                if (after == ',') {
                    if (object && !name()) {
                        return false;
                    }
                    break;
                }
                if (after != (object ? '}' : ']')) {
                    return false;
                }
                depth--;
            }
        }
    }

    private boolean name() {
        space();
        if (next() != '"' || !string()) {
            return false;
        }
        space();
        return next() == ':';
    }

    private boolean scalar(int first) {
        return switch (first) {
            case '"' -> string();
            case 't' -> word("rue");
            case 'f' -> word("alse");
            case 'n' -> word("ull");
            default -> (first == '-' || (first >= '0' && first <= '9')) && number(first);
        };
    }

    private boolean string() {
        boolean high = false;
        while (at < end) {
            int c = data[at++];
            if (high && c != '\\') {
                return false;
            }
            if (c == '"') {
                return true;
            }
            if (c >= 0 && c < ' ') {
                return false;
            }
            if (c == '\\') {
                int escaped = next();
                if (escaped == 'u') {
                    int unit = hex();
                    if (unit < 0) {
                        return false;
                    }
                    if (unit == 0) {
                        return fail(Verdict.NUL);
                    }
                    boolean low = unit >= Character.MIN_LOW_SURROGATE && unit <= Character.MAX_LOW_SURROGATE;
                    if (low != high) {
                        return false;
                    }
                    high = unit >= Character.MIN_HIGH_SURROGATE && unit <= Character.MAX_HIGH_SURROGATE;
                } else if (high || escaped < 0 || "\"\\/bfnrt".indexOf(escaped) < 0) {
                    return false;
                }
            }
        }
        return false;
    }

    private int hex() {
        if (at + 4 > end) {
            return -1;
        }
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(data[at++], 16);
            if (digit < 0) {
                return -1;
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }

    private boolean number(int first) {
        int c = first == '-' ? next() : first;
        if (c < '0' || c > '9') {
            return false;
        }
        boolean zero = c == '0';
        // Places before the point that the number takes: zeros that lead count for nothing, also behind the point.
        long integer = zero ? 0 : 1 + digits();
        long fraction = 0;
        if (peek() == '.') {
            at++;
            int start = at;
            fraction = digits();
            if (fraction == 0) {
                return false;
            }
            for (int i = start; i < at && zero; i++) {
                zero = data[i] == '0';
                integer -= zero ? 1 : 0;
            }
        }
        long exponent = 0;
        if (peek() == 'e' || peek() == 'E') {
            at++;
            int sign = peek();
            if (sign == '+' || sign == '-') {
                at++;
            }
            int start = at;
            while (peek() >= '0' && peek() <= '9') {
                exponent = Math.min(MAX_EXPONENT + 1, exponent * 10 + next() - '0');
            }
            if (at == start) {
                return false;
            }
            exponent = sign == '-' ? -exponent : exponent;
        }
        boolean fits = exponent <= MAX_EXPONENT
                && (zero || integer + exponent <= MAX_INTEGER_DIGITS)
                && fraction - exponent <= MAX_FRACTION_DIGITS;
        return fits || fail(Verdict.NUMBER);
    }

    private int digits() {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at - start;
    }

    private boolean word(String rest) {
        for (int i = 0; i < rest.length(); i++) {
            if (next() != rest.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void space() {
        while (at < end && (data[at] == ' ' || data[at] == '\n' || data[at] == '\r' || data[at] == '\t')) {
            at++;
        }
    }

    private int peek() {
        return at < end ? data[at] : -1;
    }

    private int next() {
        return at < end ? data[at++] : -1;
    }

    private boolean fail(Verdict why) {
        verdict = why;
        return false;
    }
}
