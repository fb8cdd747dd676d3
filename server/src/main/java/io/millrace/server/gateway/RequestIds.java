package io.millrace.server.gateway;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Names requests that come without a name: 8 characters for this run of the server, and a number. Thread-safe. */
final class RequestIds {

    private static final int MOST_CHARACTERS = 128;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final byte[] start = new byte[8];
    private final AtomicLong last = new AtomicLong();

    RequestIds(RandomGenerator random) {
        hex(random.nextLong(), start, 0, start.length);
    }

    /** The name that the client gave, where it is 1 to 128 visible characters of ASCII, or a new one. */
    String of(@Nullable String given) {
        return given != null && visible(given, MOST_CHARACTERS) ? given : next();
    }

    String next() {
        byte[] id = new byte[start.length + 1 + 10];
        System.arraycopy(start, 0, id, 0, start.length);
        id[start.length] = '-';
        hex(last.incrementAndGet(), id, start.length + 1, id.length);
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    private static void hex(long number, byte[] to, int from, int end) {
        for (int i = end - 1; i >= from; i--) {
            to[i] = DIGITS[(int) number & 15];
            number >>>= 4;
        }
    }

    /** Whether a text is 1 to {@code most} characters of ASCII that can be seen. */
    static boolean visible(String text, int most) {
        if (text.isEmpty() || text.length() > most) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }
}
