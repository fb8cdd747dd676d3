package io.millrace.connectors.files;

import io.millrace.api.Batch;
import io.millrace.api.Offset;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.SourceException;
import io.millrace.api.SplitReader;
import io.millrace.connectors.files.FileOffset.Ending;
import io.millrace.formats.Compression;
import io.millrace.formats.Decoder;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one split: a range of a file, or a file as a whole.
 *
 * <p>A range owns the lines that start in it and were begun when the file was listed. It finds the first of them by
 * looking for a newline from the byte before the range on, and it ends after the first newline at or after its last
 * byte, wherever that is. So neighbours agree on every line without talking to each other.
 */
final class FileSplitReader implements SplitReader {
    /** How much is read beyond the end of a range to find the end of its last line. */
    static final int LOOKAHEAD = 16 << 10;

    private static final long CONTINUED = -2;

    private final Stretch stretch;
    private final InputWindow window;
    private final Decoder decoder;
    private final int maxRecordBytes;
    private final OffsetMaker offsets;
    private final Remarks remarks;

    /** Whether the first line of the range is still to be found. */
    private boolean searching;

    /** The position after the last line of the range; -1 until it was found. */
    private long end = -1;

    /** No newline that ends the range lies before this position. */
    private long searchedForEnd;

    /** Where a record that is too long begins; {@link #CONTINUED} where it was rejected by an earlier run; else -1. */
    private long tooLong;

    private Ending ending;
    private long told;
    private long toldFileBytes;
    private @Nullable Offset last;
    private boolean done;

    /**
     * @param stretch what to read
     * @param window at the stretch's start, with what lies before it where there is something
     * @param last the offset to go on from; null where there is none
     */
    FileSplitReader(
            Stretch stretch,
            InputWindow window,
            Decoder decoder,
            int maxRecordBytes,
            OffsetMaker offsets,
            Remarks remarks,
            @Nullable Offset last) {
        this.stretch = stretch;
        this.window = window;
        this.decoder = decoder;
        this.maxRecordBytes = maxRecordBytes;
        this.offsets = offsets;
        this.remarks = remarks;
        this.last = last;
        this.searching = stretch.search();
        this.ending = stretch.ending();
        this.tooLong = ending == Ending.INSIDE ? CONTINUED : -1;
        this.searchedForEnd = Math.max(stretch.limit() - 1, stretch.start());
        this.told = stretch.start();
        this.toldFileBytes = window.input().fileBytes();
        if (stretch.start() >= stretch.limit() && ending == Ending.LINE) {
            this.end = stretch.start();
        }
    }

    @Override
    public @Nullable RecordBatch next() throws IOException, InterruptedException {
        if (done) {
            return null;
        }
        try {
            return advance();
        } catch (ClosedByInterruptException e) {
            throw (InterruptedException)
                    new InterruptedException("Reading " + stretch.file().name()).initCause(e);
        } catch (SourceException e) {
            throw e;
        } catch (IOException e) {
            throw stretch.packing() == Compression.NONE
                    ? Unreadable.refused(stretch.file().name(), stretch.file().path(), e)
                    : Unreadable.damaged(
                            stretch.file().name(),
                            stretch.file().path(),
                            window.input().fileBytes(),
                            window.position(),
                            e);
        }
    }

    private @Nullable RecordBatch advance() throws IOException {
        if (searching && !findFirstLine()) {
            return noLine();
        }
        if (tooLong != -1) {
            return passTooLong();
        }
        while (window.position() < stretch.stop()) {
            findEnd();
            int at = window.at();
            int to = end < 0 ? window.filled() : window.indexOf(end);
            int most = (int) Math.min(to, at + maxRecordBytes + 1L);
            boolean inputEnds = window.ended() && most == window.filled() && most - at <= maxRecordBytes;
            if (at < most) {
                int taken = decoder.decode(window.bytes(), at, most, inputEnds);
                List<Decoder.Malformed> malformed = decoder.malformed();
                if (decoder.batch().rows() > 0 || !malformed.isEmpty()) {
                    advanceTo(taken);
                    return batch(decoder.batch(), rejections(malformed), false);
                }
                passBlankLines(taken, most);
            }
            if (end < 0 ? inputEnds : most == to && window.positionOf(to) == end) {
                if (inputEnds && at < most && decoder.torn()) {
                    remarks.torn(stretch.id(), stretch.file().name(), window.position());
                } else {
                    advanceTo(to);
                }
                return last();
            }
            if (most - window.at() > maxRecordBytes) {
                tooLong = window.position();
                return passTooLong();
            }
            more();
        }
        return last();
    }

    /** Reads on; a plain file that has become shorter than it was is an error. */
    private boolean more() throws IOException {
        // Beyond the range there is only the rest of one line, of which as much again may be missing as is there.
        long within = Math.max(stretch.limit() - window.positionOf(window.filled()), 0);
        long rest = tooLong == -1 ? Math.max(LOOKAHEAD, window.filled() - window.at()) : Sizes.BUFFER;
        boolean more = window.fill(Math.min(within, Integer.MAX_VALUE) + rest);
        long now = window.positionOf(window.filled());
        if (window.ended()
                && stretch.packing() == Compression.NONE
                && now < stretch.file().size()) {
            throw Unreadable.cut(
                    stretch.file().name(), stretch.file().path(), stretch.file().size(), now);
        }
        return more;
    }

    /** Finds the first line that starts in the range; false where none does. */
    private boolean findFirstLine() throws IOException {
        searching = false;
        while (true) {
            int newline = window.newline(window.at());
            if (newline >= 0 && window.positionOf(newline) < stretch.limit() - 1) {
                window.take(newline + 1);
                told = window.position();
                return true;
            }
            boolean seen = window.positionOf(window.filled()) >= stretch.limit();
            window.take(window.indexOf(stretch.limit()));
            if (seen || !more()) {
                return false;
            }
        }
    }

    /** Finds the newline that ends the last line of the range, in what is in memory. */
    private void findEnd() {
        if (end >= 0 || stretch.limit() == Stretch.NO_LIMIT) {
            return;
        }
        long filled = window.positionOf(window.filled());
        if (searchedForEnd < filled) {
            int newline = window.newline(window.indexOf(searchedForEnd));
            if (newline >= 0) {
                end = window.positionOf(newline) + 1;
            }
            searchedForEnd = filled;
        }
    }

    /** Lines with nothing in them are no records, and a decoder that finds no record does not tell of them. */
    private void passBlankLines(int taken, int to) {
        byte[] bytes = window.bytes();
        int at = taken;
        int i = at;
        while (i < to && (bytes[i] == '\n' || bytes[i] == '\r')) {
            at = bytes[i] == '\n' ? i + 1 : at;
            i++;
        }
        advanceTo(at);
    }

    private void advanceTo(int index) {
        if (index > window.at()) {
            window.take(index);
            ending = window.bytes()[index - 1] == '\n' ? Ending.LINE : Ending.OPEN;
        }
    }

    /** Passes over a record that is too long, up to its newline, with one rejection for it. */
    private @Nullable RecordBatch passTooLong() throws IOException {
        byte[] raw = tooLong == CONTINUED ? new byte[0] : raw(window.at(), window.at() + maxRecordBytes + 1);
        long length;
        while (true) {
            int newline = window.newline(window.at());
            if (newline >= 0) {
                boolean carriageReturn = newline > 0 && window.bytes()[newline - 1] == '\r';
                length = window.positionOf(newline) - tooLong - (carriageReturn ? 1 : 0);
                window.take(newline + 1);
                ending = Ending.LINE;
                break;
            }
            window.take(window.filled());
            if (!more()) {
                length = window.position() - tooLong;
                ending = Ending.INSIDE;
                break;
            }
        }
        long start = tooLong;
        tooLong = -1;
        if (ending == Ending.LINE && window.position() >= stretch.limit()) {
            end = window.position();
        }
        searchedForEnd = Math.max(searchedForEnd, window.position());
        if (start == CONTINUED) {
            return ending == Ending.INSIDE ? last() : advance();
        }
        Rejection rejection = new Rejection(
                Rejection.Stage.DECODE,
                "record_too_large",
                null,
                "the record is " + length + " bytes long and begins at byte " + start + " of "
                        + stretch.file().name()
                        + "; at most " + maxRecordBytes + " bytes are taken (max_record_bytes). Its first " + raw.length
                        + " bytes are kept here",
                Long.toString(start),
                raw);
        return batch(noRows(), List.of(rejection), false);
    }

    private List<Rejection> rejections(List<Decoder.Malformed> malformed) {
        if (malformed.isEmpty()) {
            return List.of();
        }
        List<Rejection> rejections = new ArrayList<>(malformed.size());
        for (Decoder.Malformed record : malformed) {
            rejections.add(new Rejection(
                    Rejection.Stage.DECODE,
                    record.code(),
                    record.field(),
                    record.message(),
                    Long.toString(window.positionOf(record.start())),
                    raw(record.start(), record.end())));
        }
        return rejections;
    }

    private byte[] raw(int start, int end) {
        return Arrays.copyOfRange(window.bytes(), start, Math.min(end, start + Rejection.MAX_RAW_BYTES));
    }

    private RecordBatch batch(Batch rows, List<Rejection> rejections, boolean finished) throws IOException {
        Offset offset = offsets.at(window, ending, finished);
        last = offset;
        long fileBytes = window.input().fileBytes();
        long bytes = stretch.packing() == Compression.NONE ? window.position() - told : fileBytes - toldFileBytes;
        told = window.position();
        toldFileBytes = fileBytes;
        return new RecordBatch(rows, new Origins(), rejections, offset, bytes);
    }

    /** At the end of the split: tells how far it was read where the last batch did not say so. */
    private @Nullable RecordBatch last() throws IOException {
        done = true;
        if (!stretch.telling() && stretch.packing() == Compression.NONE && window.position() == stretch.start()) {
            return null;
        }
        boolean finished = window.ended() && window.at() == window.filled();
        Offset before = last;
        RecordBatch batch = batch(noRows(), List.of(), finished);
        return batch.end().equals(before) ? null : batch;
    }

    /** At the end of a range in which no line starts: that is for good only where all of the range is there. */
    private @Nullable RecordBatch noLine() throws IOException {
        ending = Ending.LINE;
        if (stretch.rangeEnd() == Stretch.NO_LIMIT) {
            return last();
        }
        done = true;
        return window.position() < stretch.rangeEnd() ? null : batch(noRows(), List.of(), false);
    }

    private Batch noRows() {
        decoder.decode(window.bytes(), 0, 0, false);
        return decoder.batch();
    }

    @Override
    public void close() throws IOException {
        window.close();
    }

    /** Where the rows of the last batch came from. */
    private final class Origins implements RecordBatch.Origin {
        @Override
        public String position(int row) {
            return Long.toString(window.positionOf(decoder.start(row)));
        }

        @Override
        public byte[] raw(int row) {
            return FileSplitReader.this.raw(decoder.start(row), decoder.end(row));
        }

        @Override
        public RecordBatch.Text json(int row) {
            return decoder.json(row);
        }
    }
}
