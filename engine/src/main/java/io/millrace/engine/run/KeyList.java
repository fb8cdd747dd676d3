package io.millrace.engine.run;

import io.millrace.api.Commit;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;

/** Keys of records that wait for their commit, one for each record that has rows, in their order. Not thread-safe. */
final class KeyList {

    /** 32 MB. */
    private static final int ENOUGH = 2_000_000;

    /** How a half of a key stands in a block. */
    static final VarHandle HALF = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int PART_SHIFT = 12;
    private static final int PART = 1 << PART_SHIFT;

    /** The halves of each, one after the other. Nothing is moved to make room for more. */
    private final List<long[]> parts = new ArrayList<>();

    /** The part that the next key belongs to. */
    private long[] part = {};

    private int size;

    /** Adds a key as {@link SeenKeys} has it. */
    void add(long high, long low) {
        int at = 2 * (size & (PART - 1));
        if (at == 0) {
            begin(size >> PART_SHIFT);
        }
        part[at] = high;
        part[at + 1] = low;
        size++;
    }

    private void begin(int number) {
        if (number == parts.size()) {
            parts.add(new long[2 * PART]);
        }
        part = parts.get(number);
    }

    /** Takes back the key of a record. */
    void forget(int record, SeenKeys seen) {
        long[] halves = parts.get(record >> PART_SHIFT);
        int at = 2 * (record & (PART - 1));
        seen.forget(halves[at], halves[at + 1]);
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

    /** All keys of several lists as a block, in their order. */
    static byte[] block(List<KeyList> lists) {
        byte[] block = blockFor(lists);
        LongBuffer all = ByteBuffer.wrap(block).asLongBuffer();
        for (KeyList list : lists) {
            for (int i = 0; i < list.size; i += PART) {
                all.put(list.parts.get(i >> PART_SHIFT), 0, 2 * Math.min(PART, list.size - i));
            }
        }
        return block;
    }

    /** All keys of several lists as a block, those of a stripe beside each other: {@link SeenKeys} takes them in as one. */
    static byte[] blockByStripe(List<KeyList> lists) {
        byte[] block = blockFor(lists);
        int[] next = new int[SeenKeys.STRIPES + 1];
        for (KeyList list : lists) {
            for (int key = 0; key < list.size; key++) {
                next[SeenKeys.stripeOf(list.high(key)) + 1] += Commit.Keys.KEY_BYTES;
            }
        }
        for (int stripe = 0; stripe < SeenKeys.STRIPES; stripe++) {
            next[stripe + 1] += next[stripe];
        }
        for (KeyList list : lists) {
            for (int i = 0; i < list.size; i += PART) {
                long[] halves = list.parts.get(i >> PART_SHIFT);
                int end = 2 * Math.min(PART, list.size - i);
                for (int at = 0; at < end; at += 2) {
                    int stripe = SeenKeys.stripeOf(halves[at]);
                    HALF.set(block, next[stripe], halves[at]);
                    HALF.set(block, next[stripe] + Long.BYTES, halves[at + 1]);
                    next[stripe] += Commit.Keys.KEY_BYTES;
                }
            }
        }
        return block;
    }

    private static byte[] blockFor(List<KeyList> lists) {
        int keys = lists.stream().mapToInt(KeyList::size).sum();
        return new byte[Math.multiplyExact(keys, Commit.Keys.KEY_BYTES)];
    }

    private long high(int key) {
        return parts.get(key >> PART_SHIFT)[2 * (key & (PART - 1))];
    }
}
