package io.millrace.connectors.postgres;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of the keys of some rows, to learn that no key is there twice, in which case the server need not group
 * them. Two keys with one hash are taken for one key, which costs time and nothing else. Beyond a number of keys the
 * set gives up: it would need more memory than it is worth.
 */
final class KeySet {

    private static final int MAX_KEYS = 1 << 19;
    private static final int FIRST_SLOTS = 1 << 10;

    /** Stands in an empty slot; a key with this hash is stored as another. */
    private static final long EMPTY = 0;

    private long @Nullable [] slots = new long[FIRST_SLOTS];
    private int keys;
    private boolean distinct = true;

    void add(long hash) {
        if (!distinct || slots == null) {
            return;
        }
        if (keys * 2 >= slots.length) {
            grow(slots);
            if (slots == null) {
                return;
            }
        }
        distinct = insert(slots, hash == EMPTY ? 1 : hash);
        keys++;
    }

    /** Says that nothing is known about the keys from here on. */
    void giveUp() {
        distinct = false;
    }

    /** Whether every key added so far is known to differ from every other. */
    boolean distinct() {
        return distinct && slots != null;
    }

    /** Adds all keys of another set. */
    void addAll(KeySet other) {
        if (!other.distinct() || other.slots == null) {
            giveUp();
            return;
        }
        for (long hash : other.slots) {
            if (hash != EMPTY) {
                add(hash);
            }
        }
    }

    private void grow(long[] old) {
        if (keys >= MAX_KEYS) {
            slots = null;
            return;
        }
        long[] larger = new long[old.length * 4];
        for (long hash : old) {
            if (hash != EMPTY) {
                insert(larger, hash);
            }
        }
        slots = larger;
    }

    private static boolean insert(long[] slots, long hash) {
        int mask = slots.length - 1;
        int slot = (int) (hash >>> 7) & mask;
        while (slots[slot] != EMPTY) {
            if (slots[slot] == hash) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = hash;
        return true;
    }

    long bytes() {
        return slots == null ? 0 : (long) slots.length * Long.BYTES;
    }

    void clear() {
        if (slots == null) {
            slots = new long[FIRST_SLOTS];
        } else if (keys > 0) {
            Arrays.fill(slots, EMPTY);
        }
        keys = 0;
        distinct = true;
    }
}
