package io.millrace.sql.exec;

import java.nio.charset.StandardCharsets;

/** Finds its way in the bytes of a valid JSON text. */
final class JsonScanner {
    byte[] data = {};
    int end;

    private byte[] name = {};

    void set(byte[] bytes, int from, int to) {
        data = bytes;
        end = to;
    }

    int skipSpace(int at) {
        int i = at;
        while (i < end && data[i] <= ' ') {
            i++;
        }
        return i;
    }

    /** The index after the value that begins at {@code at}. Brackets are counted, so that depth costs no stack. */
    int skipValue(int at) {
        byte first = data[at];
        if (first == '"') {
            return skipString(at);
        }
        int i = at;
        if (first != '{' && first != '[') {
            while (i < end && data[i] != ',' && data[i] != '}' && data[i] != ']' && data[i] > ' ') {
                i++;
            }
            return i;
        }
        int depth = 0;
        while (i < end) {
            byte b = data[i];
            if (b == '"') {
                i = skipString(i);
                continue;
            }
            i++;
            if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
                if (depth == 0) {
                    break;
                }
            }
        }
        return i;
    }

    /** The index after the string whose opening quote is at {@code at}. */
    int skipString(int at) {
        int i = at + 1;
        while (data[i] != '"') {
            i += data[i] == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    /** Whether the string whose quotes are at {@code at} and before {@code after} says this, in UTF-8. */
    boolean isName(int at, int after, byte[] wanted) {
        int length = after - at - 2;
        for (int i = at + 1; i < after - 1; i++) {
            if (data[i] == '\\') {
                if (name.length < length) {
                    name = new byte[length * 2];
                }
                int n = unescape(at + 1, after - 1, name, 0);
                return n == wanted.length && Utf8.matches(name, 0, wanted, 0, n);
            }
        }
        return length == wanted.length && Utf8.matches(data, at + 1, wanted, 0, length);
    }

    /** Writes what a string says, from after its opening to before its closing quote; returns the index after it. */
    int unescape(int from, int to, byte[] out, int at) {
        int o = at;
        for (int i = from; i < to; ) {
            byte b = data[i];
            if (b != '\\') {
                out[o++] = b;
                i++;
                continue;
            }
            byte c = data[i + 1];
            i += 2;
            switch (c) {
                case 'b' -> out[o++] = '\b';
                case 'f' -> out[o++] = '\f';
                case 'n' -> out[o++] = '\n';
                case 'r' -> out[o++] = '\r';
                case 't' -> out[o++] = '\t';
                case 'u' -> {
                    int unit = hex4(i);
                    i += 4;
                    if (Character.isHighSurrogate((char) unit)
                            && i + 6 <= to
                            && data[i] == '\\'
                            && data[i + 1] == 'u') {
                        unit = Character.toCodePoint((char) unit, (char) hex4(i + 2));
                        i += 6;
                    }
                    o = Utf8.encode(unit, out, o);
                }
                default -> out[o++] = c;
            }
        }
        return o;
    }

    int hex4(int at) {
        return Integer.parseInt(new String(data, at, 4, StandardCharsets.ISO_8859_1), 16);
    }
}
