package io.millrace.formats;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** How an input is compressed. */
public enum Compression {
    NONE,
    /** RFC 1952, with any number of members. */
    GZIP,
    /** RFC 8878, with any number of frames. */
    ZSTD;

    /** As many first bytes as {@link #of} looks at. */
    public static final int MAGIC_BYTES = 4;

    private static final int GZIP_MAGIC = 0x8b1f;
    private static final int ZSTD_MAGIC = 0xfd2fb528;
    /** Frames that hold no data: 0x184D2A50 to 0x184D2A5F. */
    private static final int ZSTD_SKIPPABLE = 0x184d2a50;

    /**
     * Tells the compression of an input. Its first bytes decide where they are those of a compressed one, its name
     * otherwise: an input that is named like a compressed one and is none is then found to be damaged when it is read.
     *
     * @param name the name of the file, with any folders
     * @param head its first bytes, {@link #MAGIC_BYTES} of them where there are as many
     */
    public static Compression of(String name, byte[] head) {
        int magic = 0;
        for (int i = Math.min(head.length, MAGIC_BYTES) - 1; i >= 0; i--) {
            magic = (magic << 8) | (head[i] & 0xff);
        }
        if ((magic & 0xffff) == GZIP_MAGIC) {
            return GZIP;
        }
        if (magic == ZSTD_MAGIC || (magic & 0xfffffff0) == ZSTD_SKIPPABLE) {
            return ZSTD;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".gz") || lower.endsWith(".gzip")) {
            return GZIP;
        }
        return lower.endsWith(".zst") || lower.endsWith(".zstd") ? ZSTD : NONE;
    }

    /**
     * Reads an input through this compression. The stream that is returned throws a {@link DamagedInputException} where
     * the input is cut short or damaged, after it handed over all bytes before that place. Closing it closes the input.
     *
     * @param compressed the input from its beginning; it needs no buffer
     */
    public InputStream open(InputStream compressed) throws IOException {
        return switch (this) {
            case NONE -> compressed;
            case GZIP -> new GzipStream(compressed);
            case ZSTD -> new ZstdStream(compressed);
        };
    }
}
