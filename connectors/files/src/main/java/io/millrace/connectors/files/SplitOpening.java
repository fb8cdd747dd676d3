package io.millrace.connectors.files;

import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.SourceException;
import io.millrace.api.SplitReader;
import io.millrace.connectors.files.FileOffset.Ending;
import io.millrace.formats.Compression;
import io.millrace.formats.Decoder;
import io.millrace.formats.Format;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Opens a split: goes to where it was left and makes sure that the file is still the one that was listed. */
final class SplitOpening {
    private final Content content;
    private final SplitId id;
    private final @Nullable Offset from;
    private final @Nullable FileOffset committed;
    private final Sizes sizes;

    SplitOpening(Content content, SplitId id, @Nullable Offset from, Sizes sizes) throws SourceException {
        this.content = content;
        this.id = id;
        this.from = from;
        this.committed = from == null ? null : Recognition.offset(id.toString(), from);
        this.sizes = sizes;
    }

    SplitReader open(Projection projection, Remarks remarks) throws IOException, InterruptedException {
        FoundFile file = content.file();
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file.path(), StandardOpenOption.READ);
            Object key =
                    Files.readAttributes(file.path(), BasicFileAttributes.class).fileKey();
            if (!Objects.equals(key, file.key())) {
                throw Unreadable.changed(file.name(), file.path());
            }
            SplitReader reader = open(channel, projection, remarks);
            channel = null;
            return reader;
        } catch (ClosedByInterruptException e) {
            throw (InterruptedException) new InterruptedException("Opening " + file.name()).initCause(e);
        } catch (NoSuchFileException e) {
            throw Unreadable.gone(file.name(), file.path(), e);
        } catch (IOException e) {
            throw Unreadable.refused(file.name(), file.path(), e);
        } finally {
            if (channel != null) {
                channel.close();
            }
        }
    }

    private SplitReader open(FileChannel channel, Projection projection, Remarks remarks) throws IOException {
        InputWindow window;
        byte[] header;
        Stretch stretch;
        if (content.packing() == Compression.NONE) {
            header = header(channel);
            stretch = stretch(header.length);
            long base = Math.max(0, known(stretch) - Fingerprint.WINDOW);
            // A hundred thousand small files must not cost a hundred thousand big buffers.
            long reach = Math.min(stretch.limit(), content.file().size()) - base + FileSplitReader.LOOKAHEAD;
            window = window(new ByteInput.Plain(channel, base), base, reach);
        } else {
            window = window(new ByteInput.Unpacked(channel, content.packing()), 0, sizes.bufferBytes());
            header = header(window);
            stretch = stretch(header.length);
        }
        Decoder decoder;
        try {
            decoder = content.format().decoder(projection, header);
        } catch (IllegalArgumentException e) {
            throw new SourceException(content.file().name() + ": " + e.getMessage(), e);
        }
        goTo(window, known(stretch));
        if (committed != null && window.fingerprint() != committed.check()) {
            throw Unreadable.changed(content.file().name(), content.file().path());
        }
        goTo(window, stretch.start());
        long skip = Math.max(content.cut(), content.lineage().skip());
        boolean withHead = id.range() <= 0 || skip > 0;
        OffsetMaker offsets =
                new OffsetMaker(content.file().identity(), content.packing() != Compression.NONE, skip, withHead);
        remarks.reading(id);
        return new FileSplitReader(stretch, window, decoder, sizes.maxRecordBytes(), offsets, remarks, from);
    }

    private InputWindow window(ByteInput in, long base, long reach) {
        int first = (int) Math.min(sizes.bufferBytes(), reach);
        return new InputWindow(in, base, first, sizes.maxRecordBytes() + 1);
    }

    /** The first position to go to: what lies before it must be what it was. */
    private long known(Stretch stretch) {
        return committed == null ? stretch.start() : committed.position();
    }

    /** @param header how long the header of the file is */
    private Stretch stretch(int header) {
        boolean whole = id.range() == SplitId.WHOLE;
        boolean plain = content.packing() == Compression.NONE;
        FileOffset last = content.takesTheRest(id) ? content.lineage().last() : null;
        long listed = content.file().size();
        long rangeStart = whole ? 0 : id.range() * sizes.rangeBytes();
        long rangeEnd = whole || last != null ? Stretch.NO_LIMIT : rangeStart + sizes.rangeBytes();
        long limit = whole || !plain ? rangeEnd : Math.min(rangeEnd, listed);
        long stop = whole && plain ? listed : Stretch.NO_LIMIT;
        Long resumed = last != null ? (Long) last.position() : content.start(id, committed, sizes);
        Ending ending = resumed == null ? Ending.LINE : content.cutEnding();
        if (last != null) {
            ending = last.ending();
        } else if (committed != null) {
            ending = committed.ending();
        }
        long start = resumed != null ? resumed : rangeStart;
        boolean search = false;
        if (start < header) {
            start = header;
            ending = Ending.LINE;
        } else if (start > header && (resumed == null || (last != null && ending == Ending.LINE))) {
            // A newline as the last byte before the range makes its first byte the start of a line.
            start--;
            search = true;
        }
        boolean telling =
                (committed == null && resumed != null) || (start == header && header > 0 && committed == null);
        return new Stretch(
                id, content.file(), content.packing(), start, search, ending, limit, rangeEnd, stop, telling);
    }

    private byte[] header(FileChannel channel) throws IOException {
        for (int size = Fingerprint.WINDOW; ; size *= 2) {
            byte[] bytes = new byte[size];
            int read = Probe.read(channel, bytes, size, 0);
            int length = content.format().headerLength(bytes, read, read < size);
            if (length >= 0) {
                return Arrays.copyOf(bytes, length);
            }
            refuseLongHeader(read);
        }
    }

    private byte[] header(InputWindow window) throws IOException {
        while (true) {
            Format format = content.format();
            int length = format.headerLength(window.bytes(), window.filled(), window.ended());
            if (length >= 0) {
                return Arrays.copyOf(window.bytes(), length);
            }
            refuseLongHeader(window.filled());
            fill(window, sizes.bufferBytes());
        }
    }

    private void refuseLongHeader(int length) throws SourceException {
        if (length > sizes.maxRecordBytes()) {
            throw new SourceException(
                    content.file().name() + " (" + content.file().path()
                            + ") has a first line of more than " + sizes.maxRecordBytes()
                            + " bytes. Is it CSV with the delimiter and quote that the pipeline says?");
        }
    }

    /** Reads on to a position, which is not before the window's. */
    private void goTo(InputWindow window, long position) throws IOException {
        while (window.positionOf(window.filled()) < position) {
            window.take(window.filled());
            if (!fill(window, position - window.positionOf(window.filled()))) {
                throw content.packing() == Compression.NONE
                        ? Unreadable.cut(
                                content.file().name(),
                                content.file().path(),
                                content.file().size(),
                                window.positionOf(window.filled()))
                        : Unreadable.changed(
                                content.file().name(), content.file().path());
            }
        }
        window.take(window.indexOf(position));
    }

    private boolean fill(InputWindow window, long most) throws IOException {
        try {
            return window.fill(most);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            if (content.packing() == Compression.NONE) {
                throw e;
            }
            FoundFile file = content.file();
            long stopped = committed == null ? 0 : committed.position();
            throw Unreadable.damaged(file.name(), file.path(), window.input().fileBytes(), stopped, e);
        }
    }
}
