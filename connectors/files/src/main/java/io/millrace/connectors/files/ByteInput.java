package io.millrace.connectors.files;

import io.millrace.formats.Compression;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** The bytes of one file in order, unpacked. Used by one thread. */
sealed interface ByteInput extends Closeable {

    /** Reads at least one byte, or tells the end with -1. */
    int read(byte[] into, int from, int length) throws IOException;

    /** How many bytes of the file itself have been read, packed where it is packed. */
    long fileBytes();

    /** The file itself, for a look at other places of it. */
    FileChannel channel();

    @Override
    default void close() throws IOException {
        channel().close();
    }

    /** A plain file from a position on. */
    final class Plain implements ByteInput {
        private final FileChannel channel;
        private long position;

        Plain(FileChannel channel, long position) {
            this.channel = channel;
            this.position = position;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int read = channel.read(ByteBuffer.wrap(into, from, length), position);
            position += Math.max(read, 0);
            return read;
        }

        @Override
        public long fileBytes() {
            return position;
        }

        @Override
        public FileChannel channel() {
            return channel;
        }
    }

    /** A compressed file from its beginning. */
    final class Unpacked implements ByteInput {
        private final FileChannel channel;
        private final Compression packing;
        private final Counted counted;
        private @Nullable InputStream unpacked;

        Unpacked(FileChannel channel, Compression packing) {
            this.channel = channel;
            this.packing = packing;
            this.counted = new Counted(Channels.newInputStream(channel));
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (unpacked == null) {
                unpacked = packing.open(counted);
            }
            return unpacked.read(into, from, length);
        }

        @Override
        public long fileBytes() {
            return counted.bytes;
        }

        @Override
        public FileChannel channel() {
            return channel;
        }

        @Override
        public void close() throws IOException {
            try {
                if (unpacked != null) {
                    unpacked.close();
                }
            } finally {
                channel.close();
            }
        }
    }

    /** Counts what is read through it. */
    final class Counted extends FilterInputStream {
        private long bytes;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            bytes += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int read = super.read(into, from, length);
            bytes += Math.max(read, 0);
            return read;
        }
    }
}
