package io.millrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file in one step: a reader finds the old file, or none, or the whole new one. */
final class ReplacedFile {

    private ReplacedFile() {}

    /** What is to be written. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    static void write(Path file, Content content) throws IOException, UserException {
        if (Files.isDirectory(file)) {
            throw UserException.failed(file + ": is a folder; give the name of a file");
        }
        if (Files.exists(file) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            // A pipe, a device or a link is there to be written to, not to be replaced.
            try (OutputStream out = Files.newOutputStream(file)) {
                content.writeTo(out);
            }
            return;
        }
        Path partial = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
        // For the case that the process is interrupted; otherwise it is gone by then.
        partial.toFile().deleteOnExit();
        try {
            try (OutputStream out =
                    Files.newOutputStream(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(out);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            throw UserException.failed(file + ": its folder does not exist");
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
