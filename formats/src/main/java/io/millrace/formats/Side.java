package io.millrace.formats;

import java.util.Arrays;

/**
 * Text that is not in the input as it stands: strings with their escapes taken out. It lives as long as the batch. Not
 * thread-safe.
 */
final class Side {

    private byte[] bytes = new byte[0];
    private int length;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Forgets what was added beyond this length. */
    void cut(int to) {
        length = to;
    }

    /** Makes room for {@code more} bytes. */
    void reserve(int more) {
        if (bytes.length - length < more) {
            int needed = Math.addExact(length, more);
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * needed, Integer.MAX_VALUE - 64)));
        }
    }

    /** Appends bytes as they are and returns where they begin. */
    int append(byte[] b, int from, int to) {
        reserve(to - from);
        int start = length;
        System.arraycopy(b, from, bytes, start, to - from);
        length = start + to - from;
        return start;
    }

    /** Appends the inside of a quoted CSV field, each pair of quotes as one, and returns where it begins. */
    int unquote(byte[] b, int from, int to, byte quote) {
        reserve(to - from);
        int start = length;
        int out = start;
        for (int p = from; p < to; p++) {
            bytes[out++] = b[p];
            if (b[p] == quote) {
                p++;
            }
        }
        length = out;
        return start;
    }

    /** Appends the inside of a valid JSON string without its escapes and returns where it begins. */
    int unescape(byte[] b, int from, int to) {
        reserve(to - from); // no escape is shorter than what it stands for
        int start = length;
        int out = start;
        int p = from;
        while (p < to) {
            byte c = b[p++];
            if (c != '\\') {
                bytes[out++] = c;
                continue;
            }
            byte escape = b[p++];
            if (escape != 'u') {
                bytes[out++] = plain(escape);
                continue;
            }
            int point = hex(b, p);
            p += 4;
            if (Character.isHighSurrogate((char) point)) {
                point = Character.toCodePoint((char) point, (char) hex(b, p + 2));
                p += 6;
            }
            out = encode(point, out);
        }
        length = out;
        return start;
    }

    private static byte plain(byte escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escape;
        };
    }

    private static int hex(byte[] b, int p) {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            unit = (unit << 4) | JsonScanner.hexDigit(b[p + i]);
        }
        return unit;
    }

    private int encode(int point, int out) {
        if (point < 0x80) {
            bytes[out++] = (byte) point;
        } else if (point < 0x800) {
            bytes[out++] = (byte) (0xc0 | (point >> 6));
            bytes[out++] = (byte) (0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            bytes[out++] = (byte) (0xe0 | (point >> 12));
            bytes[out++] = (byte) (0x80 | ((point >> 6) & 0x3f));
            bytes[out++] = (byte) (0x80 | (point & 0x3f));
        } else {
            bytes[out++] = (byte) (0xf0 | (point >> 18));
            bytes[out++] = (byte) (0x80 | ((point >> 12) & 0x3f));
            bytes[out++] = (byte) (0x80 | ((point >> 6) & 0x3f));
            bytes[out++] = (byte) (0x80 | (point & 0x3f));
        }
        return out;
    }
}
