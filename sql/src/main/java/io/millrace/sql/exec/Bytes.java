package io.millrace.sql.exec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes at a time. The first byte is the lowest. */
final class Bytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long HIGH_BITS = 0x8080808080808080L;

    private Bytes() {}

    static long long8(byte[] data, int at) {
        return (long) LONGS.get(data, at);
    }

    static void putLong8(byte[] data, int at, long value) {
        LONGS.set(data, at, value);
    }

    static int int4(byte[] data, int at) {
        return (int) INTS.get(data, at);
    }

    static void putInt(byte[] data, int at, int value) {
        INTS.set(data, at, value);
    }

    /** The {@code n} bytes (0 to 8) from {@code at} on, the rest zero. */
    static long upTo8(byte[] data, int at, int n) {
        if (at + 8 <= data.length) {
            return n == 0 ? 0 : long8(data, at) & (-1L >>> (64 - 8 * n));
        }
        long value = 0;
        for (int i = n - 1; i >= 0; i--) {
            value = value << 8 | (data[at + i] & 0xff);
        }
        return value;
    }

    static boolean isAscii(byte[] data, int from, int length) {
        int i = from;
        int end = from + length;
        for (; i + 8 <= end; i += 8) {
            if ((long8(data, i) & HIGH_BITS) != 0) {
                return false;
            }
        }
        for (; i < end; i++) {
            if (data[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
