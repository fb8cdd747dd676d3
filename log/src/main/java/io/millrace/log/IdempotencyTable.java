package io.millrace.log;

import java.util.Arrays;

/**
 * Remembers keys of 128 bits, each with where its records are, for a time and up to a number. The oldest are forgotten
 * first. Not thread-safe.
 *
 * <p>A ring holds the keys in the order in which they came, an open-addressing hash table their places in the ring:
 * {@value #RING_BYTES} bytes a key and 8 to 16 for the table, with no object for any.
 */
final class IdempotencyTable {
    static final int RING_BYTES = 48;

    private static final int FREE = -1;

    private final long windowMicros;
    private final int maxKeys;

    private long[] high = new long[16];
    private long[] low = new long[16];
    private long[] micros = new long[16];
    private long[] offset = new long[16];
    private long[] place = new long[16];
    private int[] length = new int[16];
    private int[] crc = new int[16];

    private int[] table = emptyTable(32);

    /** Index in the ring of the oldest. */
    private int oldest;

    private int size;
    private long forgottenEarly;

    IdempotencyTable(long windowMicros, int maxKeys) {
        this.windowMicros = windowMicros;
        this.maxKeys = maxKeys;
    }

    int size() {
        return size;
    }

    /** How many keys were forgotten before their time. */
    long forgottenEarly() {
        return forgottenEarly;
    }

    /** A handle for what is known of a key, good until the next change; -1 where nothing is. */
    int find(long keyHigh, long keyLow, long nowMicros) {
        expire(nowMicros);
        for (int i = slot(keyHigh, keyLow); table[i] != FREE; i = next(i)) {
            int at = table[i];
            if (high[at] == keyHigh && low[at] == keyLow) {
                return at;
            }
        }
        return -1;
    }

    long offset(int handle) {
        return offset[handle];
    }

    /** The slot in the upper half, the partition in the lower. */
    long place(int handle) {
        return place[handle];
    }

    boolean matches(int handle, int bytes, int crcOfBytes) {
        return length[handle] == bytes && crc[handle] == crcOfBytes;
    }

    /** Remembers a key; where it is known already, the first stays. */
    void add(
            long keyHigh,
            long keyLow,
            long usedMicros,
            long nowMicros,
            long offsetOfRecords,
            long placeOfRecords,
            int bytes,
            int crcOfBytes) {
        if (find(keyHigh, keyLow, nowMicros) >= 0) {
            return;
        }
        if (size == maxKeys) {
            forgetOldest();
            forgottenEarly++;
        }
        if (size == high.length) {
            grow();
        }
        int at = (oldest + size) % high.length;
        high[at] = keyHigh;
        low[at] = keyLow;
        micros[at] = usedMicros;
        offset[at] = offsetOfRecords;
        place[at] = placeOfRecords;
        length[at] = bytes;
        crc[at] = crcOfBytes;
        size++;
        enter(at);
    }

    private void expire(long nowMicros) {
        while (size > 0 && micros[oldest] < nowMicros - windowMicros) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        int i = slot(high[oldest], low[oldest]);
        while (table[i] != oldest) {
            i = next(i);
        }
        removeAt(i);
        oldest = (oldest + 1) % high.length;
        size--;
    }

    /** Moves later entries of the run into the gap, so that no tombstone is needed (Knuth, TAOCP 3, 6.4, R). */
    private void removeAt(int gapAt) {
        int gap = gapAt;
        int i = next(gap);
        while (table[i] != FREE) {
            int home = slot(high[table[i]], low[table[i]]);
            boolean stays = gap <= i ? gap < home && home <= i : gap < home || home <= i;
            if (!stays) {
                table[gap] = table[i];
                gap = i;
            }
            i = next(i);
        }
        table[gap] = FREE;
    }

    private void enter(int at) {
        int i = slot(high[at], low[at]);
        while (table[i] != FREE) {
            i = next(i);
        }
        table[i] = at;
    }

    private int slot(long keyHigh, long keyLow) {
        // Keys are made by a cryptographic hash, so any of their bits will do.
        return (int) (keyHigh ^ keyLow) & (table.length - 1);
    }

    private int next(int i) {
        return (i + 1) & (table.length - 1);
    }

    private void grow() {
        int capacity = high.length;
        high = unrolled(high, capacity);
        low = unrolled(low, capacity);
        micros = unrolled(micros, capacity);
        offset = unrolled(offset, capacity);
        place = unrolled(place, capacity);
        length = unrolled(length, capacity);
        crc = unrolled(crc, capacity);
        oldest = 0;
        table = emptyTable(4 * capacity);
        for (int i = 0; i < size; i++) {
            enter(i);
        }
    }

    private long[] unrolled(long[] ring, int capacity) {
        long[] larger = new long[2 * capacity];
        System.arraycopy(ring, oldest, larger, 0, capacity - oldest);
        System.arraycopy(ring, 0, larger, capacity - oldest, oldest);
        return larger;
    }

    private int[] unrolled(int[] ring, int capacity) {
        int[] larger = new int[2 * capacity];
        System.arraycopy(ring, oldest, larger, 0, capacity - oldest);
        System.arraycopy(ring, 0, larger, capacity - oldest, oldest);
        return larger;
    }

    private static int[] emptyTable(int slots) {
        int[] table = new int[slots];
        Arrays.fill(table, FREE);
        return table;
    }
}
