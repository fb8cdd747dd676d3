package io.millrace.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A disk whose forces of segments can be held up, and that can be told to fail. Thread-safe; guarded by its monitor.
 */
final class BrakedDisk implements ChannelOpener {
    private boolean holding;
    private boolean held;
    private int forces;
    private @Nullable String failingForce;
    private boolean failingOnce;
    private @Nullable String failingWrite;
    private @Nullable String failingTruncate;
    private int bytesBeforeFailure;

    @Override
    public FileChannel open(Path path, OpenOption... options) throws IOException {
        return new Channel(FileChannel.open(path, options), path.toString());
    }

    synchronized void hold() {
        holding = true;
        held = false;
    }

    synchronized void awaitHeld() throws InterruptedException {
        while (!held) {
            wait();
        }
    }

    synchronized void release() {
        holding = false;
        notifyAll();
    }

    synchronized int forces() {
        return forces;
    }

    /** From now on forces of files whose names end so fail; null for none. */
    synchronized void failForce(@Nullable String suffix) {
        failingForce = suffix;
    }

    /** The next force of a file whose name ends so fails, and only that. */
    synchronized void failNextForce(String suffix) {
        failingForce = suffix;
        failingOnce = true;
    }

    /** From now on writes to files whose names end so fail, when so many bytes are written; null for none. */
    synchronized void failWrite(@Nullable String suffix, int afterBytes) {
        failingWrite = suffix;
        bytesBeforeFailure = afterBytes;
    }

    /** From now on files whose names end so can't be cut; null for none. */
    synchronized void failTruncate(@Nullable String suffix) {
        failingTruncate = suffix;
    }

    private synchronized void force(String path) throws IOException {
        if (path.endsWith(".clients")) {
            return;
        }
        forces++;
        held = held || holding;
        notifyAll();
        boolean interrupted = false;
        while (holding) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failingForce != null && path.endsWith(failingForce)) {
            failingForce = failingOnce ? null : failingForce;
            failingOnce = false;
            throw new IOException("Input/output error");
        }
    }

    /** How many of the bytes may be written before it fails; all where it does not. */
    private synchronized int allowed(String path, int bytes) {
        return failingWrite != null && path.endsWith(failingWrite) ? Math.min(bytes, bytesBeforeFailure) : bytes;
    }

    private synchronized void truncating(String path) throws IOException {
        if (failingTruncate != null && path.endsWith(failingTruncate)) {
            throw new IOException("Input/output error");
        }
    }

    private final class Channel extends ForwardingChannel {
        private final String path;

        Channel(FileChannel to, String path) {
            super(to);
            this.path = path;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            BrakedDisk.this.force(path);
            super.force(metaData);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            int allowed = allowed(path, source.remaining());
            if (allowed == source.remaining()) {
                return super.write(source, position);
            }
            ByteBuffer part = source.duplicate().limit(source.position() + allowed);
            super.write(part, position);
            throw new IOException("No space left on device");
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            truncating(path);
            return super.truncate(size);
        }
    }
}
