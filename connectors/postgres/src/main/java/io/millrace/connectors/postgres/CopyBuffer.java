package io.millrace.connectors.postgres;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes that wait to be sent, in blocks that are kept for the next time. A row lies in one block whole, so that writing
 * a field needs no check.
 */
final class CopyBuffer {

    private static final int BLOCK = 256 << 10;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle HASHED = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Multiplier of the hash: the golden ratio of 2^64. */
    private static final long MIX = 0x9E3779B97F4A7C15L;

    /** Full blocks, and how much of each is used. */
    private final List<byte[]> full = new ArrayList<>();

    private final List<Integer> used = new ArrayList<>();

    /** Blocks of the usual size that wait for their next use. */
    private final List<byte[]> spare = new ArrayList<>();

    private byte[] block = new byte[BLOCK];
    private int at;
    private long fullBytes;

    /** Makes room for a row of at most so many bytes. */
    void reserve(int bytes) {
        if (block.length - at < bytes) {
            nextBlock(bytes);
        }
    }

    private void nextBlock(int bytes) {
        if (at > 0) {
            full.add(block);
            used.add(at);
            fullBytes += at;
        } else {
            keep(block);
        }
        block = bytes <= BLOCK && !spare.isEmpty() ? spare.removeLast() : new byte[Math.max(BLOCK, bytes)];
        at = 0;
    }

    private void keep(byte[] done) {
        if (done.length == BLOCK) {
            spare.add(done);
        }
    }

    /** Where the next byte goes, within the block that {@link #reserve} chose. */
    int mark() {
        return at;
    }

    /** Forgets what was written since a mark. */
    void rewind(int mark) {
        at = mark;
    }

    void putByte(int value) {
        block[at++] = (byte) value;
    }

    void putShort(int value) {
        SHORT.set(block, at, (short) value);
        at += Short.BYTES;
    }

    void putInt(int value) {
        INT.set(block, at, value);
        at += Integer.BYTES;
    }

    /** Writes a number where room was left for it: a length that is known only afterwards. */
    void putIntAt(int mark, int value) {
        INT.set(block, mark, value);
    }

    void putLong(long value) {
        LONG.set(block, at, value);
        at += Long.BYTES;
    }

    void putBytes(byte[] bytes, int start, int length) {
        System.arraycopy(bytes, start, block, at, length);
        at += length;
    }

    /** Adds what was written since a mark to a hash. */
    long hash(long hash, int mark) {
        int i = mark;
        long h = (hash ^ (at - mark)) * MIX;
        for (; i <= at - Long.BYTES; i += Long.BYTES) {
            h = mixed(h ^ (long) HASHED.get(block, i));
        }
        long tail = 0;
        for (; i < at; i++) {
            tail = (tail << Byte.SIZE) | (block[i] & 0xff);
        }
        return mixed(h ^ tail);
    }

    private static long mixed(long h) {
        long product = h * MIX;
        return product ^ (product >>> 32);
    }

    long bytes() {
        return fullBytes + at;
    }

    /** Takes a block of whole rows. */
    interface Blocks<E extends Exception> {
        void take(byte[] block, int used) throws E;
    }

    <E extends Exception> void eachBlock(Blocks<E> to) throws E {
        for (int i = 0; i < full.size(); i++) {
            to.take(full.get(i), used.get(i));
        }
        if (at > 0) {
            to.take(block, at);
        }
    }

    void clear() {
        full.forEach(this::keep);
        full.clear();
        used.clear();
        fullBytes = 0;
        at = 0;
        if (block.length != BLOCK) {
            block = spare.isEmpty() ? new byte[BLOCK] : spare.removeLast();
        }
    }
}
