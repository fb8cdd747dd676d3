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
 * <p>Memory: 16 bytes for each key, and 6 to 10 for its place in the index: 10 million keys take some 250 MB.
 *
 * <p>Thread-safe, the taking in of blocks excepted, which comes before all else and may begin anew: it is in stripes, which
 * have locks.
 */
final class SeenKeys implements KeyMemory, Sink.KeyBlocks {

    static final int STRIPES = 256;
    /** The stripe is the first 8 bits of a key. */
    private static final int STRIPE_SHIFT = Long.SIZE - 8;

    static final int LOCKS = 16;
    /** Stripes that share a lock are neighbours: it is chosen by the first 4 bits. */
    private static final int LOCK_SHIFT = Long.SIZE - 4;

    private final Duration within;
    private final int withinSeconds;
    private final KeyStripe[] stripes = new KeyStripe[STRIPES];
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];
    private byte @Nullable [] secret;
    /** What is to be the index of the keys that are being read. */
    private @Nullable CompletableFuture<int[]> index;

    private volatile long known;

    /** @param within for how long a key counts after its record was received */
    SeenKeys(Duration within) {
        this.within = within;
        withinSeconds = Math.toIntExact(Math.min(within.toSeconds(), Integer.MAX_VALUE / 2));
        clear();
        Arrays.setAll(locks, i -> new ReentrantLock());
    }

    /** The second half of a key. */
    static long low(long hash, int second) {
        return (hash & ~0xffffffffL) | (second & 0xffffffffL);
    }

    /** For how long a key counts after its record was received. */
    Duration within() {
        return within;
    }

    /** Keys that are remembered with a commit, which is held to all that is known here. */
    Commit.Keys toCommit(byte[] block) {
        return new Commit.Keys(block, within, this);
    }

    private void clear() {
        Arrays.setAll(stripes, i -> new KeyStripe(withinSeconds));
        known = 0;
        index = null;
    }

    @Override
    public void begin(byte[] newSecret, long bytes) {
        clear();
        secret = newSecret.clone();
        long each = bytes / Commit.Keys.KEY_BYTES / STRIPES;
        if (each > KeyStripe.LEAST_ROOM) {
            // Hashes lie evenly. What is to come is told more or less, and more will be added.
            int room = Math.toIntExact(each + each / 4);
            int places = KeyStripe.placesFor(room);
            // Two large arrays: the garbage collector would carry 2 * 256 smaller ones about while they are filled.
            // To get them from the system takes as long as to read half of what they are for.
            index = CompletableFuture.supplyAsync(() -> new int[Math.multiplyExact(STRIPES, places)]);
            long[] keys = new long[Math.multiplyExact(2 * STRIPES, room)];
            for (int i = 0; i < STRIPES; i++) {
                stripes[i].expect(keys, 2 * room * i, room);
            }
        }
    }

    @Override
    public void block(long number, byte[] b, int from, int length) {
        int end = from + length;
        int at = from;
        while (at < end) {
            // The stripe is the first byte. In a large block those of a stripe are beside each other.
            byte stripe = b[at];
            int begin = at;
            do {
                at += Commit.Keys.KEY_BYTES;
            } while (at < end && b[at] == stripe);
            stripes[Byte.toUnsignedInt(stripe)].take(b, begin, at - begin);
        }
        known = Math.max(known, number);
    }

    /** All blocks have come: from now on it can be asked. */
    void ready() {
        int[] all = index == null ? null : index.join();
        if (all != null) {
            int places = all.length / STRIPES;
            for (int i = 0; i < STRIPES; i++) {
                stripes[i].index(all, places * i, places);
            }
            index = null;
        }
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

    private KeyStripe stripe(long high) {
        return stripes[stripeOf(high)];
    }

    /** The number of the stripe of a key. */
    static int stripeOf(long high) {
        return (int) (high >>> STRIPE_SHIFT);
    }

    /** The number of the lock of a key. */
    static int lockOf(long high) {
        return (int) (high >>> LOCK_SHIFT);
    }

    private ReentrantLock lock(long high) {
        return locks[lockOf(high)];
    }

    /** Notes keys, as {@link #first} does one. */
    void answer(KeyQuestion question) {
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
    private void answer(KeyQuestion question, int lock) {
        try {
            answer(question, question.begin(lock), question.end(lock));
        } finally {
            locks[lock].unlock();
        }
    }

    private void answer(KeyQuestion question, int begin, int end) {
        // All places are read first: no reading waits for the one before.
        int ahead = 0;
        for (int i = begin; i < end; i++) {
            long high = question.high(question.inOrder(i));
            ahead ^= stripe(high).peek(high);
        }
        question.ahead = ahead;
        for (int i = begin; i < end; i++) {
            int key = question.inOrder(i);
            long high = question.high(key);
            question.answer(key, stripe(high).first(high, question.low(key)));
        }
    }

    /** How many keys there is room for now. */
    long places() {
        long places = 0;
        for (int i = 0; i < STRIPES; i++) {
            ReentrantLock lock = locks[i / (STRIPES / LOCKS)];
            lock.lock();
            try {
                places += stripes[i].room();
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
}
