package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.KeyMemory;
import io.millrace.api.Sink;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keys of records that were loaded or are about to be, for as long as they count. A key is two longs: 96 bits of a hash,
 * and the second in which the record was received, which are the last 32. Two lanes that meet the same key at the same time
 * agree on which of them is first.
 *
 * <p>Memory: 16 bytes for each place of the table, of which between half and three quarters are taken; 10 million keys take
 * up to 320 MB, and half as much again while they are read.
 *
 * <p>Thread-safe, the taking in of blocks excepted, which comes before all else: the table is in stripes, which have locks.
 */
final class SeenKeys implements KeyMemory, Sink.KeyBlocks {

    private static final int STRIPES = 256;
    /** The stripe is the first 8 bits of a key. */
    private static final int STRIPE_SHIFT = Long.SIZE - 8;

    private static final int LOCKS = 16;
    /** Stripes that share a lock are neighbours: it is chosen by the first 4 bits. */
    private static final int LOCK_SHIFT = Long.SIZE - 4;

    private static final int CHUNK_LONGS = 1024;

    private final int withinSeconds;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];
    private byte @Nullable [] secret;
    private volatile long known;

    /** @param within for how long a key counts after its record was received */
    SeenKeys(Duration within) {
        this.withinSeconds = Math.toIntExact(Math.min(within.toSeconds(), Integer.MAX_VALUE / 2));
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
        Arrays.setAll(locks, i -> new ReentrantLock());
    }

    /** The first half of a key. Never 0. */
    static long high(long hash) {
        return hash == Stripe.FREE ? 1 : hash;
    }

    /** The second half of a key. */
    static long low(long hash, int second) {
        return (hash & ~0xffffffffL) | (second & 0xffffffffL);
    }

    @Override
    public void begin(byte[] newSecret, long bytes) {
        secret = newSecret.clone();
        int each = Math.toIntExact(bytes / Commit.Keys.KEY_BYTES / STRIPES);
        if (each > Stripe.LEAST_SIZE) {
            // Hashes lie evenly: of as many, not one stripe in a billion gets more.
            int most = each + 6 * (int) Math.ceil(Math.sqrt(each));
            // Two large arrays: the garbage collector would carry 2 * 256 smaller ones about while they are filled.
            int longs = Math.multiplyExact(2 * STRIPES, most);
            // To fill hundreds of megabytes with zeros takes a while, in which blocks are read.
            CompletableFuture<long[]> tables =
                    CompletableFuture.supplyAsync(() -> new long[Math.multiplyExact(2, longs)]);
            long[] waiting = new long[longs];
            for (int i = 0; i < STRIPES; i++) {
                stripes[i].expect(waiting, 2 * most * i, tables, 4 * most * i, most);
            }
        }
    }

    @Override
    public void block(long number, byte[] keys) {
        LongBuffer longs = ByteBuffer.wrap(keys).asLongBuffer();
        long[] chunk = new long[CHUNK_LONGS];
        while (longs.hasRemaining()) {
            int count = Math.min(CHUNK_LONGS, longs.remaining());
            longs.get(chunk, 0, count);
            for (int i = 0; i < count; i += 2) {
                stripe(chunk[i]).take(chunk[i], chunk[i + 1]);
            }
        }
        known = Math.max(known, number);
    }

    /** A hash with the secret that keys of this memory have. */
    KeyHash hash() {
        return new KeyHash(Objects.requireNonNull(secret, "no destination has been asked"));
    }

    /**
     * Notes a key.
     *
     * @return whether it is the first within the time
     */
    boolean first(long high, long low) {
        ReentrantLock lock = lock(high);
        lock.lock();
        try {
            return stripe(high).first(high, low);
        } finally {
            lock.unlock();
        }
    }

    /** Takes a key back whose record was not loaded after all. */
    void forget(long high, long low) {
        ReentrantLock lock = lock(high);
        lock.lock();
        try {
            stripe(high).forget(high, low);
        } finally {
            lock.unlock();
        }
    }

    private Stripe stripe(long high) {
        return stripes[(int) (high >>> STRIPE_SHIFT)];
    }

    private ReentrantLock lock(long high) {
        return locks[(int) (high >>> LOCK_SHIFT)];
    }

    /** Keys that are asked about together, and the answers. Not thread-safe; to be used again. */
    static final class Question {
        private long[] high = new long[64];
        private long[] low = new long[64];
        private boolean[] first = new boolean[64];
        /** The keys by their locks; those of each in the order in which they came. */
        private int[] order = new int[64];

        private final int[] ends = new int[LOCKS];
        private int size;

        /** What was read ahead: nobody wants it, but a compiler leaves out what goes nowhere. */
        long ahead;

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

        void clear() {
            size = 0;
        }

        private int begin(int lock) {
            return lock == 0 ? 0 : ends[lock - 1];
        }

        private boolean has(int lock) {
            return begin(lock) < ends[lock];
        }

        private void sort() {
            Arrays.fill(ends, 0);
            for (int i = 0; i < size; i++) {
                ends[(int) (high[i] >>> LOCK_SHIFT)]++;
            }
            int sum = 0;
            for (int lock = 0; lock < LOCKS; lock++) {
                int begin = sum;
                sum += ends[lock];
                ends[lock] = begin;
            }
            for (int i = 0; i < size; i++) {
                order[ends[(int) (high[i] >>> LOCK_SHIFT)]++] = i;
            }
        }
    }

    /** Notes keys, as {@link #first} does one. */
    void answer(Question question) {
        question.sort();
        // What another lane is at is left for later: lanes that all go the same way would wait for each other all the
        // way.
        int left = 0;
        for (int lock = 0; lock < LOCKS; lock++) {
            if (question.has(lock)) {
                if (locks[lock].tryLock()) {
                    answer(question, lock);
                } else {
                    left |= 1 << lock;
                }
            }
        }
        for (int lock = 0; lock < LOCKS; lock++) {
            if ((left & (1 << lock)) != 0) {
                locks[lock].lock();
                answer(question, lock);
            }
        }
    }

    /** Notes keys under a lock that is held, and gives it back. */
    private void answer(Question question, int lock) {
        try {
            answer(question, question.begin(lock), question.ends[lock]);
        } finally {
            locks[lock].unlock();
        }
    }

    private void answer(Question question, int begin, int end) {
        // All places are read first: no reading waits for the one before.
        long ahead = 0;
        for (int i = begin; i < end; i++) {
            long high = question.high[question.order[i]];
            ahead ^= stripe(high).peek(high);
        }
        question.ahead = ahead;
        for (int i = begin; i < end; i++) {
            int key = question.order[i];
            long high = question.high[key];
            question.first[key] = stripe(high).first(high, question.low[key]);
        }
    }

    /** How many keys there is room for now. */
    long places() {
        long places = 0;
        for (int i = 0; i < STRIPES; i++) {
            ReentrantLock lock = locks[i / (STRIPES / LOCKS)];
            lock.lock();
            try {
                places += stripes[i].size;
            } finally {
                lock.unlock();
            }
        }
        return places;
    }

    @Override
    public long known() {
        return known;
    }

    @Override
    public boolean learn(long number, byte[] keys) {
        boolean fresh = true;
        LongBuffer longs = ByteBuffer.wrap(keys).asLongBuffer();
        while (longs.hasRemaining()) {
            fresh &= first(longs.get(), longs.get());
        }
        known = number;
        return fresh;
    }

    @Override
    public void committed(long number) {
        known = number;
    }

    /** A table of open addressing, in a part of an array that may have those of others too. Guarded by its lock. */
    private final class Stripe {
        static final int LEAST_SIZE = 64;
        static final long FREE = 0;

        private static final int LONG_AGO = Integer.MIN_VALUE;

        /**
         * Keys that were read and are not in the table yet; null where all are. A table that is filled at one go stays in
         * the processor's cache meanwhile, and lanes fill those of several stripes at once.
         */
        private long @Nullable [] waiting;

        private @Nullable CompletableFuture<long[]> tables;

        private int waitingFrom;
        private int waitingTo;
        private int waitingEnd;

        private long[] keys = new long[2 * LEAST_SIZE];
        /** Where the table begins. */
        private int from;
        /** How many keys it has room for. */
        private int size = LEAST_SIZE;

        private int taken;
        /** The latest second that was seen: what is older by more than the time is forgotten when the table grows. */
        private int latest = Integer.MIN_VALUE;

        /**
         * Readies it for keys that are going to be read.
         *
         * @param lists where there is room for {@code most} to wait, from {@code listFrom}
         * @param newTables where there is room for twice as many, from {@code tableFrom}
         */
        void expect(long[] lists, int listFrom, CompletableFuture<long[]> newTables, int tableFrom, int most) {
            waiting = lists;
            waitingFrom = listFrom;
            waitingTo = listFrom;
            waitingEnd = listFrom + 2 * most;
            tables = newTables;
            from = tableFrom;
            size = 2 * most;
        }

        /** Takes a key that was loaded in the past. */
        void take(long high, long low) {
            long[] list = waiting;
            if (list == null) {
                note(high, low);
                return;
            }
            list[waitingTo++] = high;
            list[waitingTo++] = low;
            if (waitingTo == waitingEnd) {
                enter();
            }
        }

        /** What stands where a key belongs, or the first of the places where it may. */
        long peek(long high) {
            return waiting != null ? FREE : keys[home(from, size, high)];
        }

        /** Where the search for a key begins: by the 32 bits after those of the stripe, brought down to the size. */
        private static int home(int from, int size, long high) {
            return from + 2 * (int) ((((high >>> 24) & 0xffffffffL) * size) >>> 32);
        }

        boolean first(long high, long low) {
            enter();
            return note(high, low);
        }

        /** Puts what waits into the table. */
        private void enter() {
            long[] list = waiting;
            if (list == null) {
                return;
            }
            waiting = null;
            keys = Objects.requireNonNull(tables).join();
            tables = null;
            // As many times note, in one loop: the first compiler makes one of it, and there may be ten million keys.
            long[] table = keys;
            int start = from;
            int end = from + 2 * size;
            int newest = latest;
            int entered = 0;
            for (int i = waitingFrom; i < waitingTo; i += 2) {
                long high = list[i];
                long low = list[i + 1];
                int at = start + 2 * (int) ((((high >>> 24) & 0xffffffffL) * size) >>> 32);
                long there = table[at];
                while (there != FREE && (there != high || (table[at + 1] ^ low) >>> 32 != 0)) {
                    at = at + 2 == end ? start : at + 2;
                    there = table[at];
                }
                if (there == FREE) {
                    table[at] = high;
                    table[at + 1] = low;
                    entered++;
                } else if ((long) (int) low - (int) table[at + 1] >= withinSeconds) {
                    table[at + 1] = low;
                }
                newest = Math.max(newest, (int) low);
            }
            taken += entered;
            latest = newest;
        }

        private boolean note(long high, long low) {
            int at = place(keys, from, size, high, low);
            int second = (int) low;
            if (keys[at] != FREE) {
                // Received later by the time or more, it is another; received earlier, it is a late one of the same.
                boolean repeated = (long) second - (int) keys[at + 1] < withinSeconds;
                if (!repeated) {
                    keys[at + 1] = low;
                }
                return !repeated;
            }
            keys[at] = high;
            keys[at + 1] = low;
            latest = Math.max(latest, second);
            if (++taken * 4 > size * 3) {
                grow();
            }
            return true;
        }

        /** Where a key stands in a table, or the free place where it belongs. */
        private static int place(long[] keys, int from, int size, long high, long low) {
            int end = from + 2 * size;
            int at = home(from, size, high);
            while (true) {
                long there = keys[at];
                if (there == FREE || (there == high && (keys[at + 1] ^ low) >>> 32 == 0)) {
                    return at;
                }
                at += 2;
                if (at == end) {
                    at = from;
                }
            }
        }

        private void grow() {
            int end = from + 2 * size;
            int kept = 0;
            for (int at = from; at < end; at += 2) {
                kept += counts(at) ? 1 : 0;
            }
            int larger = Math.max(LEAST_SIZE, 2 * kept);
            long[] largerKeys = new long[2 * larger];
            for (int at = from; at < end; at += 2) {
                if (counts(at)) {
                    int to = place(largerKeys, 0, larger, keys[at], keys[at + 1]);
                    largerKeys[to] = keys[at];
                    largerKeys[to + 1] = keys[at + 1];
                }
            }
            keys = largerKeys;
            from = 0;
            size = larger;
            taken = kept;
        }

        /** Twice the time, since one lane may be behind another by as much. */
        private boolean counts(int at) {
            return keys[at] != FREE && (long) latest - (int) keys[at + 1] <= 2L * withinSeconds;
        }

        void forget(long high, long low) {
            enter();
            int at = place(keys, from, size, high, low);
            if (keys[at] != FREE) {
                // Whoever comes with it next is the first again.
                keys[at + 1] = low(keys[at + 1], LONG_AGO);
            }
        }
    }
}
