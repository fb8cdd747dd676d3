package io.millrace.sql.exec;

import io.millrace.api.Column;
import java.util.Arrays;

/**
 * Texts one after the other, each behind its length in four bytes: {@code length(int32) bytes}. A text is known by where
 * its length begins.
 */
final class TextHeap {
    private static final int HEADER = Integer.BYTES;

    private byte[] data = new byte[1024];
    private int used;

    int add(byte[] from, int start, int length) {
        long needed = (long) used + HEADER + length;
        if (needed > data.length) {
            if (needed > Integer.MAX_VALUE - 16) {
                throw new IllegalStateException("more than 2 GB of text in one partial aggregate; drain it more often");
            }
            data = Arrays.copyOf(data, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, 2L * data.length)));
        }
        int at = used;
        Bytes.putInt(data, at, length);
        System.arraycopy(from, start, data, at + HEADER, length);
        used = (int) needed;
        return at;
    }

    int add(TextHeap from, int at) {
        return add(from.data, at + HEADER, from.length(at));
    }

    int length(int at) {
        return Bytes.int4(data, at);
    }

    /** The bytes of all texts; replaced when they grow. */
    byte[] data() {
        return data;
    }

    /** Where in {@link #data} the bytes of a text begin. */
    int start(int at) {
        return at + HEADER;
    }

    boolean equals(int at, byte[] other, int start, int length) {
        return length == length(at)
                && Arrays.equals(data, at + HEADER, at + HEADER + length, other, start, start + length);
    }

    /**
     * Compares the long texts of a batch with those of their groups, whose places are in word {@code ref} of each group,
     * and marks the rows where they differ. Short ones are known to be the same.
     */
    void compareAll(
            long[] cells, int[] groups, int ref, long[] secondWords, Column.Texts texts, int n, boolean[] differ) {
        byte[] ours = data;
        byte[] theirs = texts.data();
        int[] start = texts.start();
        int[] length = texts.length();
        for (int i = 0; i < n; i++) {
            if (differ[i] || !KeyColumn.isLongText(secondWords[i])) {
                continue;
            }
            int a = (int) cells[groups[i] + ref] + HEADER;
            int b = start[i];
            int bytes = length[i];
            differ[i] =
                    Bytes.int4(ours, a - HEADER) != bytes || !Arrays.equals(ours, a, a + bytes, theirs, b, b + bytes);
        }
    }

    int compare(int at, byte[] other, int start, int length) {
        return Arrays.compareUnsigned(data, at + HEADER, at + HEADER + length(at), other, start, start + length);
    }

    /** Appends the text to a vector as the value of a row. */
    void copyTo(Vec out, int row, int at) {
        if (!out.append(row, data, at + HEADER, length(at))) {
            throw new IllegalStateException("the texts of one batch take more than " + Vec.MAX_ARENA_BYTES + " bytes");
        }
    }

    int used() {
        return used;
    }

    /** Forgets all texts; memory that was mostly idle is given back. */
    void clear() {
        if (data.length > 1 << 20 && used < data.length / 4) {
            data = new byte[data.length / 2];
        }
        used = 0;
    }
}
