package io.millrace.formats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes at a time in a {@code long}, the first of them lowest. Every mask has bit 7 of a byte set where it hits;
 * above the lowest hit it may hit falsely (a borrow or a carry runs upwards), so only the lowest counts.
 */
final class Words {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    static final long NEWLINES = 0x0a0a0a0a0a0a0a0aL;
    private static final long HIGHS = 0x8080808080808080L;

    private Words() {}

    /** The eight bytes from {@code p}; all of them must lie in the array. */
    static long at(byte[] b, int p) {
        return (long) LONGS.get(b, p);
    }

    /** Hits what can't be skipped over in a JSON string: quote, backslash, control character, non-ASCII. */
    static long special(long w) {
        long quote = (w ^ (ONES * '"')) - ONES;
        long backslash = (w ^ (ONES * '\\')) - ONES;
        long control = w - (ONES * 0x20);
        return (quote | backslash | control | w) & HIGHS;
    }

    /** Hits {@code c}, of which {@link #spread} has made eight. */
    static long equal(long w, long c) {
        long v = w ^ c;
        return (v - ONES) & ~v & HIGHS;
    }

    /** Eight times the same byte. */
    static long spread(int c) {
        return ONES * (c & 0xff);
    }

    /** Hits all but the ASCII digits. */
    static long nonDigit(long w) {
        return ((w + ONES * (0x80 - ':')) | (w - ONES * '0') | w) & HIGHS;
    }

    static long nonAscii(long w) {
        return w & HIGHS;
    }

    /** How many bytes lie before the lowest hit of a mask; 8 where there is none. */
    static int before(long mask) {
        return Long.numberOfTrailingZeros(mask) >>> 3;
    }

    /** The value of the first {@code n} (1 to 8) bytes, which are digits. */
    static long decimal(long w, int n) {
        // Shifting puts zeros before the first digit; the pairs, fours and eights are then added up side by side.
        long v = (w << (64 - 8 * n)) & (ONES * 0x0f);
        v = (v * 10 + (v >>> 8)) & 0x00ff00ff00ff00ffL;
        v = (v * 100 + (v >>> 16)) & 0x0000ffff0000ffffL;
        return (v * 10_000 + (v >>> 32)) & 0xffffffffL;
    }

    /** The first place from {@code p} that {@link #special} hits, or the end of the array. */
    static int plainEnd(byte[] b, int p) {
        int last = b.length - 8;
        while (p <= last) {
            long hits = special(at(b, p));
            if (hits != 0) {
                return p + before(hits);
            }
            p += 8;
        }
        while (p < b.length && b[p] >= 0x20 && b[p] != '"' && b[p] != '\\') {
            p++;
        }
        return p;
    }

    /** The first newline in {@code [p, to)}, or {@code to}. */
    static int newline(byte[] b, int p, int to) {
        int last = to - 8;
        while (p <= last) {
            long hits = equal(at(b, p), NEWLINES);
            if (hits != 0) {
                return p + before(hits);
            }
            p += 8;
        }
        while (p < to && b[p] != '\n') {
            p++;
        }
        return p;
    }
}
