package io.millrace.connectors.files;

import io.millrace.api.Offset;
import io.millrace.api.SourceException;
import io.millrace.connectors.files.FileOffset.Ending;
import io.millrace.connectors.files.Lineage.Match;
import io.millrace.formats.Compression;
import io.millrace.formats.Format;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which of the files that are there were read before, and how far.
 *
 * <p>In this order: a file that still begins with what was read under its name goes on. Content that is no longer under
 * its name is looked for under others: it was renamed. A file that is a beginning of what was read was cut. Any other
 * content is new, and a new generation where the name is known.
 *
 * <p>Content counts as renamed when its checksums agree and either the file system says that it is the same file, or
 * the new name begins as the old one does ({@code events.jsonl}, {@code events.jsonl.1}, {@code events-2026.jsonl.gz}).
 * Checksums alone would not do: two small deliveries may well be equal byte by byte and both count.
 */
final class Recognition {
    private final FilesConfig config;
    private final Sizes sizes;
    private final Function<String, Format> formats;
    private final Consumer<String> remarks;

    private final Map<SplitId.Name, Lineage> lineages = new LinkedHashMap<>();
    /** The lineages that began under a name, by generation. */
    private final Map<String, TreeMap<Integer, Lineage>> byName = new HashMap<>();

    private final Set<SplitId.Name> claimed = new HashSet<>();
    private final Map<FoundFile, @Nullable Content> contents = new LinkedHashMap<>();

    Recognition(FilesConfig config, Sizes sizes, Function<String, Format> formats, Consumer<String> remarks) {
        this.config = config;
        this.sizes = sizes;
        this.formats = formats;
        this.remarks = remarks;
    }

    /**
     * @param files what a listing found
     * @param progress the offsets of this source's splits; others are passed over
     * @return the files with content, in the order given
     */
    List<Content> recognise(Collection<FoundFile> files, Map<String, Offset> progress) throws SourceException {
        learn(progress);
        Map<FoundFile, Lineage> shorter = new HashMap<>();
        List<FoundFile> unknown = new ArrayList<>();
        for (FoundFile file : files) {
            contents.put(file, null);
            if (file.size() > 0 && !claimUnderItsName(file, shorter)) {
                unknown.add(file);
            }
        }
        unknown.removeAll(claimRenamed(unknown));
        Map<String, FoundFile> present = new HashMap<>();
        files.forEach(file -> present.put(file.name(), file));
        for (FoundFile file : unknown) {
            Lineage longer = shorter.get(file);
            if (isPackedCopy(file, present)) {
                continue;
            }
            contents.put(file, longer != null && claimed.add(longer.name()) ? cut(file, longer) : fresh(file));
        }
        for (FoundFile file : files) {
            if (file.size() == 0) {
                tellIfEmptied(file);
            }
        }
        List<Content> known = new ArrayList<>();
        contents.values().forEach(content -> {
            if (content != null) {
                known.add(content);
            }
        });
        return known;
    }

    private void learn(Map<String, Offset> progress) throws SourceException {
        for (Map.Entry<String, Offset> entry : progress.entrySet()) {
            SplitId id = SplitId.parse(entry.getKey());
            if (id != null) {
                Lineage lineage = lineages.computeIfAbsent(id.lineage(), Lineage::new);
                lineage.offsets().put(id.range(), offset(entry.getKey(), entry.getValue()));
                byName.computeIfAbsent(id.lineage().file(), n -> new TreeMap<>())
                        .put(id.lineage().generation(), lineage);
            }
        }
    }

    static FileOffset offset(String split, Offset offset) throws SourceException {
        try {
            return FileOffset.parse(offset);
        } catch (IllegalArgumentException e) {
            throw new SourceException(
                    "The progress kept for split " + split + " is \"" + offset
                            + "\", which is not an offset in a file. "
                            + "If the pipeline had another source before, give it another name.",
                    e);
        }
    }

    private boolean claimUnderItsName(FoundFile file, Map<FoundFile, Lineage> shorter) throws SourceException {
        TreeMap<Integer, Lineage> generations = byName.get(file.name());
        if (generations == null) {
            return false;
        }
        try (Probe probe = new Probe(file)) {
            for (Lineage lineage : generations.descendingMap().values()) {
                Match match = match(file, lineage, probe);
                if (match == Match.SAME) {
                    claim(file, lineage, probe);
                    return true;
                } else if (match == Match.SHORTER) {
                    shorter.putIfAbsent(file, lineage);
                }
            }
            return false;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private List<FoundFile> claimRenamed(List<FoundFile> unknown) throws SourceException {
        List<FoundFile> found = new ArrayList<>();
        if (unknown.isEmpty() || claimed.size() == lineages.size()) {
            return found;
        }
        Map<Integer, List<Lineage>> byIdentity = new HashMap<>();
        Map<String, List<Lineage>> byStem = new HashMap<>();
        for (Lineage lineage : lineages.values()) {
            if (!claimed.contains(lineage.name())) {
                byIdentity
                        .computeIfAbsent(lineage.identity(), i -> new ArrayList<>())
                        .addFirst(lineage);
                byStem.computeIfAbsent(stem(lineage.name().file()), s -> new ArrayList<>())
                        .addFirst(lineage);
            }
        }
        for (FoundFile file : unknown) {
            List<Lineage> related = related(file.name(), byStem);
            if (claimFirst(file, byIdentity.getOrDefault(file.identity(), List.of()))
                    || claimFirst(file, related)
                    || claimPacked(file, related)) {
                found.add(file);
            }
        }
        return found;
    }

    /** The lineages whose file's name, without what rotation adds, is the beginning of this one. */
    private static List<Lineage> related(String name, Map<String, List<Lineage>> byStem) {
        List<Lineage> related = new ArrayList<>();
        String lower = name.toLowerCase(Locale.ROOT);
        for (int end = lower.length(); end > lower.lastIndexOf('/') + 1; end--) {
            // Not part-1 and part-10, which are two deliveries.
            if (end == lower.length() || !Character.isLetterOrDigit(lower.charAt(end))) {
                related.addAll(byStem.getOrDefault(lower.substring(0, end), List.of()));
            }
        }
        return related;
    }

    private static String stem(String name) {
        String bare = name.toLowerCase(Locale.ROOT).replaceFirst("(\\.(gz|gzip|zst|zstd|[0-9]{1,9}))+$", "");
        int point = bare.lastIndexOf('.');
        return point > bare.lastIndexOf('/') + 1 ? bare.substring(0, point) : bare;
    }

    private boolean claimFirst(FoundFile file, List<Lineage> candidates) throws SourceException {
        if (candidates.isEmpty()) {
            return false;
        }
        try (Probe probe = new Probe(file)) {
            for (Lineage lineage : candidates) {
                if (!claimed.contains(lineage.name())
                        && lineage.end() > 0
                        && match(file, lineage, probe) == Match.SAME) {
                    claim(file, lineage, probe);
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Looks for content that was read plain and that was compressed since. */
    private boolean claimPacked(FoundFile file, List<Lineage> candidates) throws SourceException {
        if (candidates.isEmpty()) {
            return false;
        }
        try (Probe probe = new Probe(file)) {
            Compression packing = probe.packing(config);
            for (Lineage lineage : candidates) {
                if (packing != Compression.NONE
                        && !claimed.contains(lineage.name())
                        && !lineage.packed()
                        && lineage.end() > 0
                        && PackedLook.holds(file, packing, lineage)) {
                    claim(file, lineage, probe);
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Whether an unknown file is a compressed copy of another: rotation makes one and then deletes the other. */
    private boolean isPackedCopy(FoundFile file, Map<String, FoundFile> byName) throws SourceException {
        int point = file.name().lastIndexOf('.');
        FoundFile plain = point < 0 ? null : byName.get(file.name().substring(0, point));
        if (plain == null || Compression.of(file.name(), new byte[0]) == Compression.NONE) {
            return false;
        }
        try (Probe probe = new Probe(file)) {
            Compression packing = probe.packing(config);
            if (packing == Compression.NONE || !PackedLook.beginsAs(file, packing, plain)) {
                return false;
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        remarks.accept(file.name() + " is a compressed copy of " + plain.name() + ": passed over while that is there.");
        return true;
    }

    private Match match(FoundFile file, Lineage lineage, Probe probe) throws IOException {
        Compression packing = probe.packing(config);
        if (packing == Compression.NONE
                && !lineage.whole()
                && !formats.apply(file.name()).splittable()) {
            return Match.OTHER;
        }
        return lineage.match(file, packing, probe, sizes);
    }

    private void claim(FoundFile file, Lineage lineage, Probe probe) throws IOException {
        claimed.add(lineage.name());
        Compression packing = probe.packing(config);
        contents.put(file, new Content(file, lineage, packing, formats.apply(file.name()), lineage.whole()));
    }

    /** A file that is a beginning of what was read of it. */
    private Content cut(FoundFile file, Lineage longer) throws SourceException {
        try (Probe probe = new Probe(file)) {
            Compression packing = probe.packing(config);
            Format format = formats.apply(file.name());
            Content content = new Content(file, longer, packing, format, longer.whole());
            String was = file.name() + " is shorter than what was read of it: it has " + file.size() + " bytes, and "
                    + longer.end() + " had been read. What is left is the beginning of that";
            if (packing != Compression.NONE || !content.splits(sizes).isEmpty()) {
                remarks.accept(was + ".");
                return content;
            }
            // What is added from now on is not what was there before: a generation of its own, which begins here.
            Lineage next = new Lineage(nextName(file));
            remarks.accept(
                    was + ", so nothing is read again. Lines that are added will be read as " + next.name() + ".");
            Ending ending = probe.endsLine() ? Ending.LINE : Ending.OPEN;
            return new Content(file, next, packing, format, longer.whole(), file.size(), ending);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private Content fresh(FoundFile file) throws SourceException {
        Lineage lineage = new Lineage(nextName(file));
        TreeMap<Integer, Lineage> before = byName.get(file.name());
        if (before != null) {
            Lineage last = before.lastEntry().getValue();
            String now = contents.values().stream()
                    .filter(c -> c != null && c.lineage().name().equals(last.name()))
                    .map(c -> "was renamed to " + c.file().name() + "; the new " + file.name())
                    .findFirst()
                    .orElse("was replaced: it does not hold what had been read of it (" + last.end() + " bytes). It");
            remarks.accept(file.name() + " " + now + " is read from its beginning, as " + lineage.name() + ".");
        }
        try (Probe probe = new Probe(file)) {
            Compression packing = probe.packing(config);
            Format format = formats.apply(file.name());
            return new Content(file, lineage, packing, format, packing != Compression.NONE || !format.splittable());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private SplitId.Name nextName(FoundFile file) {
        TreeMap<Integer, Lineage> before = byName.get(file.name());
        return new SplitId.Name(file.name(), before == null ? 1 : before.lastKey() + 1);
    }

    private void tellIfEmptied(FoundFile file) {
        TreeMap<Integer, Lineage> before = byName.get(file.name());
        if (before != null && !claimed.contains(before.lastEntry().getValue().name())) {
            Lineage last = before.lastEntry().getValue();
            remarks.accept(
                    file.name() + " is empty now; " + last.end() + " bytes of it had been read. What is written to "
                            + "it from now on will be read as " + nextName(file) + ".");
        }
    }

    private static SourceException unreadable(FoundFile file, IOException e) {
        return e instanceof NoSuchFileException
                ? Unreadable.gone(file.name(), file.path(), e)
                : Unreadable.refused(file.name(), file.path(), e);
    }
}
