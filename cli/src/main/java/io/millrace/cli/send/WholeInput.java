package io.millrace.cli.send;

import io.millrace.formats.Compression;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads a file from its beginning to its end, through its compression. Not thread-safe. */
final class WholeInput implements Closeable {

    static final int CHUNK_BYTES = 1 << 16;

    private final InputStream stream;
    private final byte[] chunk = new byte[CHUNK_BYTES];

    private WholeInput(InputStream stream) {
        this.stream = stream;
    }

    static WholeInput open(Path file, Tally tally) throws IOException {
        InputStream stream = Files.newInputStream(file);
        try {
            return new WholeInput(unpacked(file.toString(), stream, tally));
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    Piece next() throws IOException {
        int length = stream.read(chunk);
        return length < 0 ? new Piece.End() : new Piece.Bytes(chunk, length);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    /**
     * A stream through its compression, which its first bytes tell, or else its name.
     *
     * @param tally is told how many bytes are read before they are unpacked
     */
    static InputStream unpacked(String name, InputStream stream, Tally tally) throws IOException {
        InputStream counted = new CountedStream(stream, tally);
        byte[] head = new byte[Compression.MAGIC_BYTES];
        int length = 0;
        // No magic number has a newline in it, and a short line must not wait for the next one.
        while (length < head.length && (length == 0 || head[length - 1] != '\n')) {
            int read = counted.read();
            if (read < 0) {
                break;
            }
            head[length++] = (byte) read;
        }
        byte[] first = Arrays.copyOf(head, length);
        // Not a PushbackInputStream: that one gives nothing of what was pushed back before it has read more.
        return Compression.of(name, first).open(new SequenceInputStream(new ByteArrayInputStream(first), counted));
    }
}
