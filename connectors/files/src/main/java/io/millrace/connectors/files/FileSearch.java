package io.millrace.connectors.files;

import io.millrace.api.Nearest;
import io.millrace.api.SourceException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that a configured path means. A file that several links lead to is found once. Folders are searched
 * through links too, but never one inside itself.
 */
final class FileSearch {
    private final Path folder;
    private final String configured;
    private final Consumer<String> remarks;
    private final Map<String, FoundFile> found = new TreeMap<>();
    private int foldersMatched;

    private FileSearch(Path folder, String configured, Consumer<String> remarks) {
        this.folder = folder;
        this.configured = configured;
        this.remarks = remarks;
    }

    /**
     * The files, by name.
     *
     * @param folder what a relative path is relative to
     * @param remarks told of what was matched and passed over
     * @throws SourceException where there is none, or one that can't be a source
     */
    static Collection<FoundFile> find(Path folder, String configured, Consumer<String> remarks) throws SourceException {
        return new FileSearch(folder, configured, remarks).find();
    }

    private Collection<FoundFile> find() throws SourceException {
        Path literal = path(configured);
        if (!PathPattern.isPattern(configured) || Files.exists(literal, LinkOption.NOFOLLOW_LINKS)) {
            String name = literal.isAbsolute() && Path.of(configured).isAbsolute()
                    ? literal.normalize().toString()
                    : Path.of(configured).normalize().toString();
            return List.of(single(name, literal));
        }
        for (PathPattern pattern : PathPattern.of(configured)) {
            Path start = pattern.absolute() ? Path.of("/") : folder;
            search(start, pattern.absolute() ? "/" : "", pattern.segments(), 0, new HashSet<>());
        }
        if (found.isEmpty()) {
            throw nothing();
        }
        return onceEach();
    }

    private Path path(String text) throws SourceException {
        try {
            return folder.resolve(text);
        } catch (InvalidPathException e) {
            throw new SourceException(
                    "The path " + text + " can't be a path here: " + e.getReason()
                            + ". If it has letters beyond ASCII, run with a UTF-8 locale, such as LC_ALL=C.UTF-8.",
                    e);
        }
    }

    private FoundFile single(String name, Path path) throws SourceException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? Unreadable.refused(name, path, e) : missing(path, e);
        } catch (IOException e) {
            throw Unreadable.refused(name, path, e);
        }
        if (attributes.isDirectory()) {
            throw Unreadable.folder(configured, path);
        } else if (!attributes.isRegularFile()) {
            throw Unreadable.special(name, path);
        }
        return FoundFile.of(name, path, attributes);
    }

    /** @param above the folders (by key) that lead here, against links that go round */
    private void search(Path in, String prefix, List<PathPattern.Segment> segments, int index, Set<Object> above)
            throws SourceException {
        PathPattern.Segment segment = segments.get(index);
        boolean last = index == segments.size() - 1;
        if (segment.literal() != null && !last) {
            search(in.resolve(segment.literal()), prefix + segment.literal() + "/", segments, index + 1, above);
            return;
        }
        if (segment.anyFolders()) {
            search(in, prefix, segments, index + 1, above);
        }
        for (Path entry : entries(in, prefix)) {
            String name = entry.getFileName().toString();
            if (!segment.matches(name)) {
                continue;
            }
            BasicFileAttributes attributes = attributes(entry);
            if (attributes == null) {
                remarks.accept(prefix + name + " is a link that leads to no file: passed over.");
            } else if (attributes.isDirectory()) {
                if (last) {
                    foldersMatched++;
                } else if (attributes.fileKey() == null || above.add(attributes.fileKey())) {
                    search(entry, prefix + name + "/", segments, segment.anyFolders() ? index : index + 1, above);
                    above.remove(attributes.fileKey());
                }
            } else if (last && attributes.isRegularFile()) {
                found.put(prefix + name, FoundFile.of(prefix + name, entry, attributes));
            } else if (last) {
                remarks.accept(prefix + name + " is a pipe, a socket or a device: passed over.");
            }
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path entry) {
        try {
            return Files.readAttributes(entry, BasicFileAttributes.class);
        } catch (IOException e) {
            // A dangling or circular link, or an entry that is gone since the folder was listed.
            return null;
        }
    }

    private List<Path> entries(Path in, String prefix) throws SourceException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(in)) {
            stream.forEach(entries::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            // No such folder: nothing in it matches. If nothing else does either, the message says so.
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw Unreadable.refused(prefix.isEmpty() ? "." : prefix, in, new IOException(e));
        } catch (IOException e) {
            throw Unreadable.refused(prefix.isEmpty() ? "." : prefix, in, e);
        }
        return entries;
    }

    /** Leaves out further names of a file: a name that is no link stays, else the first. */
    private Collection<FoundFile> onceEach() {
        Map<Object, FoundFile> byKey = new HashMap<>();
        for (FoundFile file : List.copyOf(found.values())) {
            FoundFile other = file.key() == null ? null : byKey.putIfAbsent(file.key(), file);
            if (other != null) {
                boolean better = Files.isSymbolicLink(other.path()) && !Files.isSymbolicLink(file.path());
                FoundFile kept = better ? file : other;
                FoundFile left = better ? other : file;
                byKey.put(file.key(), kept);
                found.remove(left.name());
                remarks.accept(left.name() + " is another name of " + kept.name() + ": it is read once.");
            }
        }
        return found.values();
    }

    private SourceException missing(Path path, IOException cause) {
        return new SourceException("There is no file " + configured + " (" + path + ")." + nearest(path), cause);
    }

    private SourceException nothing() {
        String where = Path.of(configured).isAbsolute() ? "" : " in " + folder;
        String reason = foldersMatched > 0 ? " It matches folders only; to read the files in them, add /*." : "";
        int slash = configured.lastIndexOf('/', firstWildcard());
        Path base = folder.resolve(slash < 0 ? "" : slash == 0 ? "/" : configured.substring(0, slash));
        String there;
        if (!Files.isDirectory(base)) {
            there = nearest(base);
        } else {
            List<String> names = names(base, true);
            there = names.isEmpty()
                    ? " " + base + " holds no files."
                    : " " + base + " holds " + String.join(", ", names.subList(0, Math.min(5, names.size())))
                            + (names.size() > 5 ? " and " + (names.size() - 5) + " more." : ".");
        }
        return new SourceException("No file matches " + configured + where + "." + reason + there);
    }

    private int firstWildcard() {
        int first = configured.length();
        for (char wildcard : new char[] {'*', '?', '{'}) {
            int at = configured.indexOf(wildcard);
            first = at >= 0 ? Math.min(first, at) : first;
        }
        return first;
    }

    /** What is there instead of a path that is not: near names in its folder, or the folder that is missing. */
    private static String nearest(Path missing) {
        Path path = missing.toAbsolutePath().normalize();
        Path parent = path.getParent();
        while (parent != null && !Files.isDirectory(parent)) {
            path = parent;
            parent = path.getParent();
        }
        if (parent == null || path.getFileName() == null) {
            return "";
        }
        String absent =
                path.equals(missing.toAbsolutePath().normalize()) ? "" : " The folder " + path + " does not exist.";
        return absent + Nearest.didYouMean(path.getFileName().toString(), names(parent, false));
    }

    private static List<String> names(Path folder, boolean filesOnly) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path entry : stream) {
                if (!filesOnly || Files.isRegularFile(entry)) {
                    names.add(entry.getFileName().toString());
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Only a hint in a message about something else is lost.
            return List.of();
        }
        names.sort(null);
        return names;
    }
}
