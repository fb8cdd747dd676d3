package io.millrace.formats;

/**
 * Walks over JSON values and holds them to RFC 8259, byte for byte. Methods take a place and return the place after
 * what they read, or -1 where it is wrong: then {@link #errorAt} and its companions say why. Not thread-safe.
 */
final class JsonScanner {

    static final int MAX_DEPTH = 512;

    private byte[] bytes = new byte[0];
    private int end;
    private boolean newlineIsSpace;
    /** One bit for every open container: set for objects. */
    private final long[] objects = new long[MAX_DEPTH / Long.SIZE + 1];

    /** Whether the string that was read last has escapes. */
    boolean escaped;

    ReasonCode errorCode = ReasonCode.MALFORMED_JSON;
    /** Where the error is; {@link #end} where more input could have made it right. */
    int errorAt;
    /** What was expected there. */
    String expected = "";

    /**
     * Sets what to read.
     *
     * @param newlineIsSpace whether a newline may stand between tokens; in NDJSON it ends the record
     */
    void reset(byte[] b, int to, boolean newlineIsSpace) {
        this.bytes = b;
        this.end = to;
        this.newlineIsSpace = newlineIsSpace;
    }

    /** Whether the error is that the input ends too early. */
    boolean ranOut() {
        return errorAt >= end;
    }

    private int fail(ReasonCode code, int at, String what) {
        errorCode = code;
        errorAt = at;
        expected = what;
        return -1;
    }

    int malformed(int at, String what) {
        return fail(ReasonCode.MALFORMED_JSON, at, what);
    }

    /** Skips whitespace. */
    int space(int p) {
        byte[] b = bytes;
        while (p < end) {
            byte c = b[p];
            if (c != ' ' && c != '\t' && c != '\r' && !(c == '\n' && newlineIsSpace)) {
                break;
            }
            p++;
        }
        return p;
    }

    /**
     * Reads the value that begins at {@code p}.
     *
     * @param depth how many containers are open around it
     */
    int value(int p, int depth) {
        byte[] b = bytes;
        int open = depth;
        while (true) {
            if (p >= end) {
                return malformed(end, "a value");
            }
            switch (b[p]) {
                case '"' -> p = string(p + 1);
                case '{', '[' -> {
                    if (open == MAX_DEPTH) {
                        return fail(ReasonCode.NESTING_TOO_DEEP, p, "at most " + MAX_DEPTH + " levels of nesting");
                    }
                    boolean object = b[p] == '{';
                    setObject(open++, object);
                    p = space(p + 1);
                    if (p >= end || b[p] != (object ? '}' : ']')) {
                        p = object ? key(p, "a name or '}'") : p;
                        if (p < 0) {
                            return -1;
                        }
                        continue;
                    }
                    p++;
                    open--;
                }
                case 't' -> p = literal(p, "true");
                case 'f' -> p = literal(p, "false");
                case 'n' -> p = literal(p, "null");
                default -> p = number(p);
            }
            if (p < 0) {
                return -1;
            }
            // A value has ended: close what it was the last in, up to the next comma.
            while (true) {
                if (open == depth) {
                    return p;
                }
                p = space(p);
                boolean object = isObject(open - 1);
                if (p < end && b[p] == ',') {
                    p = space(p + 1);
                    p = object ? key(p, "a name") : p;
                    break;
                }
                if (p >= end || b[p] != (object ? '}' : ']')) {
                    return malformed(p, object ? "',' or '}'" : "',' or ']'");
                }
                p++;
                open--;
            }
            if (p < 0) {
                return -1;
            }
        }
    }

    private void setObject(int level, boolean object) {
        long bit = 1L << level;
        if (object) {
            objects[level >> 6] |= bit;
        } else {
            objects[level >> 6] &= ~bit;
        }
    }

    private boolean isObject(int level) {
        return (objects[level >> 6] & (1L << level)) != 0;
    }

    /** Reads a name and its colon, up to the value. */
    private int key(int p, String what) {
        if (p >= end || bytes[p] != '"') {
            return malformed(p, what);
        }
        p = string(p + 1);
        return p < 0 ? -1 : colon(p);
    }

    /** Reads the colon after a name, up to the value. */
    int colon(int p) {
        p = space(p);
        if (p >= end || bytes[p] != ':') {
            return malformed(p, "':'");
        }
        return space(p + 1);
    }

    private int literal(int p, String word) {
        for (int i = 1; i < word.length(); i++) {
            if (p + i >= end || bytes[p + i] != word.charAt(i)) {
                return malformed(p + i, word);
            }
        }
        return p + word.length();
    }

    /** Reads a number: an optional minus, no leading zeros, digits on both sides of a point. */
    private int number(int p) {
        byte[] b = bytes;
        if (b[p] == '-') {
            p++;
            if (p >= end || !digit(b[p])) {
                return malformed(p, "a digit");
            }
        } else if (!digit(b[p])) {
            return malformed(p, "a value");
        }
        if (b[p] == '0') {
            p++;
            if (p < end && digit(b[p])) {
                return malformed(p, "a number without leading zeros");
            }
        } else {
            p = digits(p);
        }
        if (p < end && b[p] == '.') {
            int fraction = p + 1;
            p = digits(fraction);
            if (p == fraction) {
                return malformed(p, "a digit");
            }
        }
        if (p < end && (b[p] == 'e' || b[p] == 'E')) {
            p++;
            if (p < end && (b[p] == '+' || b[p] == '-')) {
                p++;
            }
            int exponent = p;
            p = digits(exponent);
            if (p == exponent) {
                return malformed(p, "a digit");
            }
        }
        return p;
    }

    private int digits(int p) {
        while (p < end && digit(bytes[p])) {
            p++;
        }
        return p;
    }

    private static boolean digit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** Reads a string from after its opening quote to after its closing one. */
    int string(int p) {
        escaped = false;
        byte[] b = bytes;
        while (true) {
            p = Words.plainEnd(b, p);
            if (p >= end) {
                return malformed(end, "the end of the string");
            }
            byte c = b[p];
            if (c == '"') {
                return p + 1;
            } else if (c == '\\') {
                escaped = true;
                p = escape(p + 1);
                if (p < 0) {
                    return -1;
                }
            } else if (c >= 0) {
                return malformed(p, "an escape instead of a control character");
            } else {
                int length = Utf8.sequence(b, p, end);
                if (length <= 0) {
                    return fail(ReasonCode.INVALID_UTF8, length == Utf8.CUT ? end : p, "UTF-8");
                }
                p += length;
            }
        }
    }

    private int escape(int p) {
        if (p >= end) {
            return malformed(end, "an escape");
        }
        return switch (bytes[p]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> p + 1;
            case 'u' -> unicode(p + 1);
            default -> malformed(p, "one of \" \\ / b f n r t u after a backslash");
        };
    }

    private int unicode(int p) {
        int unit = hex(p);
        if (unit < 0) {
            return -1;
        }
        if (Character.isLowSurrogate((char) unit)) {
            return fail(ReasonCode.LONE_SURROGATE, p - 2, "the first half of a surrogate pair before the second");
        }
        p += 4;
        if (!Character.isHighSurrogate((char) unit)) {
            return p;
        }
        if (p >= end || (p + 1 == end && bytes[p] == '\\')) {
            return fail(ReasonCode.LONE_SURROGATE, end, "the second half of a surrogate pair");
        }
        if (bytes[p] != '\\' || bytes[p + 1] != 'u') {
            return fail(ReasonCode.LONE_SURROGATE, p, "the second half of a surrogate pair");
        }
        unit = hex(p + 2);
        if (unit < 0) {
            return -1;
        }
        if (!Character.isLowSurrogate((char) unit)) {
            return fail(ReasonCode.LONE_SURROGATE, p, "the second half of a surrogate pair");
        }
        return p + 6;
    }

    private int hex(int p) {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = p + i < end ? hexDigit(bytes[p + i]) : -1;
            if (digit < 0) {
                return malformed(p + i, "four hexadecimal digits after \\u");
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hexDigit(byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    /** The error as a message for people: its place in the record (from 1), what is there, what should be. */
    String message(int recordStart) {
        return place(errorAt, recordStart) + "expected " + expected + ", found " + found();
    }

    static String place(int at, int recordStart) {
        return "byte " + (at - recordStart + 1) + ": ";
    }

    /** What is at the error, told by its kind: messages go to logs, values do not. */
    private String found() {
        if (errorAt >= end) {
            return "the end of the record";
        }
        int c = bytes[errorAt] & 0xff;
        if (c >= 0x80) {
            return errorCode == ReasonCode.INVALID_UTF8 ? "other bytes" : "a non-ASCII character";
        } else if (c < 0x20 || c == 0x7f) {
            return "control character 0x%02X".formatted(c);
        } else if (c >= '0' && c <= '9') {
            return "a digit";
        } else if (Character.isLetter(c)) {
            return "a letter";
        }
        return c == ' ' ? "a space" : "'" + (char) c + "'";
    }

    /** The kind of the value that begins with this byte, for messages. */
    static String kind(byte first) {
        return switch (first) {
            case '"' -> "a string";
            case '{' -> "an object";
            case '[' -> "an array";
            case 't', 'f' -> "a boolean";
            case 'n' -> "null";
            default -> "a number";
        };
    }
}
