package io.millrace.formats;

/** Bytes that are expected again and again: a name in quotes, what lies between two values. Immutable. */
public final class KnownBytes {

    private final int length;
    /** Whole words from the beginning, up to the last one. */
    private final long[] words;
    /** Where the last word begins: it lies over the one before, so that nothing after the bytes is read. */
    private final int lastAt;

    private final long last;
    /** Of fewer bytes than a word, those that count. */
    private final long mask;

    /** @param bytes copied */
    public KnownBytes(byte[] bytes) {
        length = bytes.length;
        words = new long[Math.max(0, (length - 1) / 8)];
        for (int i = 0; i < words.length; i++) {
            words[i] = Words.at(bytes, i * 8);
        }
        lastAt = Math.max(0, length - 8);
        mask = length < 8 ? (1L << (length * 8)) - 1 : -1;
        long word = 0;
        for (int i = lastAt; i < length; i++) {
            word |= (bytes[i] & 0xffL) << ((i - lastAt) * 8);
        }
        last = word;
    }

    public int length() {
        return length;
    }

    /**
     * Whether the bytes at {@code p} are these. False also where fewer than eight bytes are left in the array, which is
     * to say that it takes another way to know.
     */
    public boolean at(byte[] b, int p) {
        int end = p + lastAt;
        if (end > b.length - 8 || ((Words.at(b, end) ^ last) & mask) != 0) {
            return false;
        }
        for (long word : words) {
            if (Words.at(b, p) != word) {
                return false;
            }
            p += 8;
        }
        return true;
    }
}
