package io.millrace.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** Names of the files of a partition's segments, and what is there of them. */
final class Segments {
    static final String DATA = ".ndjson";
    static final String INDEX = ".index";

    private static final int DIGITS = 20;
    private static final Pattern DATA_NAME = Pattern.compile("\\d{20}\\.ndjson");
    private static final Pattern INDEX_NAME = Pattern.compile("\\d{20}\\.index");

    private Segments() {}

    static String name(long offset, String suffix) {
        String digits = Long.toString(offset);
        return "0".repeat(DIGITS - digits.length()) + digits + suffix;
    }

    static Path data(Path partition, long start) {
        return partition.resolve(name(start, DATA));
    }

    static Path index(Path partition, long start) {
        return partition.resolve(name(start, INDEX));
    }

    /** The starts of the segments that are there, ascending. */
    static long[] starts(Path partition) throws IOException {
        return list(partition, DATA_NAME);
    }

    /** The starts of the index files that are there, ascending. */
    static long[] indexes(Path partition) throws IOException {
        return list(partition, INDEX_NAME);
    }

    private static long[] list(Path partition, Pattern pattern) throws IOException {
        LongStream.Builder starts = LongStream.builder();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(partition)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (pattern.matcher(name).matches()) {
                    starts.add(Long.parseLong(name, 0, DIGITS, 10));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException e) {
            throw new LogException("There is no partition at " + partition, e);
        }
        return starts.build().sorted().toArray();
    }

    /** The index of the last start that is not after the offset; -1 where there is none. */
    static int floor(long[] starts, long offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found >= 0 ? found : -found - 2;
    }

    /** Makes what was created, renamed or deleted in a folder survive a crash of the machine. */
    static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Creates a folder and those above it where they are missing, so that they survive a crash of the machine. */
    static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path above = folder.toAbsolutePath().getParent();
        if (above != null) {
            createFolder(above);
        }
        try {
            Files.createDirectory(folder);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
        if (above != null) {
            forceFolder(above);
        }
    }
}
