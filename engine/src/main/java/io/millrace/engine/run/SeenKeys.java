package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.KeyMemory;
import io.millrace.api.Sink;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keys of records that were loaded or are about to be, for as long as they count. A key is two longs: 96 bits of a hash,
 * and the second in which the record was received, which are the last 32. Two lanes that meet the same key at the same time
 * agree on which of them is first.
 *
 * <p>Memory: 16 bytes for each key, and 6 to 10 for its place in the index: 10 million keys take some 250 MB.
 *
 * <p>Thread-safe, the taking in of blocks excepted, which comes before all else: it is in stripes, which have locks.
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

    /** The second half of a key. */
    static long low(long hash, int second) {
        return (hash & ~0xffffffffL) | (second & 0xffffffffL);
    }

    @Override
    public void begin(byte[] newSecret, long bytes) {
        secret = newSecret.clone();
        long each = bytes / Commit.Keys.KEY_BYTES / STRIPES;
        if (each > Stripe.LEAST_ROOM) {
            // Hashes lie evenly. What is to come is told more or less, and more will be added.
            int room = Math.toIntExact(each + each / 4);
            int places = placesFor(room);
            // Two large arrays: the garbage collector would carry 2 * 256 smaller ones about while they are filled.
            long[] keys = new long[Math.multiplyExact(2 * STRIPES, room)];
            int[] index = new int[Math.multiplyExact(STRIPES, places)];
            for (int i = 0; i < STRIPES; i++) {
                stripes[i].expect(keys, 2 * room * i, room, index, places * i);
            }
        }
    }

    /** How many places the index of so many keys has: at most two of three are taken. */
    private static int placesFor(int keys) {
        return Math.toIntExact(keys * 3L / 2);
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
        int ahead = 0;
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

    /**
     * Keys in the order in which they came, and an index of them by open addressing, as Python keeps a dict (Hettinger,
     * "More compact dictionaries with faster iteration", 2012): to look a new key up takes one reading of the index, which is
     * a fifth of the whole. Both may be parts of arrays that have those of others too. Guarded by its lock.
     */
    private final class Stripe {
        /** How many keys a stripe has room for at first. */
        static final int LEAST_ROOM = 64;

        /** Room is made for so many at a time, when there are so many. */
        private static final int PART_SHIFT = 12;

        private static final int PART = 1 << PART_SHIFT;

        /** The number of a key takes 24 bits of a place in the index. */
        private static final int MOST = (1 << 24) - 1;

        private static final int TAG_SHIFT = 24;
        private static final int FREE = 0;
        private static final int LONG_AGO = Integer.MIN_VALUE;

        /** The first keys. */
        private long[] first = new long[2 * LEAST_ROOM];

        private int firstFrom;
        /** How many keys {@link #first} has room for. */
        private int firstRoom = LEAST_ROOM;
        /** The keys that came after them: nothing is moved to make room. */
        private final List<long[]> more = new ArrayList<>();

        private int count;

        /** For each place {@link #FREE}, or the number of a key, from 1, after a tag of 8 bits of the key. */
        private int[] index = new int[placesFor(LEAST_ROOM)];

        private int indexFrom;
        private int places = index.length;
        /** Whether keys are being read that need not be in the index yet. */
        private boolean reading;
        /** How many keys are in the index: the others wait until the first one is asked for. */
        private int indexed;
        /** The latest second that was seen: what is older by more than the time is forgotten when the index grows. */
        private int latest = Integer.MIN_VALUE;

        /** Readies it for keys that are going to be read. */
        void expect(long[] keys, int keysFrom, int room, int[] newIndex, int newIndexFrom) {
            first = keys;
            firstFrom = keysFrom;
            firstRoom = room;
            index = newIndex;
            indexFrom = newIndexFrom;
            places = placesFor(room);
            reading = true;
        }

        /** Takes a key that was loaded in the past. */
        void take(long high, long low) {
            if (reading && count < firstRoom) {
                append(high, low);
            } else {
                first(high, low);
            }
        }

        private void append(long high, long low) {
            if (count == room()) {
                makeRoom();
            }
            put(count++, high, low);
        }

        private void makeRoom() {
            if (firstRoom < PART) {
                first = Arrays.copyOfRange(first, firstFrom, firstFrom + 4 * firstRoom);
                firstFrom = 0;
                firstRoom *= 2;
            } else {
                more.add(new long[2 * PART]);
            }
        }

        /** The array that has a key. */
        private long[] part(int number) {
            return number < firstRoom ? first : more.get((number - firstRoom) >> PART_SHIFT);
        }

        /** Where in that array it is. */
        private int at(int number) {
            return number < firstRoom ? firstFrom + 2 * number : 2 * ((number - firstRoom) & (PART - 1));
        }

        private void put(int number, long high, long low) {
            long[] part = part(number);
            int at = at(number);
            part[at] = high;
            part[at + 1] = low;
        }

        /** How many keys there is room for. */
        int room() {
            return firstRoom + more.size() * PART;
        }

        /** What stands in the index where a key belongs, or the first of the places where it may. */
        int peek(long high) {
            return index[home(high)];
        }

        /** Where the search for a key begins: by the 32 bits after those of the stripe, brought down to the places. */
        private int home(long high) {
            return indexFrom + (int) ((((high >>> 24) & 0xffffffffL) * places) >>> 32);
        }

        private static int slot(int number, long low) {
            return (int) (low >>> 56) << TAG_SHIFT | (number + 1);
        }

        /** The number of the key that a place of the index has. */
        private static int number(int slot) {
            return (slot & MOST) - 1;
        }

        /** The place of a key in the index, or the free one where it belongs. */
        private int place(long high, long low) {
            int end = indexFrom + places;
            int tag = (int) (low >>> 56);
            int at = home(high);
            while (true) {
                int slot = index[at];
                if (slot == FREE || (slot >>> TAG_SHIFT == tag && is(number(slot), high, low))) {
                    return at;
                }
                if (++at == end) {
                    at = indexFrom;
                }
            }
        }

        private boolean is(int number, long high, long low) {
            long[] part = part(number);
            int at = at(number);
            return part[at] == high && (part[at + 1] ^ low) >>> 32 == 0;
        }

        boolean first(long high, long low) {
            enter();
            int place = place(high, low);
            if (index[place] != FREE) {
                return !repeats(number(index[place]), low);
            }
            // Three of four places taken.
            if (count >= places / 4 * 3) {
                grow();
                place = place(high, low);
            }
            index[place] = slot(count, low);
            append(high, low);
            indexed = count;
            latest = Math.max(latest, (int) low);
            return true;
        }

        /** Whether a key that is known comes within the time. If not, the later time counts from now on. */
        private boolean repeats(int number, long low) {
            long[] part = part(number);
            int at = at(number) + 1;
            // Received later by the time or more, it is another; received earlier, it is a late one of the same.
            boolean repeated = (long) (int) low - (int) part[at] < withinSeconds;
            if (!repeated) {
                part[at] = low;
                latest = Math.max(latest, (int) low);
            }
            return repeated;
        }

        /** Puts what waits into the index. */
        private void enter() {
            if (indexed == count) {
                return;
            }
            reading = false;
            int to = indexed;
            for (int number = indexed; number < count; number++) {
                long[] part = part(number);
                int at = at(number);
                long high = part[at];
                long low = part[at + 1];
                int place = place(high, low);
                if (index[place] == FREE) {
                    index[place] = slot(to, low);
                    put(to, high, low);
                    to++;
                    latest = Math.max(latest, (int) low);
                } else {
                    repeats(number(index[place]), low);
                }
            }
            count = to;
            indexed = to;
        }

        /** Forgets what is past, and makes an index in which there is room. */
        private void grow() {
            int kept = 0;
            for (int number = 0; number < count; number++) {
                long[] part = part(number);
                int at = at(number);
                if (counts(part[at + 1])) {
                    put(kept++, part[at], part[at + 1]);
                }
            }
            if (kept == MOST) {
                throw new IllegalStateException("more than " + STRIPES * (long) MOST + " keys are to be remembered");
            }
            int parts = Math.max(0, kept - firstRoom + PART - 1) >> PART_SHIFT;
            more.subList(Math.min(parts, more.size()), more.size()).clear();
            index = new int[Math.max(placesFor(LEAST_ROOM), Math.toIntExact(kept * 5L / 2))];
            indexFrom = 0;
            places = index.length;
            count = kept;
            indexed = 0;
            enter();
        }

        /** Twice the time, since one lane may be behind another by as much. */
        private boolean counts(long low) {
            return (long) latest - (int) low <= 2L * withinSeconds;
        }

        void forget(long high, long low) {
            enter();
            int slot = index[place(high, low)];
            if (slot != FREE) {
                // Whoever comes with it next is the first again.
                int number = number(slot);
                put(number, high, SeenKeys.low(low, LONG_AGO));
            }
        }
    }
}
