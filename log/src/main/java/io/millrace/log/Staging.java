package io.millrace.log;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes and chunks of appends that wait to be written together. A partition has two: one is filled, under the
 * partition's lock, while the committer writes the other.
 */
final class Staging {
    /** A merged chunk is not made larger: it is what is lost to a damaged byte, and what a reader checks at once. */
    static final int MAX_MERGED_BYTES = 64 << 10;

    private static final int SMALLEST = 64 << 10;

    /** A buffer that has grown beyond this is let go when its group is written. */
    private static final int LARGEST_KEPT = 16 << 20;

    /** Outside the heap, so that the bytes are copied once, here, and not again to be written. */
    ByteBuffer data = ByteBuffer.allocateDirect(SMALLEST);

    int chunks;
    int[] starts = new int[64];
    int[] records = new int[64];
    int[] clients = new int[64];
    long[] keyHighs = new long[64];
    long[] keyLows = new long[64];
    Group group = new Group();

    boolean isEmpty() {
        return chunks == 0;
    }

    int bytes() {
        return data.position();
    }

    int end(int chunk) {
        return chunk + 1 < chunks ? starts[chunk + 1] : bytes();
    }

    /** @return where the lines begin in this group */
    int add(Lines lines, int client, long keyHigh, long keyLow) {
        int start = bytes();
        int length = (int) lines.bytes();
        reserve(length);
        boolean merges = chunks > 0
                && clients[chunks - 1] == client
                && (keyHigh | keyLow | keyHighs[chunks - 1] | keyLows[chunks - 1]) == 0
                && start + length - starts[chunks - 1] <= MAX_MERGED_BYTES;
        if (merges) {
            records[chunks - 1] += lines.records();
        } else {
            newChunk();
            starts[chunks] = start;
            records[chunks] = lines.records();
            clients[chunks] = client;
            keyHighs[chunks] = keyHigh;
            keyLows[chunks] = keyLow;
            chunks++;
        }
        lines.copyTo(data);
        return start;
    }

    private void reserve(int more) {
        if (data.remaining() < more) {
            int needed = data.position() + more;
            ByteBuffer larger =
                    ByteBuffer.allocateDirect(Math.max(needed, (int) Math.min(2L * data.capacity(), 1 << 30)));
            larger.put(data.flip());
            data = larger;
        }
    }

    private void newChunk() {
        if (chunks == starts.length) {
            starts = Arrays.copyOf(starts, chunks * 2);
            records = Arrays.copyOf(records, chunks * 2);
            clients = Arrays.copyOf(clients, chunks * 2);
            keyHighs = Arrays.copyOf(keyHighs, chunks * 2);
            keyLows = Arrays.copyOf(keyLows, chunks * 2);
        }
    }

    void clear() {
        chunks = 0;
        group = new Group();
        if (data.capacity() > LARGEST_KEPT) {
            data = ByteBuffer.allocateDirect(SMALLEST);
        } else {
            data.clear();
        }
    }
}
