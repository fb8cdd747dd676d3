package io.millrace.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A segment that is being read, and the entry to read next. Used by one thread. */
final class OpenSegment implements Closeable {
    /** The JDK reads into arrays by way of a buffer of its own, as large as the read, which it keeps. */
    private static final int READ_BYTES = 1 << 20;

    final long start;
    final IndexFile index;
    private final FileChannel data;

    /** Number of the entry to read next. */
    long next;

    /** Whether nothing is appended any more, since there is a later segment. */
    boolean ended;

    /** How many entries are known to be on disk, with their data. */
    private long onDisk;

    OpenSegment(Path folder, long start, boolean ended) throws IOException {
        this.start = start;
        this.ended = ended;
        data = FileChannel.open(Segments.data(folder, start), StandardOpenOption.READ);
        try {
            index = new IndexFile(Segments.index(folder, start));
            if (index.isMissing() && !Files.exists(Segments.data(folder, start))) {
                throw new NoSuchFileException(Segments.data(folder, start).toString());
            }
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    /**
     * How many entries there are on disk. A segment that has ended is on disk. Of another the page cache may hold more:
     * that is forced to disk here, so that nobody goes on from what a crash of the machine takes back.
     */
    long onDisk() throws IOException {
        long count = index.count();
        if (!ended && count > onDisk) {
            data.force(false);
            index.force();
        }
        onDisk = count;
        return count;
    }

    /** Where the data end in the partition. */
    long dataEnd() throws IOException {
        long last = Room.DATA.begin(data);
        return start + (last < data.size() ? last + 1 : last);
    }

    /** Whether the data file has room for the bytes of a chunk. */
    boolean holds(IndexEntry entry) throws IOException {
        return entry.offset() >= start && entry.end() - start <= data.size();
    }

    /** Reads bytes at an offset of the partition; returns how many there were. */
    int read(long offset, byte[] into, int at, int length) throws IOException {
        int read = 0;
        while (read < length) {
            int step = Math.min(length - read, READ_BYTES);
            int count = data.read(ByteBuffer.wrap(into, at + read, step), offset - start + read);
            if (count <= 0) {
                break;
            }
            read += count;
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        try (data) {
            index.close();
        }
    }
}
