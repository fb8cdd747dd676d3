package io.millrace.server.remote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The files that came with one answer.
 *
 * @param files by their paths, which have slashes and stay below the folder
 */
record Bundle(NavigableMap<String, byte[]> files) {

    static final int MOST_BYTES = 64 << 20;
    private static final int MOST_FILES = 10_000;
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] EMPTY_ZIP = {'P', 'K', 5, 6};

    /**
     * Reads a ZIP archive of a folder, or a single pipeline file. Where an archive has all its files in one folder, as
     * those of repositories have, that folder is left out.
     *
     * @param name what a single file is called
     * @throws IOException where it is neither, or holds more than a folder of pipelines would; the message ends a sentence
     */
    static Bundle of(byte[] body, String name) throws IOException {
        if (startsWith(body, ZIP) || startsWith(body, EMPTY_ZIP)) {
            return new Bundle(withoutCommonFolder(unzip(body)));
        }
        String start = new String(body, 0, Math.min(body.length, 512), StandardCharsets.UTF_8).stripLeading();
        if (start.isEmpty() || start.startsWith("<") || start.indexOf('\0') >= 0) {
            throw new IOException("it is neither a ZIP archive of a folder nor a pipeline file");
        }
        NavigableMap<String, byte[]> one = new TreeMap<>();
        one.put(name, body);
        return new Bundle(one);
    }

    private static boolean startsWith(byte[] body, byte[] start) {
        return body.length >= start.length && Arrays.equals(body, 0, start.length, start, 0, start.length);
    }

    private static NavigableMap<String, byte[]> unzip(byte[] body) throws IOException {
        NavigableMap<String, byte[]> files = new TreeMap<>();
        long bytes = 0;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(body))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.isDirectory()) {
                    continue;
                }
                byte[] content = zip.readNBytes((int) (MOST_BYTES - bytes + 1));
                bytes += content.length;
                if (bytes > MOST_BYTES || files.size() == MOST_FILES) {
                    throw new IOException("it holds more than " + (MOST_BYTES >> 20) + " MiB or " + MOST_FILES
                            + " files, which no folder of pipelines does");
                }
                files.put(safe(entry.getName()), content);
            }
        }
        return files;
    }

    /** An archive may name any path; only those below the folder are taken. */
    private static String safe(String name) throws IOException {
        String slashes = name.replace('\\', '/');
        Path path;
        try {
            path = Path.of(slashes);
        } catch (InvalidPathException e) {
            throw new IOException("it has a file with a name that is not possible here", e);
        }
        boolean up = false;
        for (Path part : path) {
            up |= part.toString().equals("..");
        }
        if (path.isAbsolute() || up || slashes.isEmpty()) {
            throw new IOException("it has a file outside of its folder: " + name);
        }
        return path.normalize().toString();
    }

    private static NavigableMap<String, byte[]> withoutCommonFolder(NavigableMap<String, byte[]> files) {
        if (files.isEmpty()) {
            return files;
        }
        String first = files.firstKey();
        String folder = first.substring(0, first.indexOf('/') + 1);
        if (folder.isEmpty() || !files.keySet().stream().allMatch(name -> name.startsWith(folder))) {
            return files;
        }
        NavigableMap<String, byte[]> inner = new TreeMap<>();
        files.forEach((name, content) -> inner.put(name.substring(folder.length()), content));
        return inner;
    }
}
