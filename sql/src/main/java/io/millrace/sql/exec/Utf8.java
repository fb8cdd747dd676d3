package io.millrace.sql.exec;

/** Characters (code points) in valid UTF-8. */
final class Utf8 {

    private Utf8() {}

    static boolean isContinuation(byte b) {
        return (b & 0xc0) == 0x80;
    }

    /** How many characters there are. */
    static int count(byte[] data, int start, int length) {
        int n = 0;
        for (int i = start; i < start + length; i++) {
            n += isContinuation(data[i]) ? 0 : 1;
        }
        return n;
    }

    /** The index after {@code n} characters from {@code start}, or {@code end} where there are fewer. */
    static int skip(byte[] data, int start, int end, long n) {
        int i = start;
        for (long k = 0; k < n && i < end; k++) {
            i = next(data, i, end);
        }
        return i;
    }

    /** The index of the character after the one at {@code at}. */
    static int next(byte[] data, int at, int end) {
        int i = at + 1;
        while (i < end && isContinuation(data[i])) {
            i++;
        }
        return i;
    }

    /** The index of the character before {@code at}. */
    static int previous(byte[] data, int start, int at) {
        int i = at - 1;
        while (i > start && isContinuation(data[i])) {
            i--;
        }
        return i;
    }

    static int decode(byte[] data, int at) {
        int b = data[at];
        if (b >= 0) {
            return b;
        }
        if ((b & 0xe0) == 0xc0) {
            return (b & 0x1f) << 6 | (data[at + 1] & 0x3f);
        }
        if ((b & 0xf0) == 0xe0) {
            return (b & 0x0f) << 12 | (data[at + 1] & 0x3f) << 6 | (data[at + 2] & 0x3f);
        }
        return (b & 0x07) << 18 | (data[at + 1] & 0x3f) << 12 | (data[at + 2] & 0x3f) << 6 | (data[at + 3] & 0x3f);
    }

    /** Writes a character; returns the index after it. */
    static int encode(int c, byte[] to, int at) {
        int i = at;
        if (c < 0x80) {
            to[i++] = (byte) c;
        } else if (c < 0x800) {
            to[i++] = (byte) (0xc0 | c >> 6);
            to[i++] = (byte) (0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            to[i++] = (byte) (0xe0 | c >> 12);
            to[i++] = (byte) (0x80 | (c >> 6 & 0x3f));
            to[i++] = (byte) (0x80 | (c & 0x3f));
        } else {
            to[i++] = (byte) (0xf0 | c >> 18);
            to[i++] = (byte) (0x80 | (c >> 12 & 0x3f));
            to[i++] = (byte) (0x80 | (c >> 6 & 0x3f));
            to[i++] = (byte) (0x80 | (c & 0x3f));
        }
        return i;
    }

    /** The first place from {@code from} on where {@code what} is, or -1. */
    static int find(byte[] data, int from, int end, byte[] what, int start, int length) {
        if (length == 0) {
            return from;
        }
        byte first = what[start];
        int last = end - length;
        for (int i = from; i <= last; i++) {
            if (data[i] == first && matches(data, i, what, start, length)) {
                return i;
            }
        }
        return -1;
    }

    static boolean matches(byte[] data, int at, byte[] what, int start, int length) {
        return java.util.Arrays.equals(data, at, at + length, what, start, start + length);
    }
}
