package io.millrace.server.gateway;

import io.millrace.log.Lines;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The records of a body: where each one's line is in the bytes, its newline included, and its number in what was sent. Not
 * thread-safe.
 */
final class Records {

    private final byte[] bytes;
    private int count;
    private int[] starts;
    private int[] ends;
    private int[] numbers;

    /** @param expected how many there will be, more or less */
    Records(byte[] bytes, int expected) {
        this.bytes = bytes;
        starts = new int[expected];
        ends = new int[expected];
        numbers = new int[expected];
    }

    byte[] bytes() {
        return bytes;
    }

    int count() {
        return count;
    }

    int start(int record) {
        return starts[record];
    }

    /** The place after its newline. */
    int end(int record) {
        return ends[record];
    }

    /** The number of its line, or of its element in an array, from 1. */
    int number(int record) {
        return numbers[record];
    }

    void add(int start, int end, int number) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        starts[count] = start;
        ends[count] = end;
        numbers[count] = number;
        count++;
    }

    /** Keeps only some of them, told by one bit for each; the others are forgotten. */
    void keep(BitSet kept) {
        int to = 0;
        for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
            starts[to] = starts[i];
            ends[to] = ends[i];
            numbers[to] = numbers[i];
            to++;
        }
        count = to;
    }

    /** All of them, those that lie side by side as one range. */
    Lines lines() {
        Lines lines = new Lines();
        int i = 0;
        while (i < count) {
            int from = starts[i];
            int to = ends[i];
            while (++i < count && starts[i] == to) {
                to = ends[i];
            }
            lines.add(bytes, from, to);
        }
        return lines.records(count);
    }

    /** Some of them, told by one bit for each. */
    Lines lines(BitSet some) {
        Lines lines = new Lines();
        for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
            lines.add(bytes, starts[i], ends[i]);
        }
        return lines.records(some.cardinality());
    }
}
