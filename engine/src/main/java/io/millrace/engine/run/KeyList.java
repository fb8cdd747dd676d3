package io.millrace.engine.run;

import io.millrace.api.Commit;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;

/** Keys of records that wait for their commit, one for each record that has rows, in their order. Not thread-safe. */
final class KeyList {

    /** 32 MB. */
    private static final int ENOUGH = 2_000_000;

    private static final int PART_SHIFT = 12;
    private static final int PART = 1 << PART_SHIFT;

    /** The halves of each, one after the other. Nothing is moved to make room for more. */
    private final List<long[]> parts = new ArrayList<>();

    private int size;

    /** Adds a key as {@link SeenKeys} has it. */
    void add(long high, long low) {
        if (size == parts.size() << PART_SHIFT) {
            parts.add(new long[2 * PART]);
        }
        long[] part = parts.get(size >> PART_SHIFT);
        int at = 2 * (size & (PART - 1));
        part[at] = high;
        part[at + 1] = low;
        size++;
    }

    /** Takes back the key of a record. */
    void forget(int record, SeenKeys seen) {
        long[] part = parts.get(record >> PART_SHIFT);
        int at = 2 * (record & (PART - 1));
        seen.forget(part[at], part[at + 1]);
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
        for (KeyList list : lists) {
            for (int i = 0; i < list.size; i += PART) {
                all.put(list.parts.get(i >> PART_SHIFT), 0, 2 * Math.min(PART, list.size - i));
            }
        }
        return block;
    }
}
