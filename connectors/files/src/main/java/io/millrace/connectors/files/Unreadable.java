package io.millrace.connectors.files;

import io.millrace.api.SourceException;
import io.millrace.formats.DamagedInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Words for files that can't be read: what was found, where, and what to do. */
final class Unreadable {
    private Unreadable() {}

    /** A file or folder that the operating system refuses. */
    static SourceException refused(String name, Path path, IOException cause) {
        if (cause instanceof SourceException told) {
            return told;
        } else if (cause instanceof AccessDeniedException) {
            return new SourceException(
                    "No permission to read " + name + " (" + path + "). Give the user that runs Millrace the right to "
                            + "read it and to enter its folders.",
                    cause);
        } else if (cause instanceof NoSuchFileException) {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                    ? new SourceException(name + " (" + path + ") is a link to a file that does not exist.", cause)
                    : new SourceException("There is no file " + name + " (" + path + ").", cause);
        }
        String reason = cause instanceof FileSystemException system ? system.getReason() : cause.getMessage();
        if (reason != null && reason.startsWith("Too many levels of symbolic links")) {
            return new SourceException(
                    name + " (" + path + ") is a symbolic link that leads back to itself. Name the file itself.",
                    cause);
        }
        return new SourceException(
                "Can't read " + name + " (" + path + "): " + (reason == null ? cause : reason) + ".", cause);
    }

    static SourceException folder(String name, Path path) {
        String inside = name.endsWith("/") ? name : name + "/";
        return new SourceException(name + " (" + path + ") is a folder. To read the files in it, say " + inside
                + "*.jsonl or another pattern.");
    }

    static SourceException special(String name, Path path) {
        return new SourceException(name + " (" + path + ") is a pipe, a socket or a device. A file can be read again "
                + "after a crash, and these can't: write what comes out of it to a file first.");
    }

    /** A file of a listing that is not there any more when it is to be read. */
    static SourceException gone(String name, Path path, Throwable cause) {
        return new SourceException(
                name + " (" + path + ") was there when the run began and is gone now. If it was renamed, run again: it "
                        + "is recognised under its new name when the path of the pipeline matches that too.",
                cause);
    }

    static SourceException changed(String name, Path path) {
        return new SourceException(name + " (" + path + ") was replaced by other content while it was read. What was "
                + "committed stays; run again to read the new content.");
    }

    static SourceException cut(String name, Path path, long listed, long now) {
        return new SourceException(name + " (" + path + ") was cut while it was read: it had " + listed
                + " bytes when the run began and has " + now + " now. What was committed stays; run again.");
    }

    /**
     * A compressed file that can't be unpacked to its end.
     *
     * @param fed how many compressed bytes were read of it
     * @param unpacked the unpacked byte from which the next run goes on
     */
    static SourceException damaged(String name, Path path, long fed, long unpacked, IOException cause) {
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String what = cause instanceof DamagedInputException
                ? message
                : "it can't be unpacked beyond compressed byte " + fed + ": " + message;
        return new SourceException(
                name + " (" + path + ") is not whole: " + what
                        + ". The records before that were read. Put the whole file "
                        + "there and run again: reading goes on at byte " + unpacked + " of what is in it.",
                cause);
    }
}
