package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.KeyMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * The keys of records that were loaded or are about to be, for as long as they count: a hash of 128 bits and the second in
 * which the record was received. Two lanes that meet the same key at the same time agree on which of them is first.
 *
 * <p>Memory: 20 bytes for each place of the table, of which at most two thirds are taken; 10 million keys take 320 MiB.
 *
 * <p>Thread-safe: the table is in stripes, each with its lock.
 */
final class SeenKeys implements KeyMemory {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final int STRIPES = 64;

    private final int withinSeconds;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private volatile long known;

    /** @param within for how long a key counts after its record was received */
    SeenKeys(Duration within) {
        this.withinSeconds = Math.toIntExact(Math.min(within.toSeconds(), Integer.MAX_VALUE / 2));
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /**
     * Notes a key.
     *
     * @param second when its record was received, in seconds
     * @return whether it is the first within the time
     */
    boolean first(long high, long low, int second) {
        Stripe stripe = stripes[(int) (high >>> 58)];
        synchronized (stripe) {
            return stripe.first(high, low, second);
        }
    }

    /** Takes a key back whose record was not loaded after all. */
    void forget(long high, long low) {
        Stripe stripe = stripes[(int) (high >>> 58)];
        synchronized (stripe) {
            stripe.forget(high, low);
        }
    }

    /** How many keys there is room for now. */
    long places() {
        long places = 0;
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                places += stripe.seconds.length;
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
        for (int at = 0; at + Commit.Keys.KEY_BYTES <= keys.length; at += Commit.Keys.KEY_BYTES) {
            fresh &= first((long) LONG.get(keys, at), (long) LONG.get(keys, at + 8), (int) INT.get(keys, at + 16));
        }
        known = number;
        return fresh;
    }

    @Override
    public void committed(long number) {
        known = number;
    }

    /** Writes a key as it stands in a block. */
    static void write(byte[] block, int at, long high, long low, int second) {
        LONG.set(block, at, high);
        LONG.set(block, at + 8, low);
        INT.set(block, at + 16, second);
    }

    /** A table of open addressing. Guarded by itself. */
    private final class Stripe {
        private static final int LEAST_SIZE = 64;

        /** No key has a low half of 0: a hash that has gets 1. */
        private static final long FREE = 0;

        private static final int LONG_AGO = Integer.MIN_VALUE;

        private long[] keys = new long[2 * LEAST_SIZE];
        private int[] seconds = new int[LEAST_SIZE];
        private int taken;
        /** The latest second that was seen: what is older by more than the time is forgotten when the table grows. */
        private int latest = Integer.MIN_VALUE;

        boolean first(long high, long low, int second) {
            long safe = low == FREE ? 1 : low;
            int place = place(keys, seconds.length, high, safe);
            if (keys[2 * place + 1] == safe && keys[2 * place] == high) {
                // Received later by the time or more, it is another; received earlier, it is a late one of the same.
                boolean repeated = (long) second - seconds[place] < withinSeconds;
                if (!repeated) {
                    seconds[place] = second;
                }
                return !repeated;
            }
            keys[2 * place] = high;
            keys[2 * place + 1] = safe;
            seconds[place] = second;
            latest = Math.max(latest, second);
            if (++taken * 3 > seconds.length * 2) {
                grow();
            }
            return true;
        }

        /** The place of a key, or the free one where it belongs. */
        private static int place(long[] keys, int size, long high, long low) {
            int place = (int) low & (size - 1);
            while (keys[2 * place + 1] != FREE && (keys[2 * place + 1] != low || keys[2 * place] != high)) {
                place = (place + 1) & (size - 1);
            }
            return place;
        }

        private void grow() {
            int kept = 0;
            for (int i = 0; i < seconds.length; i++) {
                kept += counts(i) ? 1 : 0;
            }
            int size = seconds.length;
            while (kept * 2 > size) {
                size *= 2;
            }
            long[] largerKeys = new long[2 * size];
            int[] largerSeconds = new int[size];
            for (int i = 0; i < seconds.length; i++) {
                if (counts(i)) {
                    int place = place(largerKeys, size, keys[2 * i], keys[2 * i + 1]);
                    largerKeys[2 * place] = keys[2 * i];
                    largerKeys[2 * place + 1] = keys[2 * i + 1];
                    largerSeconds[place] = seconds[i];
                }
            }
            keys = largerKeys;
            seconds = largerSeconds;
            taken = kept;
        }

        /** Twice the time, since one lane may be behind another by as much. */
        private boolean counts(int place) {
            return keys[2 * place + 1] != FREE && (long) latest - seconds[place] <= 2L * withinSeconds;
        }

        void forget(long high, long low) {
            long safe = low == FREE ? 1 : low;
            int place = place(keys, seconds.length, high, safe);
            if (keys[2 * place + 1] == safe && keys[2 * place] == high) {
                // Whoever comes with it next is the first again.
                seconds[place] = LONG_AGO;
            }
        }
    }
}
