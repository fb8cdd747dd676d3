package io.millrace.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A file of the segment that is appended to: up to where it is on disk, and what lies beyond, which is what is under way and
 * room. Used by one thread.
 */
final class AppendedFile implements Closeable {
    private final FileChannel channel;
    private final Room room;
    private long durable;

    /** Where what is under way ends. */
    private long written;

    /** Where the file ends. */
    private long length;

    /** @param durable where the file ends, all of which is on disk */
    AppendedFile(FileChannel channel, Room room, long durable) {
        this.channel = channel;
        this.room = room;
        this.durable = durable;
        this.written = durable;
        this.length = durable;
    }

    FileChannel channel() {
        return channel;
    }

    /** How many bytes are on disk. */
    long durable() {
        return durable;
    }

    /** Writes after what is on disk. Where it fails, {@link #cut} must come next. */
    void write(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        long position = durable;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
        written = position;
        if (written > length) {
            length = room.make(channel, written, count);
        }
    }

    /** What was written is on disk now. */
    void forced() {
        durable = written;
    }

    /** Takes away what is not known to be on disk, and all room. */
    void cut() throws IOException {
        channel.truncate(durable);
        length = durable;
    }

    /** Leaves no room. */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (length > durable) {
                channel.truncate(durable);
            }
        }
    }
}
