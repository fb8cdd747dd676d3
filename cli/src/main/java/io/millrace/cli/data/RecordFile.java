package io.millrace.cli.data;

import io.millrace.formats.Compression;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Opens files of records through their compression. */
public final class RecordFile {

    /** The longest record, in bytes; a longer one is passed over, and told. */
    public static final int MAX_RECORD_BYTES = 1 << 24;

    private RecordFile() {}

    /**
     * Opens a file, or the standard input where the name is {@code -}.
     *
     * @param input the standard input
     */
    public static InputStream open(String name, InputStream input) throws IOException {
        if (name.equals("-")) {
            return unpacked("", input);
        }
        InputStream stream = Files.newInputStream(Path.of(name));
        try {
            return unpacked(name, stream);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    private static InputStream unpacked(String name, InputStream stream) throws IOException {
        byte[] head = new byte[Compression.MAGIC_BYTES];
        int length = stream.readNBytes(head, 0, head.length);
        byte[] first = Arrays.copyOf(head, length);
        return Compression.of(name, first).open(new SequenceInputStream(new ByteArrayInputStream(first), stream));
    }

    /** Whether a file is CSV by its name. */
    public static boolean isCsv(String name) {
        return name.toLowerCase(Locale.ROOT).matches(".*\\.csv(\\.(gz|gzip|zst|zstd))?");
    }
}
