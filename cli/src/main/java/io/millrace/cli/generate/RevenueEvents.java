package io.millrace.cli.generate;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Events of users who earn and give back: {@code add_revenue} twice as often as {@code subtract_revenue}, values from 0
 * to 99, users drawn evenly. Event {@code i} depends on the seed and on {@code i} alone.
 */
public final class RevenueEvents {

    /** How an event is written. */
    public enum Layout {
        NDJSON("", "{\"userId\":\"user", "\",\"name\":\"", "\",\"value\":", "}\n"),
        CSV("userId,name,value\n", "user", ",", ",", "\n");

        private final String header;
        private final String beforeUser;
        private final String beforeName;
        private final String beforeValue;
        private final String end;

        Layout(String header, String beforeUser, String beforeName, String beforeValue, String end) {
            this.header = header;
            this.beforeUser = beforeUser;
            this.beforeName = beforeName;
            this.beforeValue = beforeValue;
            this.end = end;
        }
    }

    private static final byte[] ADD = ascii("add_revenue");
    private static final byte[] SUBTRACT = ascii("subtract_revenue");

    private static final int CHUNK_BYTES = 1 << 16;
    /** More than the longest event. */
    private static final int EVENT_BYTES = 128;
    /** The golden ratio's share of 2^64: the step of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final long events;
    private final long users;
    private final long seed;
    private final byte[] header;
    private final byte[] beforeUser;
    private final byte[] beforeName;
    private final byte[] beforeValue;
    private final byte[] end;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int used;

    /**
     * @param events how many, zero or more
     * @param users how many different users at most, one or more; they are user1, user2 and so on
     * @param seed any number
     */
    public RevenueEvents(long events, long users, long seed, Layout layout) {
        if (events < 0 || users < 1) {
            throw new IllegalArgumentException("events must be 0 or more and users 1 or more");
        }
        this.events = events;
        this.users = users;
        this.seed = seed;
        this.header = ascii(layout.header);
        this.beforeUser = ascii(layout.beforeUser);
        this.beforeName = ascii(layout.beforeName);
        this.beforeValue = ascii(layout.beforeValue);
        this.end = ascii(layout.end);
    }

    /**
     * Writes all events.
     *
     * @param out is not closed
     * @param progress is told now and then how many events are written
     */
    public void writeTo(OutputStream out, LongConsumer progress) throws IOException {
        used = 0;
        put(header);
        for (long i = 0; i < events; i++) {
            if (used > CHUNK_BYTES - EVENT_BYTES) {
                out.write(chunk, 0, used);
                used = 0;
                progress.accept(i);
            }
            event(i);
        }
        out.write(chunk, 0, used);
        progress.accept(events);
    }

    private void event(long index) {
        long random = mix(seed + (index + 1) * STEP);
        // The upper bits choose the user by multiplication (Lemire, "Fast Random Integer Generation in an Interval",
        // 2019), the lower ones name and value.
        long user = 1 + Math.unsignedMultiplyHigh(random, users);
        int low = (int) (random & 0xFFFF_FFFFL) >>> 1;
        put(beforeUser);
        putNumber(user);
        put(beforeName);
        put(low % 3 == 0 ? SUBTRACT : ADD);
        put(beforeValue);
        putNumber(low / 3 % 100);
        put(end);
    }

    private static long mix(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private void put(byte[] bytes) {
        System.arraycopy(bytes, 0, chunk, used, bytes.length);
        used += bytes.length;
    }

    private void putNumber(long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = used + digits - 1; i >= used; i--) {
            chunk[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        used += digits;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
