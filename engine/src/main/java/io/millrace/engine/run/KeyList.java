package io.millrace.engine.run;

import io.millrace.api.Commit;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;

/** Keys of records that wait for their commit, one for each record that has rows, in their order. Not thread-safe. */
final class KeyList {

    /** 32 MB. */
    private static final int ENOUGH = 2_000_000;

    /** The halves of each, one after the other. */
    private long[] halves = new long[128];

    private int size;

    /** Adds a key as {@link SeenKeys} has it. */
    void add(long high, long low) {
        if (2 * size == halves.length) {
            halves = Arrays.copyOf(halves, 4 * size);
        }
        halves[2 * size] = high;
        halves[2 * size + 1] = low;
        size++;
    }

    /** Takes back the key of a record. */
    void forget(int record, SeenKeys seen) {
        seen.forget(halves[2 * record], halves[2 * record + 1]);
    }

    int size() {
        return size;
    }

    /** Whether it has as many as should be committed together. */
    boolean full() {
        return size >= ENOUGH;
    }

    void clear() {
        size = 0;
    }

    /** All keys of several lists as a block. */
    static byte[] block(List<KeyList> lists) {
        int keys = lists.stream().mapToInt(KeyList::size).sum();
        byte[] block = new byte[Math.multiplyExact(keys, Commit.Keys.KEY_BYTES)];
        LongBuffer all = ByteBuffer.wrap(block).asLongBuffer();
        lists.forEach(list -> all.put(list.halves, 0, 2 * list.size));
        return block;
    }
}
