package io.millrace.engine.run;

import io.millrace.api.Commit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keys in the order in which they came, and an index of them by open addressing, as Python keeps a dict (Hettinger,
 * "More compact dictionaries with faster iteration", 2012): to look a new key up takes one reading of the index, which is
 * a fifth of the whole. Both may be parts of arrays that have those of others too. Guarded by its lock.
 */
final class KeyStripe {
    private final int withinSeconds;

    /** How many keys a stripe has room for at first. */
    static final int LEAST_ROOM = 64;

    /** Room is made for so many at a time, when there are so many. */
    private static final int PART_SHIFT = 12;

    private static final int PART = 1 << PART_SHIFT;

    /** The number of a key takes 24 bits of a place in the index. */
    private static final int MOST = (1 << 24) - 1;

    /** So many keys are copied as one. */
    private static final int WORTH_COPYING = 8;

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
    /** How many keys are in the index: the others wait until the first one is asked for. */
    private int indexed;
    /** The latest second that was seen: what is older by more than the time is forgotten when the index grows. */
    private int latest = Integer.MIN_VALUE;

    /** @param withinSeconds for how long a key counts after its record was received */
    KeyStripe(int withinSeconds) {
        this.withinSeconds = withinSeconds;
    }

    /** How many places the index of so many keys has: at most two of three are taken. */
    static int placesFor(int keys) {
        return Math.toIntExact(keys * 3L / 2);
    }

    /** Readies it for keys that are going to be read. They wait for the index until the first is asked for. */
    void expect(long[] keys, int from, int room) {
        first = keys;
        firstFrom = from;
        firstRoom = room;
    }

    /** Gives it the index for them. */
    void index(int[] all, int from, int newPlaces) {
        index = all;
        indexFrom = from;
        places = newPlaces;
    }

    /** Takes keys that were loaded in the past. */
    void take(byte[] b, int from, int length) {
        int keys = length / Commit.Keys.KEY_BYTES;
        if (keys >= WORTH_COPYING && count + keys <= firstRoom) {
            ByteBuffer.wrap(b, from, length).asLongBuffer().get(first, firstFrom + 2 * count, 2 * keys);
            count += keys;
        } else {
            for (int at = from; at < from + length; at += Commit.Keys.KEY_BYTES) {
                append((long) KeyList.HALF.get(b, at), (long) KeyList.HALF.get(b, at + Long.BYTES));
            }
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
        return index[indexFrom + home(high, places)];
    }

    /** Where the search for a key begins: by the 32 bits after those of the stripe, brought down to the places. */
    private static int home(long high, int places) {
        return (int) ((((high >>> 24) & 0xffffffffL) * places) >>> 32);
    }

    private static int tag(long low) {
        return (int) (low >>> 56);
    }

    private static int slot(int number, long low) {
        return tag(low) << TAG_SHIFT | (number + 1);
    }

    /** The number of the key that a place of the index has. */
    private static int number(int slot) {
        return (slot & MOST) - 1;
    }

    /** The place of a key in the index, or the free one where it belongs. */
    private int place(long high, long low) {
        int end = indexFrom + places;
        int tag = tag(low);
        int at = indexFrom + home(high, places);
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
        if (count >= most()) {
            grow();
            place = place(high, low);
        }
        index[place] = slot(count, low);
        append(high, low);
        indexed = count;
        latest = Math.max(latest, (int) low);
        return true;
    }

    /** How many keys the index takes: three of four places. */
    private int most() {
        return Math.min(places / 4 * 3, MOST);
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
        if (count > most()) {
            // More than were expected.
            grow();
            return;
        }
        int to = indexed;
        int stop;
        for (int number = indexed; number < count; number = stop) {
            stop = Math.min(
                    count, number < firstRoom ? firstRoom : firstRoom + (((number - firstRoom) | (PART - 1)) + 1));
            to = enter(number, stop, to);
        }
        count = to;
        indexed = to;
    }

    /**
     * Puts keys of one part into the index. What {@link #place} does is written out, and without fields: it is done for all
     * that are remembered, and what it takes is a good part of starting.
     *
     * @param to the number that the first of them gets; some before them were repeated
     * @return the number for the next
     */
    private int enter(int begin, int stop, int to) {
        long[] part = part(begin);
        int at = at(begin);
        int[] slots = index;
        int from = indexFrom;
        int all = places;
        int newest = latest;
        int next = to;
        for (int number = begin; number < stop; number++, at += 2) {
            long high = part[at];
            long low = part[at + 1];
            int place = from + home(high, all);
            int slot = slots[place];
            while (slot != FREE && (slot >>> TAG_SHIFT != tag(low) || !is(number(slot), high, low))) {
                place = place + 1 == from + all ? from : place + 1;
                slot = slots[place];
            }
            if (slot == FREE) {
                slots[place] = slot(next, low);
                if (next < number) {
                    put(next, high, low);
                }
                next++;
                newest = Math.max(newest, (int) low);
            } else {
                repeats(number(slot), low);
            }
        }
        latest = Math.max(latest, newest);
        return next;
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
        if (kept >= MOST) {
            throw new IllegalStateException(
                    "more than " + SeenKeys.STRIPES * (long) MOST + " keys are to be remembered");
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
