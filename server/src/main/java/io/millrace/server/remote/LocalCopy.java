package io.millrace.server.remote;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The last good files of a URL, on disk: what the server starts with while the URL can't be reached. Used by one thread. */
final class LocalCopy {

    private final Path folder;
    private final Path staging;
    private final Path tag;

    private LocalCopy(Path base) {
        this.folder = base.resolve("files");
        this.staging = base.resolve("checked");
        this.tag = base.resolve("etag");
    }

    /** @param home where Millrace keeps everything of its own */
    static LocalCopy of(String url, Path home) throws IOException {
        LocalCopy copy = new LocalCopy(home.resolve("remote").resolve(name(url)));
        Files.createDirectories(copy.folder);
        return copy;
    }

    /** A URL may hold what nobody should read in a list of files. */
    private static String name(String url) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(url.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    Path folder() {
        return folder;
    }

    /** Whether there are files from an earlier answer. */
    boolean isThere() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isPresent();
        }
    }

    /** What tells this version from others, as its server said; empty where it said nothing. */
    Optional<String> tag() throws IOException {
        try {
            return isThere() ? Optional.of(Files.readString(tag)).filter(text -> !text.isEmpty()) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Writes files beside the copy, to be looked at before they are taken. */
    Path stage(Bundle bundle) throws IOException {
        remove(staging);
        Files.createDirectories(staging);
        for (var file : bundle.files().entrySet()) {
            Path path = staging.resolve(file.getKey());
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            Files.write(path, file.getValue());
        }
        return staging;
    }

    /**
     * Takes the staged files in the place of those that are there. Whoever is killed in the middle finds no tag, and so
     * asks for everything again.
     */
    void take(Bundle bundle, Optional<String> newTag) throws IOException {
        Files.deleteIfExists(tag);
        // Pipeline files last: when one of them is looked at, what it refers to is there.
        List<String> names = new ArrayList<>(bundle.files().keySet());
        names.sort(Comparator.comparing(LocalCopy::isYaml).thenComparing(name -> name));
        for (String name : names) {
            Path to = folder.resolve(name);
            if (!same(to, Objects.requireNonNull(bundle.files().get(name)))) {
                if (Files.isDirectory(to)) {
                    remove(to);
                }
                clearTheWayTo(to);
                Files.move(staging.resolve(name), to, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        for (Path file : filesBelow(folder)) {
            if (!bundle.files().containsKey(folder.relativize(file).toString())) {
                Files.delete(file);
            }
        }
        remove(staging);
        if (newTag.isPresent()) {
            Files.writeString(tag, newTag.get());
        }
    }

    private static boolean isYaml(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    private static boolean same(Path file, byte[] content) throws IOException {
        return Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), content);
    }

    /** What was a file may be a folder now. */
    private void clearTheWayTo(Path file) throws IOException {
        Path below = folder;
        for (Path part : folder.relativize(Objects.requireNonNull(file.getParent()))) {
            below = below.resolve(part);
            if (Files.isRegularFile(below)) {
                Files.delete(below);
            }
        }
        Files.createDirectories(file.getParent());
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            // What is in a folder before the folder.
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
