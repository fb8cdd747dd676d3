package io.millrace.connectors.files;

import io.millrace.formats.Compression;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A few looks into a file, which is opened with the first of them. Used by one thread. */
final class Probe implements Closeable {
    private final FoundFile file;
    private final byte[] bytes = new byte[Fingerprint.WINDOW];
    private @Nullable FileChannel channel;

    Probe(FoundFile file) {
        this.file = file;
    }

    /** The {@link Fingerprint} of the bytes before a position, which the file must reach. */
    long before(long position) throws IOException {
        int length = (int) Math.min(Fingerprint.WINDOW, position);
        int read = read(channel(), bytes, length, position - length);
        return Fingerprint.of(bytes, 0, read);
    }

    /** Whether the file, being shorter than what was read of it, is a beginning of that. */
    Fingerprint.Verdict compareHead(String head) throws IOException {
        int length = read(channel(), bytes, (int) Math.min(Fingerprint.WINDOW, file.size()), 0);
        return Fingerprint.compare(head, bytes, length);
    }

    Compression packing(FilesConfig config) throws IOException {
        Compression told = config.toldCompression();
        if (told != null) {
            return told;
        }
        int length = read(channel(), bytes, Compression.MAGIC_BYTES, 0);
        return Compression.of(file.name(), Arrays.copyOf(bytes, length));
    }

    /** Whether the last byte is a newline. */
    boolean endsLine() throws IOException {
        return read(channel(), bytes, 1, file.size() - 1) == 1 && bytes[0] == '\n';
    }

    private FileChannel channel() throws IOException {
        if (channel == null) {
            channel = FileChannel.open(file.path(), StandardOpenOption.READ);
        }
        return channel;
    }

    /** Reads up to {@code length} bytes; fewer only where the file ends. */
    static int read(FileChannel channel, byte[] into, int length, long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                break;
            }
        }
        return buffer.position();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
