package io.millrace.cli.send;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file to which whole records are appended, or nothing. One process writes to it at a time. Not thread-safe. */
final class UnsentFile implements Closeable {

    private static final String STEM_ENDING = ".unsent";
    private static final String ENDING = ".jsonl";
    private static final int MOST_NAMES = 10_000;

    private final Path path;
    private final FileChannel channel;

    private UnsentFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Makes a new file of that name, or, where there is one, of that name and a number. */
    static UnsentFile create(Path wanted) throws IOException {
        for (int n = 1; n <= MOST_NAMES; n++) {
            Path path = n == 1 ? wanted : numbered(wanted, n);
            try {
                return new UnsentFile(path, open(path, StandardOpenOption.CREATE_NEW));
            } catch (FileAlreadyExistsException e) {
                // From an earlier run; what is kept there is never touched.
            }
        }
        throw new FileSystemException(
                wanted.toString(), null, "there are " + MOST_NAMES + " files of this name; move them away");
    }

    private static Path numbered(Path wanted, int n) {
        String name = wanted.getFileName().toString();
        return wanted.resolveSibling(name.substring(0, name.length() - ENDING.length()) + "-" + n + ENDING);
    }

    /** Opens a file to append whole lines to, and makes it where there is none. */
    static UnsentFile append(Path path) throws IOException {
        FileChannel channel = open(path, StandardOpenOption.CREATE);
        try {
            if (!locked(channel)) {
                throw new FileSystemException(path.toString(), null, "another process is writing to it");
            }
            long size = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            if (size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n') {
                channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            return new UnsentFile(path, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Keeps others from writing to the file until it is closed; false where another one does. */
    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static FileChannel open(Path path, OpenOption create) throws IOException {
        FileAttribute<?>[] attributes =
                path.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        FileChannel channel =
                FileChannel.open(path, Set.of(create, StandardOpenOption.READ, StandardOpenOption.WRITE), attributes);
        try {
            channel.position(channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return channel;
    }

    Path path() {
        return path;
    }

    void write(ByteBuffer records) throws IOException {
        long before = channel.position();
        try {
            while (records.hasRemaining()) {
                channel.write(records);
            }
        } catch (IOException e) {
            throw undone(before, e);
        }
    }

    /** Writes all of another file. */
    void write(FileChannel records) throws IOException {
        long before = channel.position();
        try {
            long size = records.size();
            for (long done = 0; done < size; ) {
                done += records.transferTo(done, size - done, channel);
            }
        } catch (IOException e) {
            throw undone(before, e);
        }
    }

    /** Takes half a record away again. */
    private IOException undone(long size, IOException cause) {
        try {
            channel.truncate(size);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return new IOException(path + ": " + cause.getMessage(), cause);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            channel.force(true);
        }
    }

    /** The name for what could not be sent of an input: {@code events.unsent.jsonl} for {@code events.jsonl.gz}. */
    static Path beside(Path input) {
        Path name = input.getFileName();
        String stem = name == null ? "input" : name.toString();
        stem = stem.replaceFirst("\\.(gz|gzip|zst|zstd)$", "").replaceFirst("\\.(jsonl|ndjson|json)$", "");
        return input.resolveSibling((stem.isEmpty() ? "input" : stem) + STEM_ENDING + ENDING);
    }
}
