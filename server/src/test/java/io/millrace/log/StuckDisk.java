package io.millrace.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.InstantSource;

/** A disk that can be held up: no segment is begun meanwhile. Thread-safe; guarded by its monitor. */
public final class StuckDisk implements AutoCloseable {

    private boolean holding;
    private boolean held;

    /** A log on it, with a segment for each group of appends. */
    public Log open(Path folder, LogOptions options) throws IOException {
        return Log.openForWriting(
                folder, options.withSegmentBytes(1), InstantSource.system(), event -> {}, this::openFile);
    }

    public synchronized void hold() {
        holding = true;
        held = false;
    }

    /** Waits until something waits for the disk. */
    public synchronized void awaitHeld() throws InterruptedException {
        while (!held) {
            wait();
        }
    }

    public synchronized void release() {
        holding = false;
        notifyAll();
    }

    /** Nothing waits for it for ever. */
    @Override
    public void close() {
        release();
    }

    private FileChannel openFile(Path path, OpenOption... options) throws IOException {
        pass();
        return FileChannel.open(path, options);
    }

    private synchronized void pass() throws IOException {
        while (holding) {
            held = true;
            notifyAll();
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while the disk was held up", e);
            }
        }
    }
}
