package io.millrace.sql.exec;

import io.millrace.api.Column;

/**
 * One column of a GROUP BY, written as 64-bit words: two keys are equal where their words are and, for long texts, also
 * their bytes.
 *
 * <pre>
 * LONG    value
 * WIDE    high, low
 * DOUBLE  bits, with one zero and one NaN
 * TEXT    up to 15 bytes: bytes 0..7, bytes 8..14 and the length in the highest byte
 *         longer:         a hash, the length and 0xff in the highest byte
 *         null:           0, 0xfe in the highest byte
 * </pre>
 */
final class KeyColumn {
    static final int INLINE_BYTES = 15;
    private static final long LONG_TEXT = 0xffL << 56;
    private static final long NULL_TEXT = 0xfeL << 56;

    final Vec.Kind kind;
    /** Which column of the batch. */
    final int column;
    /** Its first word. */
    final int word;

    KeyColumn(Vec.Kind kind, int column, int word) {
        this.kind = kind;
        this.column = column;
        this.word = word;
    }

    int words() {
        return switch (kind) {
            case LONG, DOUBLE -> 1;
            case WIDE, TEXT -> 2;
            case ARRAY -> throw new IllegalArgumentException("arrays can't be grouped by");
        };
    }

    static boolean isLongText(long secondWord) {
        return secondWord >>> 56 == 0xff;
    }

    static boolean isNullText(long secondWord) {
        return secondWord >>> 56 == 0xfe;
    }

    static int inlineLength(long secondWord) {
        return (int) (secondWord >>> 56);
    }

    /**
     * Writes the words of a batch.
     *
     * @return whether there is a text too long for its words
     */
    boolean encode(Column from, int n, long[][] words, long seed) {
        switch (from) {
            case Column.Longs c -> System.arraycopy(c.values(), 0, words[word], 0, n);
            case Column.Wides c -> {
                System.arraycopy(c.high(), 0, words[word], 0, n);
                System.arraycopy(c.low(), 0, words[word + 1], 0, n);
            }
            case Column.Doubles c -> {
                for (int i = 0; i < n; i++) {
                    words[word][i] = Double.doubleToLongBits(c.values()[i] + 0.0);
                }
            }
            case Column.Texts c -> {
                return encodeTexts(c, n, words[word], words[word + 1], seed);
            }
            case Column.Arrays c -> throw new IllegalArgumentException("arrays can't be grouped by");
        }
        return false;
    }

    private static boolean encodeTexts(Column.Texts c, int n, long[] first, long[] second, long seed) {
        byte[] data = c.data();
        int[] start = c.start();
        int[] length = c.length();
        boolean[] nulls = c.nulls();
        // Where the sixteen bytes from here on are in the array, a short text takes two loads and two masks.
        int lastFast = data.length - 16;
        boolean longTexts = false;
        for (int i = 0; i < n; i++) {
            if (nulls != null && nulls[i]) {
                first[i] = 0;
                second[i] = NULL_TEXT;
                continue;
            }
            int at = start[i];
            int bytes = length[i];
            if (bytes <= INLINE_BYTES) {
                if (at <= lastFast && bytes > 0) {
                    long head = Bytes.long8(data, at);
                    long tail = Bytes.long8(data, at + 8);
                    // A shift by 64 or more is one by less: these masks are for 1..8 and 9..15 bytes.
                    first[i] = head & (-1L >>> (64 - 8 * Math.min(bytes, 8)));
                    long rest = bytes > 8 ? -1L >>> (128 - 8 * bytes) : 0;
                    second[i] = (tail & rest) | ((long) bytes << 56);
                } else {
                    first[i] = Bytes.upTo8(data, at, Math.min(bytes, 8));
                    second[i] = (bytes > 8 ? Bytes.upTo8(data, at + 8, bytes - 8) : 0) | (long) bytes << 56;
                }
            } else {
                longTexts = true;
                first[i] = hash(data, at, bytes, seed);
                second[i] = LONG_TEXT | bytes;
            }
        }
        return longTexts;
    }

    /** The product of two words folded to one (wyhash's mix): one multiplication stirs all bits. */
    static long mix(long a, long b) {
        return Math.multiplyHigh(a, b) ^ a * b;
    }

    /** Of more than 15 bytes, 16 at a time; the last 16 overlap those before. */
    private static long hash(byte[] data, int at, int bytes, long seed) {
        long h = seed ^ bytes;
        int last = at + bytes - 16;
        for (int i = at; i < last; i += 16) {
            h = mix(h ^ Bytes.long8(data, i), 0x9e3779b97f4a7c15L ^ Bytes.long8(data, i + 8));
        }
        h = mix(h ^ Bytes.long8(data, last), 0xd6e8feb86659fd93L ^ Bytes.long8(data, last + 8));
        return mix(h ^ bytes, 0x632be59bd9b4e019L);
    }
}
