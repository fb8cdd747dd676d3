package io.millrace.engine.run;

import io.millrace.api.Commit;
import java.util.Arrays;
import java.util.List;

/** Keys of records that wait for their commit, one for each record that has rows, in their order. Not thread-safe. */
final class KeyList {

    private long[] high = new long[64];
    private long[] low = new long[64];
    private int[] second = new int[64];
    private int size;

    void add(long highHalf, long lowHalf, int receivedSecond) {
        if (size == high.length) {
            high = Arrays.copyOf(high, 2 * size);
            low = Arrays.copyOf(low, 2 * size);
            second = Arrays.copyOf(second, 2 * size);
        }
        high[size] = highHalf;
        low[size] = lowHalf;
        second[size] = receivedSecond;
        size++;
    }

    /** Takes back the key of a record. */
    void forget(int record, SeenKeys seen) {
        seen.forget(high[record], low[record]);
    }

    int size() {
        return size;
    }

    long bytes() {
        return (long) size * Commit.Keys.KEY_BYTES;
    }

    void clear() {
        size = 0;
    }

    /** All keys of several lists as a block. */
    static byte[] block(List<KeyList> lists) {
        int keys = lists.stream().mapToInt(KeyList::size).sum();
        byte[] block = new byte[Math.multiplyExact(keys, Commit.Keys.KEY_BYTES)];
        int at = 0;
        for (KeyList list : lists) {
            for (int i = 0; i < list.size; i++) {
                SeenKeys.write(block, at, list.high[i], list.low[i], list.second[i]);
                at += Commit.Keys.KEY_BYTES;
            }
        }
        return block;
    }
}
