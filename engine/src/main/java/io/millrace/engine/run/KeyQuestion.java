package io.millrace.engine.run;

import java.util.Arrays;

/** Keys that are asked about together, and the answers. Not thread-safe; to be used again. */
final class KeyQuestion {
    private long[] high = new long[64];
    private long[] low = new long[64];
    private boolean[] first = new boolean[64];
    /** The keys by their locks; those of each in the order in which they came. */
    private int[] order = new int[64];

    private final int[] ends = new int[SeenKeys.LOCKS];
    private int size;

    /** What was read ahead: nobody wants it, but a compiler leaves out what goes nowhere. */
    int ahead;

    void add(long highHalf, long lowHalf) {
        if (size == high.length) {
            high = Arrays.copyOf(high, 2 * size);
            low = Arrays.copyOf(low, 2 * size);
            first = new boolean[2 * size];
            order = new int[2 * size];
        }
        high[size] = highHalf;
        low[size] = lowHalf;
        size++;
    }

    int size() {
        return size;
    }

    long high(int key) {
        return high[key];
    }

    long low(int key) {
        return low[key];
    }

    /** Whether a key was the first within the time. */
    boolean first(int key) {
        return first[key];
    }

    void answer(int key, boolean isFirst) {
        first[key] = isFirst;
    }

    /** The keys of a lock are those from {@link #begin} to {@link #end} of this order. */
    int inOrder(int place) {
        return order[place];
    }

    void clear() {
        size = 0;
    }

    int begin(int lock) {
        return lock == 0 ? 0 : ends[lock - 1];
    }

    int end(int lock) {
        return ends[lock];
    }

    boolean has(int lock) {
        return begin(lock) < ends[lock];
    }

    void sort() {
        Arrays.fill(ends, 0);
        for (int i = 0; i < size; i++) {
            ends[SeenKeys.lockOf(high[i])]++;
        }
        int sum = 0;
        for (int lock = 0; lock < SeenKeys.LOCKS; lock++) {
            int begin = sum;
            sum += ends[lock];
            ends[lock] = begin;
        }
        for (int i = 0; i < size; i++) {
            order[ends[SeenKeys.lockOf(high[i])]++] = i;
        }
    }
}
