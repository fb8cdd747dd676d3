package io.millrace.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a partition before it is written to, and cuts off what a crash left half written.
 *
 * <p>A crash can only have torn the last group, since the one before was on disk when it was written. So the last group's
 * data is checked against its checksums; whatever is wrong before it is damage, which readers and {@code verify} report.
 * What is cut off is copied aside first.
 */
final class Recovery {
    private final PartitionName name;
    private final Path folder;
    private final LogListener listener;
    private final CRC32C crc = new CRC32C();

    Recovery(PartitionName name, Path folder, LogListener listener) {
        this.name = name;
        this.folder = folder;
        this.listener = listener;
    }

    /**
     * Where a partition ends.
     *
     * @param segment the start of the segment to go on with; -1 where there is none
     * @param offset of the next byte
     * @param follows where the last chunk ends; less than {@code offset} where a failed group lay between
     * @param firstMicros when the segment's first chunk was received; -1 where it has none
     */
    record End(long segment, long offset, long follows, long firstMicros) {}

    /**
     * The last whole chunk of a segment.
     *
     * @param entries how many entries come up to it
     * @param offset where it ends
     * @param reason what was wrong with what comes after it; null where nothing was found wrong
     */
    private record Whole(
            long entries, long offset, @Nullable String reason) {}

    End recover() throws IOException {
        removeIndexesWithoutData();
        long[] starts = Segments.starts(folder);
        if (starts.length == 0) {
            return new End(-1, 0, 0, -1);
        }
        long start = starts[starts.length - 1];
        Path dataPath = Segments.data(folder, start);
        Path indexPath = Segments.index(folder, start);
        if (!Files.exists(indexPath)) {
            Files.createFile(indexPath);
            Segments.forceFolder(folder);
        }
        try (FileChannel data = FileChannel.open(dataPath, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileChannel indexData = FileChannel.open(indexPath, StandardOpenOption.READ, StandardOpenOption.WRITE);
                IndexFile index = new IndexFile(indexPath)) {
            Whole whole = whole(start, data, index);
            cut(start, whole, data, indexData);
            // What a process left unforced when it was killed is handed out from now on.
            data.force(false);
            indexData.force(false);
            IndexEntry first = whole.entries() == 0 ? null : index.entry(index.nextSound(0, whole.entries()));
            long follows = whole.entries() == 0 ? endBefore(starts) : whole.offset();
            return new End(start, whole.offset(), follows, first == null ? -1 : first.receivedMicros());
        }
    }

    /** Left by a crash while a segment was made or dropped. One with entries is kept, under another name. */
    private void removeIndexesWithoutData() throws IOException {
        long[] starts = Segments.starts(folder);
        for (long start : Segments.indexes(folder)) {
            if (Arrays.binarySearch(starts, start) < 0) {
                Path index = Segments.index(folder, start);
                long bytes = Files.size(index);
                if (bytes == 0 || (starts.length > 0 && start < starts[0])) {
                    Files.delete(index);
                } else {
                    Path kept = unused(start, ".torn-index");
                    Files.move(index, kept);
                    Segments.forceFolder(folder);
                    listener.on(new LogEvent.TornTail(
                            name, start, 0, bytes, List.of(kept), "an index has no data file beside it"));
                }
            }
        }
    }

    /** Where the last chunk before an empty last segment ends. */
    private long endBefore(long[] starts) throws IOException {
        for (int i = starts.length - 2; i >= 0; i--) {
            try (IndexFile index = new IndexFile(Segments.index(folder, starts[i]))) {
                IndexEntry last = index.lastSoundBefore(index.count());
                if (last != null) {
                    return last.end();
                }
            }
        }
        return starts[starts.length - 1];
    }

    private Whole whole(long start, FileChannel data, IndexFile index) throws IOException {
        long dataEnd = start + data.size();
        long count = index.count();
        String reason = index.endsInsideEntry() ? "the index ends inside an entry" : null;
        long last = count - 1;
        while (last >= 0) {
            IndexEntry entry = index.entry(last);
            if (entry != null && entry.offset() >= start && entry.end() <= dataEnd) {
                break;
            }
            reason = entry == null
                    ? "the checksum of an index entry does not match"
                    : "the data end at " + dataEnd + ", the index at " + entry.end();
            last--;
        }
        long firstOfGroup = last;
        while (firstOfGroup > 0) {
            IndexEntry entry = index.entry(firstOfGroup);
            if (entry != null && entry.firstOfGroup()) {
                break;
            }
            firstOfGroup--;
        }
        for (long i = Math.max(firstOfGroup, 0); i <= last; i++) {
            IndexEntry entry = index.entry(i);
            if (entry == null
                    || entry.offset() < start
                    || entry.end() - start > data.size()
                    || crc(data, entry.offset() - start, entry.length()) != entry.crc()) {
                IndexEntry before = index.lastSoundBefore(i);
                return new Whole(
                        i,
                        before == null ? start : before.end(),
                        entry == null
                                ? "the checksum of an index entry does not match"
                                : "the checksum of the chunk at " + entry.offset() + " does not match");
            }
        }
        IndexEntry entry = last < 0 ? null : index.entry(last);
        long end = entry == null ? start : entry.end();
        if (reason == null && end - start < Room.DATA.begin(data)) {
            reason = "no index entry for the last bytes";
        }
        return new Whole(last + 1, end, reason);
    }

    private int crc(FileChannel data, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && data.read(bytes, at + bytes.position()) > 0) {}
        crc.reset();
        crc.update(bytes.array(), 0, bytes.position());
        return (int) crc.getValue();
    }

    private void cut(long start, Whole whole, FileChannel data, FileChannel index) throws IOException {
        long dataLength = whole.offset() - start;
        long indexLength = whole.entries() * IndexEntry.BYTES;
        // What is room is not worth keeping.
        long dataCut = Math.max(0, Room.DATA.begin(data) - dataLength);
        long indexCut = Math.max(0, Room.INDEX.begin(index) - indexLength);
        List<Path> kept = new ArrayList<>();
        keep(data, dataLength, dataCut, unused(whole.offset(), ".torn"), kept);
        keep(index, indexLength, indexCut, unused(whole.offset(), ".torn-index"), kept);
        if (!kept.isEmpty()) {
            Segments.forceFolder(folder);
        }
        data.truncate(dataLength);
        index.truncate(indexLength);
        if (kept.isEmpty()) {
            return;
        }
        listener.on(new LogEvent.TornTail(
                name,
                whole.offset(),
                dataCut,
                indexCut,
                kept,
                whole.reason() == null ? "more bytes than the index has" : whole.reason()));
    }

    private static void keep(FileChannel from, long at, long bytes, Path to, List<Path> kept) throws IOException {
        if (bytes == 0) {
            return;
        }
        try (FileChannel target = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long position = at;
            long left = bytes;
            while (left > 0) {
                long moved = from.transferTo(position, left, target);
                position += moved;
                left -= moved;
            }
            target.force(true);
        } catch (IOException e) {
            // Half a copy would look like a whole one.
            Files.deleteIfExists(to);
            throw new LogException(
                    "Could not keep aside the " + bytes + " bytes after the last whole chunk, as " + to
                            + ": the partition was left as it is",
                    e);
        }
        kept.add(to);
    }

    private Path unused(long offset, String suffix) {
        Path path = folder.resolve(Segments.name(offset, suffix));
        for (int i = 2; Files.exists(path); i++) {
            path = folder.resolve(Segments.name(offset, suffix + "-" + i));
        }
        return path;
    }
}
