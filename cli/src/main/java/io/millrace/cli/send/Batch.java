package io.millrace.cli.send;

import java.util.Arrays;

/**
 * Records that go in one request, as they were between the ends of their lines.
 *
 * <pre>
 *   bytes      record 0 \n record 1 \n record 2 \n
 *   ends                  ^           ^           ^
 * </pre>
 *
 * @param bytes the records, each with a newline after it
 * @param ends for each record where it ends in {@code bytes}, with its newline
 * @param lines for each record the number of its line in the input, from 1; blank lines count too
 * @param positions for each record where it begins in the (decompressed) input, and after those where the last one ends
 */
record Batch(Origin origin, byte[] bytes, int[] ends, long[] lines, long[] positions) {

    Batch {
        if (ends.length == 0 || ends.length != lines.length || ends.length + 1 != positions.length) {
            throw new IllegalArgumentException("a batch of " + ends.length + " records with " + lines.length
                    + " lines and " + positions.length + " positions");
        }
    }

    int size() {
        return ends.length;
    }

    /** Where record {@code i} begins in the bytes. */
    int start(int i) {
        return i == 0 ? 0 : ends[i - 1];
    }

    /** Its first half; there must be two records or more. */
    Batch firstHalf() {
        return part(0, size() / 2);
    }

    /** What is not in the first half. */
    Batch secondHalf() {
        return part(size() / 2, size());
    }

    private Batch part(int from, int to) {
        int first = start(from);
        int[] partEnds = Arrays.copyOfRange(ends, from, to);
        for (int i = 0; i < partEnds.length; i++) {
            partEnds[i] -= first;
        }
        return new Batch(
                origin,
                Arrays.copyOfRange(bytes, first, ends[to - 1]),
                partEnds,
                Arrays.copyOfRange(lines, from, to),
                Arrays.copyOfRange(positions, from, to + 1));
    }
}
