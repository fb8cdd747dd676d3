package io.millrace.connectors.files;

import io.millrace.api.Kept;
import io.millrace.api.Projection;
import io.millrace.api.SourceException;
import io.millrace.api.SplitReader;
import io.millrace.formats.Csv;
import io.millrace.formats.Format;
import io.millrace.formats.KeptReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of files again that were kept aside. JSON says all by itself. A row of CSV means nothing without the names
 * of its columns; where the file itself gives them it must still be there, under whatever name, and it is the right one only
 * where it still holds the record at its place.
 */
final class Rereading {
    private final FilesConfig config;
    private final Path folder;
    private final Sizes sizes;

    Rereading(FilesConfig config, Path folder, Sizes sizes) {
        this.config = config;
        this.folder = folder;
        this.sizes = sizes;
    }

    SplitReader open(String split, List<Kept> records, Projection projection) throws IOException {
        String file = file(split);
        Format format = config.formatOf(file);
        byte[] header = !records.isEmpty() && format instanceof Csv csv && csv.header()
                ? header(file, format, records)
                : new byte[0];
        try {
            return new KeptReader(format, header, records, projection, KeptReader.Surroundings.NONE);
        } catch (IllegalArgumentException e) {
            throw new SourceException(file + ": " + e.getMessage(), e);
        }
    }

    /** The name of the file that a split is of, as it was when its content was first seen. */
    static String file(String split) {
        SplitId id = SplitId.parse(split);
        return id == null ? split : id.lineage().file();
    }

    private byte[] header(String file, Format format, List<Kept> records) throws IOException {
        Kept first = records.stream()
                .min(Comparator.comparingLong(Rereading::position))
                .orElseThrow();
        List<FoundFile> candidates = new ArrayList<>();
        try {
            candidates.addAll(FileSearch.find(folder, config.path(), remark -> {}));
        } catch (SourceException e) {
            throw gone(file, e);
        }
        // Most likely it still has its name.
        candidates.sort(Comparator.comparing(found -> !found.name().equals(file)));
        @Nullable IOException unreadable = null;
        for (FoundFile candidate : candidates) {
            try {
                if (holds(candidate, first)) {
                    return header(candidate, format);
                }
            } catch (SourceException e) {
                throw e;
            } catch (IOException e) {
                unreadable = e;
            }
        }
        throw gone(file, unreadable);
    }

    private static SourceException gone(String file, @Nullable IOException cause) {
        String message = "The names of the columns of " + file
                + " are in the file, which is gone or was changed: no file that the"
                + " pipeline reads has these records at their places. Put it back; or say the columns in the"
                + " pipeline file (csv: { header: false, columns: [...] }) and replay again.";
        return cause == null ? new SourceException(message) : new SourceException(message, cause);
    }

    private static long position(Kept record) {
        try {
            return Long.parseLong(record.position());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private boolean holds(FoundFile file, Kept record) throws IOException {
        byte[] arrived = record.asItArrived();
        try (InputStream in = open(file)) {
            in.skipNBytes(position(record));
            return Arrays.equals(in.readNBytes(arrived.length), arrived);
        } catch (EOFException e) {
            // It is shorter than the place of the record.
            return false;
        }
    }

    private byte[] header(FoundFile file, Format format) throws IOException {
        for (int size = Fingerprint.WINDOW; ; size *= 2) {
            try (InputStream in = open(file)) {
                byte[] bytes = in.readNBytes(size);
                int length = format.headerLength(bytes, bytes.length, bytes.length < size);
                if (length >= 0) {
                    return Arrays.copyOf(bytes, length);
                }
                if (size > sizes.maxRecordBytes()) {
                    throw new SourceException(file.name() + " has a first line of more than " + sizes.maxRecordBytes()
                            + " bytes, which is too long for the names of columns.");
                }
            }
        }
    }

    private InputStream open(FoundFile file) throws IOException {
        InputStream plain = Files.newInputStream(file.path());
        try (Probe probe = new Probe(file)) {
            return switch (probe.packing(config)) {
                case NONE -> plain;
                case GZIP, ZSTD -> probe.packing(config).open(plain);
            };
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }
}
