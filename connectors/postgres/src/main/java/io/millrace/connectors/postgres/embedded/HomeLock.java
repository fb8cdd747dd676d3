package io.millrace.connectors.postgres.embedded;

import io.millrace.api.SinkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Keeps a second process away from a data folder. The operating system lets go of it when the process ends, in whatever
 * way it ends; the file then still names the process that held it last.
 */
final class HomeLock implements AutoCloseable {

    private static final Duration GRACE = Duration.ofMillis(500);
    private static final long POLL_MILLIS = 10;

    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock or says who has it.
     *
     * @param folder the folder to keep others away from; it exists
     */
    static HomeLock take(Path folder) throws SinkException, InterruptedException {
        Path file = folder.resolve("lock");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (locked(channel)) {
                    channel.truncate(0);
                    channel.write(
                            ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
                            0);
                    return new HomeLock(channel);
                }
            } catch (IOException | InterruptedException e) {
                channel.close();
                throw e;
            }
            channel.close();
            throw new SinkException("The data folder " + folder + " is in use by " + holder(file)
                    + ". Wait until it ends or stop it, or use a folder of your own with --home.");
        } catch (IOException e) {
            throw Folders.failure("The data folder " + folder + " could not be locked", e);
        }
    }

    /** Waits a moment: a process that was just killed holds its locks until it is taken apart. */
    private static boolean locked(FileChannel channel) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + GRACE.toNanos();
        while (channel.tryLock() == null) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }

    private static String holder(Path file) throws IOException {
        String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "another process" : "process " + pid;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
