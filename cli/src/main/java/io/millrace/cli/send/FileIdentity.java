package io.millrace.cli.send;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tells one file from another, for {@link IdempotencyKeys}. */
final class FileIdentity {

    private FileIdentity() {}

    /** The path with no links in it and, where the file system has one, the inode. */
    static String of(Path file) throws IOException {
        Path real = file.toRealPath();
        boolean inodes = real.getFileSystem().supportedFileAttributeViews().contains("unix");
        return "file\0" + real + "\0" + (inodes ? Files.getAttribute(real, "unix:ino") : "");
    }
}
