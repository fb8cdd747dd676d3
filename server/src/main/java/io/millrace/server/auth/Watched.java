package io.millrace.server.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a file says, read again when another process has replaced it. A look at the file costs a system call, so that it
 * is taken once a second by whoever asks then; everybody else gets what was read last. Safe for use by many threads.
 *
 * @param <T> what is made of the file; immutable
 */
final class Watched<T> {

    /** How long a change by another process may stay unnoticed. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Watched.class.getName());

    /** Makes something of the content of a file. */
    interface Reader<T> {
        T read(byte[] content) throws AuthException;
    }

    /** Tells one content of a file from the next: a replaced file has another number, an edited one another time. */
    private record Stamp(
            FileTime changed, long size, @Nullable Object file) {}

    private record Seen<T>(Optional<Stamp> stamp, T value) {}

    private final Path file;
    private final Reader<T> reader;
    private final T whenMissing;
    private final Periodic look;

    /** Guards the writing of {@link #seen} and {@link #problem}, so that an older look never replaces a newer one. */
    private final ReentrantLock reading = new ReentrantLock();

    private volatile Seen<T> seen;
    private volatile @Nullable String problem;

    /**
     * @param whenMissing what holds while there is no file
     * @throws AuthException where there is one and nothing can be made of it
     */
    Watched(Path file, Reader<T> reader, T whenMissing, InstantSource clock) throws AuthException {
        this.file = file;
        this.reader = reader;
        this.whenMissing = whenMissing;
        this.look = new Periodic(INTERVAL, clock);
        this.seen = read(null);
    }

    /** What the file said at most a second ago, or when it could last be read. */
    T current() {
        if (look.due()) {
            String known = problem;
            try {
                reread();
            } catch (AuthException e) {
                // The last good content holds, and reread has noted the problem for whoever asks whether all is well.
                if (!String.valueOf(e.getMessage()).equals(known)) {
                    LOG.log(System.Logger.Level.WARNING, e.getMessage());
                }
            }
        }
        return seen.value();
    }

    /** What the file says now, or said when it could last be read. */
    T latest() {
        try {
            return reread();
        } catch (AuthException e) {
            // What was read last holds; problem() says so until it is in order again.
            return seen.value();
        }
    }

    /** What the file says now. */
    T reread() throws AuthException {
        reading.lock();
        try {
            Seen<T> read = read(seen);
            seen = read;
            problem = null;
            return read.value();
        } catch (AuthException e) {
            problem = e.getMessage();
            throw e;
        } finally {
            reading.unlock();
        }
    }

    /** Why the file can't be read, where that is so. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    private Seen<T> read(@Nullable Seen<T> before) throws AuthException {
        try {
            // The stamp first: where the file changes in between, the next look sees another stamp and reads again.
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Stamp stamp = new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            if (before != null && Objects.equals(before.stamp().orElse(null), stamp)) {
                return before;
            }
            PrivateFolder.mustBePrivate(file);
            return new Seen<>(Optional.of(stamp), reader.read(Files.readAllBytes(file)));
        } catch (NoSuchFileException missing) {
            return before != null && before.stamp().isEmpty() ? before : new Seen<>(Optional.empty(), whenMissing);
        } catch (IOException e) {
            throw PrivateFolder.failure("The file " + file + " could not be read", e);
        }
    }
}
