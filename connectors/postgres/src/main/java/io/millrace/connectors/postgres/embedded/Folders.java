package io.millrace.connectors.postgres.embedded;

import io.millrace.api.SinkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What this room does with folders and files. */
final class Folders {

    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private Folders() {}

    /** Removes a folder with everything in it; nothing happens where it is not there. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Makes a user the owner of a folder and of everything in it. */
    static void own(Path folder, int user) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                Files.setAttribute(dir, "unix:uid", user);
                Files.setAttribute(dir, "unix:gid", user);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.setAttribute(file, "unix:uid", user);
                Files.setAttribute(file, "unix:gid", user);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Writes a file that only its owner may read. It is there with all of its text or not at all, and stays. */
    static void writeSecret(Path file, String text) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.writeString(unfinished, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Says in a user's words why a file operation failed. */
    static SinkException failure(String what, Throwable cause) {
        String reason = switch (cause) {
            case AccessDeniedException denied ->
                "permission denied for " + denied.getFile()
                        + ". Make the folder writable or choose another with --home";
            case ReadOnlyFileSystemException readOnly ->
                "the file system is read-only. Choose another folder with --home";
            default -> reason(String.valueOf(cause.getMessage()));
        };
        return new SinkException(what + ": " + reason + ".", cause);
    }

    /** Adds what to do to a message of the operating system, where that is known. */
    static String reason(String message) {
        if (message.contains("No space left on device")) {
            return "the disk is full. Free some space or choose another folder with --home";
        }
        if (message.contains("Read-only file system")) {
            return "the file system is read-only. Choose another folder with --home";
        }
        return message;
    }
}
