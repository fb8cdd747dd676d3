package io.millrace.log;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of one or more complete lines, as ranges of arrays that are not copied. The last byte of the last range must
 * be a newline; a range need not end at one.
 *
 * <p>Not thread-safe. The arrays may be changed again when the append that was given them has returned.
 */
public final class Lines {
    private byte[][] arrays = new byte[2][];
    private int[] bounds = new int[4];
    private int ranges;
    private long bytes;
    private int records;

    /** All of an array. */
    public static Lines of(byte[] lines, int records) {
        return new Lines().add(lines, 0, lines.length).records(records);
    }

    /**
     * Adds a range.
     *
     * @param array holds the bytes
     * @param from index of the first byte
     * @param to index after the last
     */
    public Lines add(byte[] array, int from, int to) {
        if (from < 0 || to < from || to > array.length) {
            throw new IndexOutOfBoundsException("Range " + from + " to " + to + " of " + array.length + " bytes");
        }
        if (ranges == arrays.length) {
            arrays = Arrays.copyOf(arrays, ranges * 2);
            bounds = Arrays.copyOf(bounds, ranges * 4);
        }
        arrays[ranges] = array;
        bounds[2 * ranges] = from;
        bounds[2 * ranges + 1] = to;
        ranges++;
        bytes += to - from;
        return this;
    }

    /** Says how many records the ranges hold: the log believes it and keeps it in its index. */
    public Lines records(int count) {
        records = count;
        return this;
    }

    public int records() {
        return records;
    }

    public long bytes() {
        return bytes;
    }

    /** @throws IllegalArgumentException where these are no complete lines */
    void check() {
        if (records <= 0 || records > bytes) {
            throw new IllegalArgumentException(records + " records in " + bytes
                    + " bytes: at least one record is needed and each has a byte at least");
        }
        for (int i = ranges - 1; i >= 0; i--) {
            if (bounds[2 * i + 1] > bounds[2 * i]) {
                if (arrays[i][bounds[2 * i + 1] - 1] != '\n') {
                    throw new IllegalArgumentException(
                            "The last of " + bytes + " bytes is no newline: only complete lines can be appended");
                }
                return;
            }
        }
    }

    int crc() {
        CRC32C crc = new CRC32C();
        for (int i = 0; i < ranges; i++) {
            crc.update(arrays[i], bounds[2 * i], bounds[2 * i + 1] - bounds[2 * i]);
        }
        return (int) crc.getValue();
    }

    void copyTo(java.nio.ByteBuffer target) {
        for (int i = 0; i < ranges; i++) {
            target.put(arrays[i], bounds[2 * i], bounds[2 * i + 1] - bounds[2 * i]);
        }
    }
}
