package io.millrace.connectors.memory;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a JSON text as {@code jsonb} keeps it: no blanks, each name once with its last value, names by length and then
 * by bytes, numbers in full. What {@code jsonb} does not take is refused.
 */
final class JsonText {

    static final int MAX_DEPTH = 2_048;

    /** Limits of {@code numeric}: digits before and after the point. */
    private static final int MAX_INTEGER_DIGITS = 131_072;

    private static final int MAX_FRACTION_DIGITS = 16_383;
    private static final int MAX_EXPONENT = 1_000_000;

    private static final Comparator<String> NAMES = (a, b) -> {
        byte[] left = a.getBytes(StandardCharsets.UTF_8);
        byte[] right = b.getBytes(StandardCharsets.UTF_8);
        return left.length != right.length
                ? Integer.compare(left.length, right.length)
                : Arrays.compareUnsigned(left, right);
    };

    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    static String canonical(String text) throws Refusal.Found {
        JsonText json = new JsonText(text);
        String value = json.value(0);
        json.space();
        json.require(json.at == text.length());
        return value;
    }

    private String value(int depth) throws Refusal.Found {
        space();
        int c = next();
        return switch (c) {
            case '{', '[' -> {
                if (depth == MAX_DEPTH) {
                    throw new Refusal.Found(Refusal.JSON_TOO_DEEP);
                }
                yield c == '{' ? object(depth + 1) : array(depth + 1);
            }
            case '"' -> quoted(string());
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number(c);
        };
    }

    private String object(int depth) throws Refusal.Found {
        Map<String, String> members = new TreeMap<>(NAMES);
        space();
        if (peek() == '}') {
            at++;
            return "{}";
        }
        int after;
        do {
            space();
            require(next() == '"');
            String name = string();
            space();
            require(next() == ':');
            members.put(name, value(depth));
            space();
            after = next();
        } while (after == ',');
        require(after == '}');
        StringBuilder out = new StringBuilder("{");
        members.forEach((name, value) -> out.append(out.length() > 1 ? ", " : "")
                .append(quoted(name))
                .append(": ")
                .append(value));
        return out.append('}').toString();
    }

    private String array(int depth) throws Refusal.Found {
        space();
        if (peek() == ']') {
            at++;
            return "[]";
        }
        StringBuilder out = new StringBuilder("[");
        int after;
        do {
            out.append(out.length() > 1 ? ", " : "").append(value(depth));
            space();
            after = next();
        } while (after == ',');
        require(after == ']');
        return out.append(']').toString();
    }

    private String string() throws Refusal.Found {
        StringBuilder out = new StringBuilder();
        boolean high = false;
        while (true) {
            int c = next();
            require(c >= ' ' && (!high || c == '\\'));
            if (c == '"') {
                return out.toString();
            } else if (c != '\\') {
                out.append((char) c);
                continue;
            }
            int escaped = next();
            if (escaped == 'u') {
                char unit = hex();
                if (unit == 0) {
                    throw new Refusal.Found(Refusal.JSON_WITH_NUL);
                }
                require(Character.isLowSurrogate(unit) == high);
                high = Character.isHighSurrogate(unit);
                out.append(unit);
            } else {
                int known = escaped < 0 ? -1 : "\"\\/bfnrt".indexOf(escaped);
                require(!high && known >= 0);
                out.append("\"\\/\b\f\n\r\t".charAt(known));
            }
        }
    }

    private char hex() throws Refusal.Found {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int c = next();
            require(c >= 0 && c < 0x80 && Character.digit(c, 16) >= 0);
            unit = (unit << 4) | Character.digit(c, 16);
        }
        return (char) unit;
    }

    private String number(int first) throws Refusal.Found {
        int start = at - 1;
        int c = first == '-' ? next() : first;
        require(c >= '0' && c <= '9');
        int integer = 1 + (c == '0' ? 0 : digits());
        int fraction = 0;
        if (peek() == '.') {
            at++;
            fraction = digits();
            require(fraction > 0);
        }
        int exponent = 0;
        int mantissaEnd = at;
        if (peek() == 'e' || peek() == 'E') {
            at++;
            int sign = peek();
            if (sign == '+' || sign == '-') {
                at++;
            }
            int digitsAt = at;
            while (peek() >= '0' && peek() <= '9') {
                exponent = Math.min(MAX_EXPONENT, exponent * 10 + next() - '0');
            }
            require(at > digitsAt);
            exponent = sign == '-' ? -exponent : exponent;
        }
        if (integer + exponent > MAX_INTEGER_DIGITS || fraction - exponent > MAX_FRACTION_DIGITS) {
            throw new Refusal.Found(Refusal.JSON_NUMBER_OUT_OF_RANGE);
        }
        BigDecimal value = new BigDecimal(text.substring(start, mantissaEnd)).scaleByPowerOfTen(exponent);
        return value.setScale(Math.max(value.scale(), 0)).toPlainString();
    }

    private int digits() {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at - start;
    }

    private String word(String word) throws Refusal.Found {
        require(text.startsWith(word, at - 1));
        at += word.length() - 1;
        return word;
    }

    private static String quoted(String string) {
        StringBuilder out = new StringBuilder(string.length() + 2).append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    private void space() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            at++;
        }
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    private int next() {
        return at < text.length() ? text.charAt(at++) : -1;
    }

    private void require(boolean well) throws Refusal.Found {
        if (!well) {
            throw new Refusal.Found(Refusal.INVALID_JSON);
        }
    }
}
