package io.millrace.connectors.postgres;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL asks of text: UTF-8 without the character U+0000. */
final class Texts {

    enum Verdict {
        GOOD,
        NUL,
        MALFORMED
    }

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long ONES = 0x0101010101010101L;

    private Texts() {}

    /** Looks at eight bytes at a time while they are ASCII (Mycroft's test for a zero byte). */
    static Verdict check(byte[] data, int start, int length) {
        int end = start + length;
        int i = start;
        while (i < end) {
            while (i <= end - Long.BYTES) {
                long word = (long) LONG.get(data, i);
                if ((word & HIGH_BITS) != 0 || ((word - ONES) & ~word & HIGH_BITS) != 0) {
                    break;
                }
                i += Long.BYTES;
            }
            if (i == end) {
                break;
            }
            byte b = data[i];
            if (b > 0) {
                i++;
            } else if (b == 0) {
                return Verdict.NUL;
            } else {
                int size = sequence(data, i, end);
                if (size == 0) {
                    return Verdict.MALFORMED;
                }
                i += size;
            }
        }
        return Verdict.GOOD;
    }

    /** The length of the character of several bytes at a place, 0 where it is not one (Unicode, table 3-7). */
    private static int sequence(byte[] data, int at, int end) {
        int lead = data[at] & 0xff;
        int size = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (size == 0 || at + size > end) {
            return 0;
        }
        int second = data[at + 1] & 0xff;
        int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < least || second > most) {
            return 0;
        }
        for (int i = at + 2; i < at + size; i++) {
            if ((data[i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return size;
    }

    /** Text that PostgreSQL can hold, made from text of ours such as a message: what it can't is replaced. */
    static String storable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return replaced(text);
            }
        }
        return text;
    }

    private static String replaced(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xFFFD : c)
                .forEach(result::appendCodePoint);
        return result.toString();
    }

    /** An array of type {@code text} of what is said of items, of which each may be null. */
    static <T> Array array(Connection connection, List<T> items, Function<T, @Nullable String> text)
            throws SQLException {
        @Nullable Object[] texts = new @Nullable Object[items.size()];
        for (int i = 0; i < texts.length; i++) {
            String value = text.apply(items.get(i));
            texts[i] = value == null ? null : Texts.storable(value);
        }
        return connection.createArrayOf("text", texts);
    }
}
