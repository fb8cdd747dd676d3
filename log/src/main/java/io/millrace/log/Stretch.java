package io.millrace.log;

import java.io.IOException;
import java.util.Arrays;

/**
 * Some complete lines, one after the other, with the chunks they came in. Valid until the next call of the reader, which
 * uses the same object and array again.
 *
 * <p>When a record was received and by whom stands once for each chunk, not for each record: go through the chunks, and
 * through the lines of each up to {@link #chunkEnd}. The first and the last may be parts of chunks.
 */
public final class Stretch implements Reading {
    private static final int SMALLEST = 16 << 10;

    private final ClientNames.Lookup clients;

    private byte[] bytes = new byte[0];

    /** Offset in the partition of the first byte of the array. */
    private long base;

    /** How much of the array was handed out, and how much there is. */
    private int at;

    private int filled;

    // The lines handed out.
    private int from;
    private int to;
    private int firstChunk;
    private int lastChunk;

    // The chunks in the array.
    private int chunks;
    private int[] ends = new int[16];
    private int[] records = new int[16];
    private long[] micros = new long[16];
    private int[] numbers = new int[16];

    Stretch(ClientNames.Lookup clients) {
        this.clients = clients;
    }

    /** The array that holds the lines. Not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Index of the first byte. */
    public int from() {
        return from;
    }

    /** Index after the last byte, which is a newline. */
    public int to() {
        return to;
    }

    /** Offset of the first byte in the partition. */
    public long offset() {
        return base + from;
    }

    /** Offset after the last byte: to go on from here is to go on without a gap or a repeat. */
    public long end() {
        return base + to;
    }

    /** How many chunks the lines come from, at least 1. */
    public int chunks() {
        return lastChunk - firstChunk + 1;
    }

    /** Index after the last byte of a chunk, at most {@link #to}. */
    public int chunkEnd(int chunk) {
        return Math.min(ends[firstChunk + chunk], to);
    }

    /** When a chunk was received, in microseconds since 1970. */
    public long receivedMicros(int chunk) {
        return micros[firstChunk + chunk];
    }

    /** Who sent a chunk; {@code client N} where its name is lost. */
    public String client(int chunk) throws IOException {
        return clients.name(numbers[firstChunk + chunk]);
    }

    /** How many records the index says that a chunk has, all of it. */
    int chunkRecords(int chunk) {
        return records[firstChunk + chunk];
    }

    /** Makes room for bytes that begin at an offset. */
    byte[] prepare(long offset, int length, int usual) {
        boolean tooSmall = bytes.length < length;
        boolean tooLarge = bytes.length > 4L * Math.max(usual, SMALLEST) && length <= usual;
        if (tooSmall || tooLarge) {
            bytes = new byte[Math.max(length, Math.min(usual, Math.max(SMALLEST, 2 * length)))];
        }
        base = offset;
        at = 0;
        filled = 0;
        chunks = 0;
        return bytes;
    }

    /** Adds a chunk whose bytes are in the array, after those of the one before. */
    void add(IndexEntry entry) {
        if (chunks == ends.length) {
            ends = Arrays.copyOf(ends, 2 * chunks);
            records = Arrays.copyOf(records, 2 * chunks);
            micros = Arrays.copyOf(micros, 2 * chunks);
            numbers = Arrays.copyOf(numbers, 2 * chunks);
        }
        filled += entry.length();
        ends[chunks] = filled;
        records[chunks] = entry.records();
        micros[chunks] = entry.receivedMicros();
        numbers[chunks] = entry.client();
        chunks++;
    }

    /** Leaves out what lies before an offset; false where no line begins there. */
    boolean skipTo(long offset) {
        int skip = (int) (offset - base);
        if (skip > 0 && bytes[skip - 1] != '\n') {
            return false;
        }
        at = skip;
        lastChunk = -1;
        return true;
    }

    boolean isUsedUp() {
        return at == filled;
    }

    /** Hands out the next lines: as many as fit, but one at least. */
    void advance(int maxBytes) {
        from = at;
        to = filled;
        if (filled - at > maxBytes) {
            to = at + maxBytes;
            while (to > at && bytes[to - 1] != '\n') {
                to--;
            }
            if (to == at) {
                to = at + maxBytes;
                while (bytes[to - 1] != '\n') {
                    to++;
                }
            }
        }
        firstChunk = Math.max(lastChunk, 0);
        while (ends[firstChunk] <= from) {
            firstChunk++;
        }
        lastChunk = firstChunk;
        while (ends[lastChunk] < to) {
            lastChunk++;
        }
        at = to;
    }
}
