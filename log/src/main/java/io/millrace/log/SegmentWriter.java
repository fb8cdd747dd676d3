package io.millrace.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The two files of the segment that a partition appends to. Used by the partition's committer only.
 *
 * <p>Knows up to where each file is on disk, and can cut off what lies beyond.
 */
final class SegmentWriter implements Closeable {
    private final Path folder;
    private final long start;
    private final AppendedFile data;
    private final AppendedFile index;
    private final IndexForcer indexForcer;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer entries = ByteBuffer.allocateDirect(64 * IndexEntry.BYTES);

    /** When the first chunk was received, in microseconds; the time of opening where there is none. */
    private final long firstMicros;

    private SegmentWriter(
            Path folder,
            long start,
            FileChannel data,
            FileChannel index,
            IndexForcer indexForcer,
            long durableData,
            long durableIndex,
            long firstMicros) {
        this.folder = folder;
        this.start = start;
        this.data = new AppendedFile(data, Room.DATA, durableData);
        this.index = new AppendedFile(index, Room.INDEX, durableIndex);
        this.indexForcer = indexForcer;
        this.firstMicros = firstMicros;
    }

    /** Begins a new segment; the files are there after a crash. */
    static SegmentWriter create(Path folder, long start, IndexForcer indexForcer, ChannelOpener opener, long nowMicros)
            throws IOException {
        // The index first: whoever sees the data file finds its index.
        Path indexPath = Segments.index(folder, start);
        FileChannel index = opener.open(indexPath, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileChannel data = null;
        try {
            data = opener.open(Segments.data(folder, start), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Segments.forceFolder(folder);
            return new SegmentWriter(folder, start, data, index, indexForcer, 0, 0, nowMicros);
        } catch (IOException e) {
            try {
                if (data != null) {
                    data.close();
                    Files.delete(Segments.data(folder, start));
                }
                index.close();
                Files.delete(indexPath);
            } catch (IOException another) {
                e.addSuppressed(another);
            }
            throw e;
        }
    }

    /** Goes on with a segment, all of which is sound and on disk. */
    static SegmentWriter resume(
            Path folder, long start, IndexForcer indexForcer, ChannelOpener opener, long firstMicros)
            throws IOException {
        FileChannel data = opener.open(Segments.data(folder, start), StandardOpenOption.WRITE);
        try {
            FileChannel index = opener.open(Segments.index(folder, start), StandardOpenOption.WRITE);
            return new SegmentWriter(folder, start, data, index, indexForcer, data.size(), index.size(), firstMicros);
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    long firstMicros() {
        return firstMicros;
    }

    /** Bytes of data on disk. */
    long bytes() {
        return data.durable();
    }

    /** Where the next chunk goes. */
    long end() {
        return start + data.durable();
    }

    /**
     * Writes a group and forces it to disk. Where it fails, {@link #cutData} or {@link #cutAndClose} must
     * come next.
     *
     * @param follows where the chunk before the group ends
     * @param progress told how far it came, for what to do after a failure
     */
    void append(Staging staging, long follows, long nowMicros, Progress progress) throws IOException {
        encode(staging, follows, nowMicros);
        staging.data.flip();
        data.write(staging.data);
        progress.indexTouched = true;
        index.write(entries);
        indexForcer.forceBoth(data.channel(), index.channel());
        data.forced();
        index.forced();
    }

    private void encode(Staging staging, long follows, long nowMicros) {
        if (entries.capacity() < staging.chunks * IndexEntry.BYTES) {
            entries = ByteBuffer.allocateDirect(2 * staging.chunks * IndexEntry.BYTES);
        }
        entries.clear();
        ByteBuffer bytes = staging.data;
        int filled = staging.bytes();
        long base = end();
        for (int i = 0; i < staging.chunks; i++) {
            int from = staging.starts[i];
            int to = staging.end(i);
            bytes.limit(to).position(from);
            crc.reset();
            crc.update(bytes);
            int dataCrc = (int) crc.getValue();
            bytes.limit(bytes.capacity()).position(filled);
            IndexEntry.put(
                    entries,
                    crc,
                    i == 0,
                    dataCrc,
                    base + from,
                    i == 0 ? follows : base + from,
                    nowMicros,
                    staging.keyHighs[i],
                    staging.keyLows[i],
                    to - from,
                    staging.records[i],
                    staging.clients[i]);
        }
        entries.flip();
    }

    /** Cuts off what a failed append left of its data; the index was not touched. */
    void cutData() throws IOException {
        data.cut();
    }

    /**
     * Cuts off all that a failed append left, makes that durable, and closes the files: nothing may be appended to them
     * again. After a force has failed, the page cache may hold as clean what never reached the disk ("fsyncgate"), so
     * that a later force of the same pages proves nothing.
     */
    void cutAndClose() throws IOException {
        data.cut();
        index.cut();
        data.channel().force(false);
        index.channel().force(false);
        close();
        if (index.durable() == 0) {
            Files.deleteIfExists(Segments.data(folder, start));
            Files.deleteIfExists(Segments.index(folder, start));
        }
    }

    /** Leaves no room. */
    @Override
    public void close() throws IOException {
        try (data) {
            index.close();
        }
    }

    /** How far an append came before it failed. */
    static final class Progress {
        /** Whether anything of the index may have been seen by a reader of another process. */
        boolean indexTouched;
    }
}
