package io.millrace.connectors.files;

import io.millrace.api.Split;
import io.millrace.connectors.files.FileOffset.Ending;
import io.millrace.formats.Compression;
import io.millrace.formats.Format;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of a listing together with the lineage of its content: what its splits are and how they are opened.
 *
 * @param file the file as it was listed; a run reads what began before that size
 * @param lineage how far it was read
 * @param packing how it is compressed
 * @param format how its records are written
 * @param whole whether it is read as one, not in ranges
 * @param cut everything before this byte was read under an earlier generation, which the file is a beginning of; 0
 *     where that is not so
 * @param cutEnding how the bytes before {@code cut} end
 */
record Content(
        FoundFile file,
        Lineage lineage,
        Compression packing,
        Format format,
        boolean whole,
        long cut,
        Ending cutEnding) {

    Content(FoundFile file, Lineage lineage, Compression packing, Format format, boolean whole) {
        this(file, lineage, packing, format, whole, 0, Ending.LINE);
    }

    /** The splits with something left to read. */
    List<Split> splits(Sizes sizes) {
        List<Split> splits = new ArrayList<>();
        if (whole) {
            FileOffset offset = lineage.offsets().get(SplitId.WHOLE);
            if (offset == null || !finished(offset)) {
                FileOffset.Packed packed = offset == null ? null : offset.packed();
                long read = packed != null ? packed.bytes() : offset != null ? offset.position() : 0;
                splits.add(split(SplitId.WHOLE, file.size() - read));
            }
            return splits;
        }
        long skip = Math.max(cut, lineage.skip());
        long covered = 0;
        if (packing != Compression.NONE) {
            return packedSplits(skip, sizes);
        }
        for (long range = skip / sizes.rangeBytes();
                range * sizes.rangeBytes() < file.size() || range == cutRange(sizes);
                range++) {
            long end = (range + 1) * sizes.rangeBytes();
            FileOffset offset = lineage.offsets().get(range);
            boolean finished = offset == null
                    // A line of an earlier range reaches over all that there is of this one.
                    ? covered >= Math.min(end, file.size())
                    : finished(offset, end);
            if (!finished) {
                long from = Math.max(Math.max(cut, range * sizes.rangeBytes()), offset == null ? 0 : offset.position());
                splits.add(split(range, Math.min(end, file.size()) - from));
            }
            covered = Math.max(covered, offset == null ? 0 : offset.position());
        }
        return splits;
    }

    /** Whether all of it can be read from the beginning again under the names of its splits. */
    boolean rereadable() {
        return whole || packing == Compression.NONE;
    }

    /** All splits, also those with nothing left to read. Only of what is {@link #rereadable}. */
    List<Split> whole(Sizes sizes) {
        List<Split> splits = new ArrayList<>();
        if (whole) {
            splits.add(split(SplitId.WHOLE, file.size()));
            return splits;
        }
        for (long range = Math.max(cut, lineage.skip()) / sizes.rangeBytes();
                range * sizes.rangeBytes() < file.size();
                range++) {
            splits.add(split(range, Math.min(sizes.rangeBytes(), file.size() - range * sizes.rangeBytes())));
        }
        return splits;
    }

    /**
     * The splits of a file that was read in ranges and compressed later. How long it is unpacked is not known, so the
     * last range that was read of it takes over all that follows; those before it are there in full.
     */
    private List<Split> packedSplits(long skip, Sizes sizes) {
        List<Split> splits = new ArrayList<>();
        long last = lineage.offsets().lastKey();
        long covered = 0;
        for (long range = skip / sizes.rangeBytes(); range < last; range++) {
            long end = (range + 1) * sizes.rangeBytes();
            FileOffset offset = lineage.offsets().get(range);
            boolean finished = offset == null
                    ? covered >= end
                    : offset.equals(lineage.last()) || (offset.position() >= end && offset.ending() == Ending.LINE);
            if (!finished) {
                splits.add(split(range, sizes.rangeBytes()));
            }
            covered = Math.max(covered, offset == null ? 0 : offset.position());
        }
        FileOffset offset = lineage.offsets().lastEntry().getValue();
        if (!finished(offset)) {
            splits.add(split(last, file.size()));
        }
        return splits;
    }

    /** Whether a split takes all that follows, see {@link #packedSplits}. */
    boolean takesTheRest(SplitId id) {
        return packing != Compression.NONE
                && !whole
                && id.range() == lineage.offsets().lastKey();
    }

    /** The range that takes over where an earlier generation ended, or -1. */
    private long cutRange(Sizes sizes) {
        return cut == 0 ? -1 : cut / sizes.rangeBytes();
    }

    private Split split(long range, long bytes) {
        return new Split(new SplitId(lineage.name(), range).toString(), Math.max(bytes, 0));
    }

    private boolean finished(FileOffset offset) {
        FileOffset.Packed packed = offset.packed();
        if (packing == Compression.NONE || packed == null) {
            return packing == Compression.NONE && offset.position() >= file.size();
        }
        return packed.finished() && packed.bytes() == file.size();
    }

    private boolean finished(FileOffset offset, long rangeEnd) {
        return offset.position() >= file.size() || (offset.position() >= rangeEnd && offset.ending() == Ending.LINE);
    }

    /**
     * Where reading of a split begins, if not at its beginning: at its offset, or where the earlier generation ended.
     *
     * @param committed the split's offset
     */
    @Nullable
    Long start(SplitId id, @Nullable FileOffset committed, Sizes sizes) {
        if (committed != null) {
            return committed.position();
        }
        return cut > 0 && (whole || id.range() == cutRange(sizes)) ? (Long) cut : null;
    }
}
