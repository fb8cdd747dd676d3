package io.millrace.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of one segment's index, also while they are appended. Keeps a window of the file in memory. Used by
 * one thread.
 */
final class IndexFile implements Closeable {
    private static final int WINDOW_ENTRIES = 512;

    private final @Nullable FileChannel channel;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW_ENTRIES * IndexEntry.BYTES);

    /** To look for the end. */
    private final ByteBuffer block = ByteBuffer.allocate(64 * IndexEntry.BYTES);

    /** Number of the first entry in the window. */
    private long first;

    /** How many entries there were when they were counted last; -1 where they were not. */
    private long counted = -1;

    IndexFile(Path path) throws IOException {
        FileChannel opened = null;
        try {
            opened = FileChannel.open(path, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            // A segment that has lost its index is read as one whose index has no entries: as damage.
        }
        channel = opened;
        window.limit(0);
    }

    boolean isMissing() {
        return channel == null;
    }

    /** How many whole entries the file has now, sound or not. Blank ones at its end are room, and not counted. */
    long count() throws IOException {
        if (channel == null) {
            return 0;
        }
        long whole = channel.size() / IndexEntry.BYTES;
        if (counted < 0) {
            counted = Math.ceilDiv(Room.INDEX.begin(channel), (long) IndexEntry.BYTES);
        }
        boolean more = counted < whole;
        while (more) {
            more = countBlock(channel);
        }
        counted = Math.min(counted, whole);
        return counted;
    }

    /** Goes on counting; whether there may be more. */
    private boolean countBlock(FileChannel of) throws IOException {
        block.clear();
        while (block.hasRemaining() && of.read(block, counted * IndexEntry.BYTES + block.position()) > 0) {}
        block.flip();
        while (block.remaining() >= IndexEntry.BYTES) {
            if (block.getInt(block.position()) == 0) {
                return false;
            }
            block.position(block.position() + IndexEntry.BYTES);
            counted++;
        }
        return block.limit() == block.capacity();
    }

    /** Whether the file ends with a part of an entry. */
    boolean endsInsideEntry() throws IOException {
        return channel != null
                && channel.size() % IndexEntry.BYTES != 0
                && Room.INDEX.begin(channel) > count() * IndexEntry.BYTES;
    }

    /**
     * The entry of this number; null where it is not sound or not there. What is not sound is read from the file again
     * each time, since it may have been half written when it was read before.
     */
    @Nullable
    IndexEntry entry(long number) throws IOException {
        if (holds(number)) {
            IndexEntry entry = IndexEntry.get(window, (int) (number - first) * IndexEntry.BYTES, crc);
            if (entry != null) {
                return entry;
            }
        }
        // Backwards, what lies before is wanted next.
        return load(number < first ? Math.max(0, number - WINDOW_ENTRIES + 1) : number, number);
    }

    /** As {@link #entry}, but never from memory. */
    @Nullable
    IndexEntry reread(long number) throws IOException {
        return load(number, number);
    }

    private @Nullable IndexEntry load(long from, long number) throws IOException {
        window.clear();
        first = from;
        while (window.hasRemaining()) {
            if (channel == null || channel.read(window, from * IndexEntry.BYTES + window.position()) <= 0) {
                break;
            }
        }
        window.flip();
        return holds(number) ? IndexEntry.get(window, (int) (number - from) * IndexEntry.BYTES, crc) : null;
    }

    private boolean holds(long number) {
        return number >= first && (number - first + 1) * IndexEntry.BYTES <= window.limit();
    }

    /** The number of the first sound entry from this one on and before the limit; the limit where there is none. */
    long nextSound(long number, long limit) throws IOException {
        long at = number;
        while (at < limit && entry(at) == null) {
            at++;
        }
        return at;
    }

    /** The last sound entry before a number; null where there is none. */
    @Nullable
    IndexEntry lastSoundBefore(long number) throws IOException {
        for (long i = number - 1; i >= 0; i--) {
            IndexEntry entry = entry(i);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    /** The number of the first sound entry that ends after an offset; the count where there is none. */
    long firstEndingAfter(long offset, long count) throws IOException {
        return search(count, entry -> entry.end() > offset);
    }

    /** The number of the first sound entry received at or after a time; the count where there is none. */
    long firstReceivedAt(long micros, long count) throws IOException {
        return search(count, entry -> entry.receivedMicros() >= micros);
    }

    private long search(long count, java.util.function.Predicate<IndexEntry> wanted) throws IOException {
        long low = 0;
        long high = count;
        while (low < high) {
            long middle = (low + high) >>> 1;
            long sound = nextSound(middle, high);
            IndexEntry entry = sound < high ? entry(sound) : null;
            if (entry == null || wanted.test(entry)) {
                high = middle;
            } else {
                low = sound + 1;
            }
        }
        return nextSound(low, count);
    }

    void force() throws IOException {
        if (channel != null) {
            channel.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
