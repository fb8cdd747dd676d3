package io.millrace.engine.graph;

/** How names, which may hold any characters, become labels of one line. */
final class Labels {
    private static final int REPLACEMENT = 0xfffd;

    private Labels() {}

    /** A character that text files and XML can hold in one line, in the place of one that may not be. */
    static int drawable(int c) {
        if (c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029) {
            return ' ';
        }
        boolean control = c < ' ' || (c >= 0x7f && c < 0xa0);
        // Marks that turn the direction of writing would let a label look like another.
        boolean turning = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        boolean lone = c >= 0xd800 && c <= 0xdfff;
        return control || turning || lone || c == 0xfffe || c == 0xffff ? REPLACEMENT : c;
    }

    /** A text of at most so many columns, its end left out where it has more. */
    static String fitted(String text, int columns) {
        if (columns(text) <= columns) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int taken = 1;
        for (int c : text.codePoints().toArray()) {
            taken += columns(c);
            if (taken > columns) {
                break;
            }
            out.appendCodePoint(c);
        }
        return out.append('…').toString();
    }

    /** How many columns of a font with one width a text takes. */
    static int columns(String text) {
        return text.codePoints().map(Labels::columns).sum();
    }

    /** East Asian characters and emoji take two. */
    private static int columns(int c) {
        boolean wide = (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x2e80 && c <= 0xa4cf)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0xfe30 && c <= 0xfe6f)
                || (c >= 0xff00 && c <= 0xff60)
                || (c >= 0x1f300 && c <= 0x1faff)
                || (c >= 0x20000 && c <= 0x3fffd);
        return wide ? 2 : 1;
    }
}
