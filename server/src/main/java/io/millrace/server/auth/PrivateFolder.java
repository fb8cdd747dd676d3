package io.millrace.server.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * A folder that only its owner may look into. Its files are replaced whole, and processes that change them take turns.
 * Safe for use by many threads.
 */
final class PrivateFolder {

    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Duration TURN = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 2;

    private final Path path;

    private PrivateFolder(Path path) {
        this.path = path;
    }

    /** Makes the folder where it is not there, and takes the rights of others away where they have any. */
    static PrivateFolder open(Path path) throws AuthException {
        try {
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (!Files.isDirectory(path)) {
                Files.createDirectories(path, PosixFilePermissions.asFileAttribute(FOLDER));
            }
            if (!Files.getPosixFilePermissions(path).equals(FOLDER)) {
                Files.setPosixFilePermissions(path, FOLDER);
            }
            return new PrivateFolder(path);
        } catch (IOException e) {
            throw failure("The folder " + path + " could not be made", e);
        }
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Opens a file for appending; it is made where it is not there. */
    FileChannel appendTo(String name) throws IOException {
        return FileChannel.open(
                path.resolve(name),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(FILE));
    }

    /** Something to do that reads and changes files. */
    interface Turn<T> {
        T run() throws AuthException, InterruptedException;
    }

    /** Does something while no other process and no other thread is at it. */
    <T> T inTurn(Turn<T> turn) throws AuthException, InterruptedException {
        Path file = path.resolve("lock");
        try (FileChannel channel = FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(FILE));
                FileLock lock = lock(channel)) {
            if (!lock.isValid()) {
                throw new AuthException("The lock of " + path + " was lost. Try again.");
            }
            return turn.run();
        } catch (IOException e) {
            throw failure("The folder " + path + " could not be locked", e);
        }
    }

    private FileLock lock(FileChannel channel) throws IOException, AuthException, InterruptedException {
        long deadline = System.nanoTime() + TURN.toNanos();
        while (true) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException e) {
                // Another thread of this process has it, for which Java throws instead of answering null.
                if (System.nanoTime() > deadline) {
                    throw new AuthException(held(), e);
                }
            }
            if (System.nanoTime() > deadline) {
                throw new AuthException(held());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private String held() {
        return "Another process has held the lock of " + path + " for more than " + TURN.toSeconds()
                + " s. See what it does, stop it if it hangs, and try again.";
    }

    /** Replaces a file; a reader sees all of the old one or all of the new. Only in turn. */
    void replace(String name, byte[] content) throws AuthException {
        Path file = path.resolve(name);
        Path unfinished = path.resolve(name + ".new");
        try {
            Files.deleteIfExists(unfinished);
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(FILE))) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            // The new name must outlive a power failure as well, or a client that was told its secret would be gone.
            try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException e) {
            throw failure("The file " + file + " could not be written", e);
        }
    }

    /** Throws where others may read or write a file of secrets: they may have done so already. */
    static void mustBePrivate(Path file) throws IOException, AuthException {
        Set<PosixFilePermission> tooMuch = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        tooMuch.removeAll(FILE);
        if (!tooMuch.isEmpty()) {
            throw new AuthException("Others than its owner may use " + file + " ("
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                    + "). See who may have read it, then run: chmod 600 " + file);
        }
    }

    /** Says in a user's words why a file operation failed. */
    static AuthException failure(String what, IOException cause) {
        String message = String.valueOf(cause.getMessage());
        String reason = message;
        if (cause instanceof AccessDeniedException denied) {
            reason = "permission denied for " + denied.getFile()
                    + ". Make it writable for this user or choose another folder with --home";
        } else if (message.contains("No space left on device")) {
            reason = "the disk is full. Free some space or choose another folder with --home";
        } else if (message.contains("Read-only file system")) {
            reason = "the file system is read-only. Choose another folder with --home";
        }
        return new AuthException(what + ": " + reason + ".", cause);
    }
}
