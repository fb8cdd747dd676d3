package io.millrace.formats;

/** Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {

    /** The sequence is wrong whatever follows. */
    static final int INVALID = 0;
    /** The sequence is right as far as it goes and goes on after the end. */
    static final int CUT = -1;

    private Utf8() {}

    /** The length (2 to 4) of the non-ASCII sequence at {@code p}, {@link #INVALID} or {@link #CUT}. */
    static int sequence(byte[] b, int p, int end) {
        int lead = b[p] & 0xff;
        int length;
        int low = 0x80;
        int high = 0xbf;
        if (lead >= 0xc2 && lead <= 0xdf) {
            length = 2;
        } else if (lead >= 0xe0 && lead <= 0xef) {
            length = 3;
            if (lead == 0xe0) {
                low = 0xa0;
            } else if (lead == 0xed) {
                high = 0x9f;
            }
        } else if (lead >= 0xf0 && lead <= 0xf4) {
            length = 4;
            if (lead == 0xf0) {
                low = 0x90;
            } else if (lead == 0xf4) {
                high = 0x8f;
            }
        } else {
            return INVALID;
        }
        for (int i = 1; i < length; i++) {
            if (p + i >= end) {
                return CUT;
            }
            int c = b[p + i] & 0xff;
            if (c < low || c > high) {
                return INVALID;
            }
            low = 0x80;
            high = 0xbf;
        }
        return length;
    }

    /** The first place in {@code [p, end)} that is not UTF-8, or -1. */
    static int invalidAt(byte[] b, int p, int end) {
        while (p < end) {
            if (p + 8 <= end) {
                long hits = Words.nonAscii(Words.at(b, p));
                if (hits == 0) {
                    p += 8;
                    continue;
                }
                p += Words.before(hits);
            } else if (b[p] >= 0) {
                p++;
                continue;
            }
            int length = sequence(b, p, end);
            if (length <= 0) {
                return p;
            }
            p += length;
        }
        return -1;
    }
}
