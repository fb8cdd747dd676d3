package io.millrace.connectors.files;

import io.millrace.connectors.files.Fingerprint.Verdict;
import io.millrace.formats.Compression;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One content of a file and how far each part of it was read: what progress says about it. A file keeps its lineage
 * when it is renamed and gets a new one when it is replaced.
 *
 * @param name what its splits are called after
 * @param offsets by range; never empty for one that progress told of
 */
record Lineage(SplitId.Name name, TreeMap<Long, FileOffset> offsets) {

    Lineage(SplitId.Name name) {
        this(name, new TreeMap<>());
    }

    /** How a file's content compares with what was read. */
    enum Match {
        /** All that was read is still there, and there may be more. */
        SAME,
        /** The file is a beginning of what was read. */
        SHORTER,
        OTHER
    }

    /** Whether the content is read as one, not in ranges. */
    boolean whole() {
        return offsets.containsKey(SplitId.WHOLE);
    }

    /** Whether it was read from a compressed file. */
    boolean packed() {
        return offsets.values().stream().anyMatch(offset -> offset.packed() != null);
    }

    int identity() {
        return offsets.lastEntry().getValue().identity();
    }

    /** The end of what was read. */
    long end() {
        FileOffset last = last();
        return last == null ? 0 : last.position();
    }

    /** The offset of the highest position. */
    @Nullable
    FileOffset last() {
        FileOffset last = null;
        for (FileOffset offset : offsets.values()) {
            last = last == null || offset.position() > last.position() ? offset : last;
        }
        return last;
    }

    /** Everything before this was read by an earlier generation. */
    long skip() {
        long skip = 0;
        for (FileOffset offset : offsets.values()) {
            skip = Math.max(skip, offset.skip());
        }
        return skip;
    }

    /**
     * Compares a file with what was read, by a few windows of it: those before the first and the last offset and before
     * every offset inside a range, since reading goes on from there.
     */
    Match match(FoundFile file, Compression packing, Probe probe, Sizes sizes) throws IOException {
        return packing == Compression.NONE ? matchPlain(file, probe, sizes) : matchPacked(file, probe);
    }

    private Match matchPlain(FoundFile file, Probe probe, Sizes sizes) throws IOException {
        boolean longer = false;
        boolean verified = false;
        long last = 0;
        for (Map.Entry<Long, FileOffset> entry : offsets.entrySet()) {
            FileOffset offset = entry.getValue();
            if (offset.position() > file.size()) {
                longer = true;
                continue;
            }
            last = Math.max(last, offset.position());
            boolean first = entry.getKey().equals(offsets.firstKey());
            boolean inside = offset.position() < (entry.getKey() + 1) * sizes.rangeBytes();
            if (first || inside) {
                if (probe.before(offset.position()) != offset.check()) {
                    return Match.OTHER;
                }
                verified |= offset.position() > 0;
            }
        }
        for (FileOffset offset : offsets.values()) {
            if (last > 0 && offset.position() == last && probe.before(last) != offset.check()) {
                return Match.OTHER;
            }
        }
        if (!longer) {
            return Match.SAME;
        }
        String head = offsets.firstEntry().getValue().head();
        return switch (head.isEmpty() ? Verdict.UNKNOWN : probe.compareHead(head)) {
            case SAME -> Match.SHORTER;
            case DIFFERENT -> Match.OTHER;
            case UNKNOWN -> verified || last > 0 ? Match.SHORTER : Match.OTHER;
        };
    }

    private Match matchPacked(FoundFile file, Probe probe) throws IOException {
        for (FileOffset offset : offsets.values()) {
            FileOffset.Packed packed = offset.packed();
            if (packed != null) {
                if (packed.bytes() <= file.size()) {
                    return probe.before(packed.bytes()) == packed.check() ? Match.SAME : Match.OTHER;
                }
                return !offset.head().isEmpty() && probe.compareHead(offset.head()) == Verdict.SAME
                        ? Match.SHORTER
                        : Match.OTHER;
            }
        }
        return Match.OTHER;
    }
}
