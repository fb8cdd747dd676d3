package io.millrace.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The right to write to the partitions of one number, held by a lock on a file that the operating system frees when the
 * process ends, however it ends.
 *
 * <p>A lock belongs to the process, and closing <em>any</em> channel of the file frees it (POSIX). So nobody may open the
 * lock file of a slot that this process holds: beside it lies a file that says whose it is, which is looked at first.
 */
final class Slot implements Closeable {
    private static final String FOLDER = ".slots";
    private static final int MAX_SLOTS = 1000;

    private final int number;
    private final Path owner;
    private final FileChannel channel;

    private Slot(int number, Path owner, FileChannel channel) {
        this.number = number;
        this.owner = owner;
        this.channel = channel;
    }

    int number() {
        return number;
    }

    /** Takes the first free slot of a log, which is made where it does not exist. */
    static Slot take(Path log) throws IOException {
        Path folder = log.resolve(FOLDER);
        Segments.createFolder(folder);
        // The monitor keeps threads of this process apart, the lock processes.
        synchronized (Slot.class) {
            try (FileChannel turn = open(folder.resolve("turn.lock"))) {
                turn.lock();
                makeId(log);
                for (int i = 0; i < MAX_SLOTS; i++) {
                    Path owner = folder.resolve(i + ".owner");
                    if (isMine(owner)) {
                        continue;
                    }
                    FileChannel channel = open(folder.resolve(i + ".lock"));
                    FileLock lock = channel.tryLock();
                    if (lock != null) {
                        try {
                            Files.writeString(owner, me());
                        } catch (IOException e) {
                            channel.close();
                            throw e;
                        }
                        return new Slot(i, owner, channel);
                    }
                    channel.close();
                }
            }
        }
        throw new LogException(MAX_SLOTS + " processes write to " + log + " already; no more are possible");
    }

    /**
     * Whether a living process, this one or another, has a slot. Looks by taking the lock for a moment: whoever wants the
     * slot just then takes the next one.
     */
    static boolean taken(Path log, int number) throws IOException {
        Path folder = log.resolve(FOLDER);
        synchronized (Slot.class) {
            if (isMine(folder.resolve(number + ".owner"))) {
                return true;
            }
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(number + ".lock"), StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                return lock == null;
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static boolean isMine(Path owner) throws IOException {
        try {
            return Files.readString(owner).equals(me());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Names this process; the time tells it from an earlier one of the same number. */
    private static String me() {
        ProcessHandle me = ProcessHandle.current();
        return me.pid() + " " + me.info().startInstant().map(Object::toString).orElse("started at an unknown time")
                + "\n";
    }

    private static Path idPath(Path log) {
        return log.resolve("log.id");
    }

    private static void makeId(Path log) throws IOException {
        if (Files.exists(idPath(log))) {
            return;
        }
        Path fresh = log.resolve("log.id.new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.US_ASCII.encode(UUID.randomUUID() + "\n"));
            channel.force(true);
        }
        Files.move(fresh, idPath(log), StandardCopyOption.ATOMIC_MOVE);
        Segments.forceFolder(log);
    }

    /** @throws LogException where the folder holds no log */
    static UUID readId(Path log) throws IOException {
        String text;
        try {
            text = Files.readString(idPath(log)).strip();
        } catch (NoSuchFileException e) {
            throw new LogException("There is no event log in " + log + ": it has no file log.id", e);
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new LogException(
                    idPath(log) + " should hold the id of the log, a UUID, but holds " + text.length()
                            + " other characters. Restore it: the progress of pipelines is kept under it",
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (Slot.class) {
            Files.deleteIfExists(owner);
            channel.close();
        }
    }
}
