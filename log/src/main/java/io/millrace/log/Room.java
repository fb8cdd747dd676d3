package io.millrace.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Bytes after the end of a file that is appended to, written before they are needed. Forcing what overwrites them costs half
 * of what forcing bytes at the end does, since the file's length and place on the disk stay as they are; PostgreSQL and etcd
 * do so with their logs. Figures are in {@code docs/decisions/0005-event-log.md}.
 *
 * <p>A data file is filled with newlines, so that it is NDJSON at any time, blank lines at its end; an index with zeros,
 * which are no sound entry. A file that nobody appends to any more has no room left. Thread-safe.
 */
final class Room {

    static final Room DATA = new Room((byte) '\n', 64 << 10, 1 << 20);
    static final Room INDEX = new Room((byte) 0, 4 << 10, 64 << 10);

    private static final int BLOCK_BYTES = 4 << 10;

    private final byte filler;

    /** Smaller files get no room. */
    private final int fromBytes;

    private final int most;
    private final ByteBuffer filled;

    private Room(byte filler, int fromBytes, int most) {
        this.filler = filler;
        this.fromBytes = fromBytes;
        this.most = most;
        ByteBuffer bytes = ByteBuffer.allocateDirect(most);
        while (bytes.hasRemaining()) {
            bytes.put(filler);
        }
        filled = bytes.flip().asReadOnlyBuffer();
    }

    /**
     * Makes room after bytes that were just written, where they were few and the file is not small.
     *
     * @param end where the bytes end
     * @param bytes how many they were
     * @return where the room ends; {@code end} where there is none
     */
    long make(FileChannel file, long end, int bytes) {
        if (end < fromBytes || bytes > fromBytes) {
            return end;
        }
        ByteBuffer some = filled.duplicate().limit((int) Math.min(end, most));
        long at = end;
        try {
            while (some.hasRemaining()) {
                at += file.write(some, at);
            }
        } catch (IOException e) {
            // The bytes themselves are written: all that is lost is time, and a full disk is told when they do not fit.
            return at;
        }
        return at;
    }

    /** Where the bytes of a file end that are no room. What ends with the filler itself may be told a byte short or more. */
    long begin(FileChannel file) throws IOException {
        long end = file.size();
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        while (end > 0) {
            long from = Math.max(0, end - BLOCK_BYTES);
            block.clear().limit((int) (end - from));
            while (block.hasRemaining() && file.read(block, from + block.position()) > 0) {}
            int last = block.position() - 1;
            // A crash may leave zeros where a block was to be written.
            while (last >= 0 && (block.get(last) == filler || block.get(last) == 0)) {
                last--;
            }
            if (last >= 0) {
                return from + last + 1;
            }
            end = from;
        }
        return 0;
    }
}
