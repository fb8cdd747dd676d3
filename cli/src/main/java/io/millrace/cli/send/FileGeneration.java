package io.millrace.cli.send;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * The content of a followed file between one replacement and the next, read as it grows. Not thread-safe.
 *
 * <p>A file that is cut and written anew while nobody looks may be as long as before, or longer. It is told by its first
 * bytes and by the last ones that were read: while both are as they were, it has only grown.
 */
final class FileGeneration implements Closeable {

    private static final int MARK_BYTES = 256;

    private final FileChannel channel;
    private final LineBatcher batcher;
    private final Tally tally;
    private final ByteBuffer chunk = ByteBuffer.allocate(WholeInput.CHUNK_BYTES);
    private long position;
    private byte[] head = {};
    private byte[] tail = {};

    /** @param channel at its beginning; closed with this, or left to the next generation */
    FileGeneration(FileChannel channel, LineBatcher batcher, Tally tally) {
        this.channel = channel;
        this.batcher = batcher;
        this.tally = tally;
    }

    /** What was found. */
    enum Found {
        NOTHING,
        MORE,
        /** The file holds something else now. */
        REWRITTEN
    }

    /** Reads up to one chunk of what was appended. */
    Found read() throws IOException, InterruptedException {
        chunk.clear();
        int length = channel.read(chunk, position);
        // Looked at after the reading, so that what was read is known to follow what was read before.
        if (channel.size() < position + Math.max(0, length)
                || !holds(head, 0)
                || !holds(tail, position - tail.length)) {
            return Found.REWRITTEN;
        }
        if (length <= 0) {
            return Found.NOTHING;
        }
        byte[] bytes = chunk.array();
        if (head.length < MARK_BYTES) {
            int more = Math.min(MARK_BYTES - head.length, length);
            int before = head.length;
            head = Arrays.copyOf(head, before + more);
            System.arraycopy(bytes, 0, head, before, more);
        }
        tail = lastOf(tail, bytes, length);
        position += length;
        tally.read(length);
        batcher.accept(bytes, length);
        return Found.MORE;
    }

    /** Sends the whole lines that are there. */
    void flush() throws IOException, InterruptedException {
        batcher.flush();
    }

    /** Nothing more comes: a last line without a newline is whole too. */
    void finish() throws IOException, InterruptedException {
        batcher.finish();
    }

    /** Whether all that is in the file was read, down to its last line. */
    boolean exhausted() throws IOException {
        return !batcher.incomplete() && channel.size() <= position;
    }

    LineBatcher batcher() {
        return batcher;
    }

    FileChannel channel() {
        return channel;
    }

    private boolean holds(byte[] mark, long at) throws IOException {
        ByteBuffer now = ByteBuffer.allocate(mark.length);
        while (now.hasRemaining() && channel.read(now, at + now.position()) > 0) {
            // Reads on.
        }
        return !now.hasRemaining() && Arrays.equals(now.array(), mark);
    }

    private static byte[] lastOf(byte[] before, byte[] bytes, int length) {
        int fromBytes = Math.min(length, MARK_BYTES);
        int fromBefore = Math.min(before.length, MARK_BYTES - fromBytes);
        byte[] last = new byte[fromBefore + fromBytes];
        System.arraycopy(before, before.length - fromBefore, last, 0, fromBefore);
        System.arraycopy(bytes, length - fromBytes, last, fromBefore, fromBytes);
        return last;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
