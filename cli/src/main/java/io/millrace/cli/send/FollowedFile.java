package io.millrace.cli.send;

import io.millrace.formats.Compression;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows a file by its name. What is appended is read as it comes. A file that is truncated, or written anew in its
 * place, is read from its beginning; so is a file that takes the name of another one, which is read on for a while, since
 * whoever wrote to it may not have heard of the change yet (a log that is rotated). Not thread-safe.
 */
final class FollowedFile implements Closeable {

    /** How long a file that lost its name must have been quiet before it is done with. */
    static final Duration QUIET = Duration.ofSeconds(2);

    /** What a generation is made of. */
    interface Batchers {

        /** @param first whether this is what the file held when it was first looked at */
        LineBatcher batcher(Path file, boolean first) throws IOException;
    }

    private final Path path;
    private final Batchers batchers;
    private final Tally tally;
    private final SendListener listener;
    private final Duration quiet;
    private final LongSupplier nanoTime;

    private @Nullable FileGeneration current;
    /** What tells the file that is read from one that takes its name; null where the file system has nothing for it. */
    private @Nullable Object fileKey;

    private final List<Retired> retired = new ArrayList<>();
    private boolean opened;
    private boolean saidMissing;

    /** A generation whose file has lost its name. */
    private static final class Retired {
        private final FileGeneration generation;
        private long lastGrown;

        private Retired(FileGeneration generation, long now) {
            this.generation = generation;
            this.lastGrown = now;
        }
    }

    /**
     * @param quiet see {@link #QUIET}
     * @param nanoTime a clock as {@link System#nanoTime} is one
     */
    FollowedFile(
            Path path, Batchers batchers, Tally tally, SendListener listener, Duration quiet, LongSupplier nanoTime) {
        this.path = path;
        this.batchers = batchers;
        this.tally = tally;
        this.listener = listener;
        this.quiet = quiet;
        this.nanoTime = nanoTime;
    }

    Path path() {
        return path;
    }

    /** Reads up to one chunk of each generation; tells whether there may be more at once. */
    boolean poll() throws IOException, InterruptedException {
        boolean more = pollRetired();
        FileGeneration file = current;
        if (file == null) {
            return open() || more;
        }
        switch (file.read()) {
            case MORE -> more = true;
            case NOTHING -> {
                file.flush();
                more |= nameTaken() && retire(file);
            }
            case REWRITTEN -> {
                file.finish();
                current = new FileGeneration(file.channel(), batchers.batcher(path, false), tally);
                more = true;
            }
        }
        return more;
    }

    /** What was begun to be read and was not read to its end. */
    List<FileGeneration> unfinished() throws IOException {
        List<FileGeneration> unfinished = new ArrayList<>();
        for (Retired old : retired) {
            if (!old.generation.exhausted()) {
                unfinished.add(old.generation);
            }
        }
        if (current != null && !current.exhausted()) {
            unfinished.add(current);
        }
        return unfinished;
    }

    private boolean pollRetired() throws IOException, InterruptedException {
        boolean more = false;
        for (Iterator<Retired> all = retired.iterator(); all.hasNext(); ) {
            Retired old = all.next();
            switch (old.generation.read()) {
                case MORE -> {
                    old.lastGrown = nanoTime.getAsLong();
                    more = true;
                }
                case NOTHING -> {
                    old.generation.flush();
                    if (nanoTime.getAsLong() - old.lastGrown >= quiet.toNanos()) {
                        end(old, all);
                    }
                }
                // It is compressed in its place, or emptied: what was in it is read.
                case REWRITTEN -> end(old, all);
            }
        }
        return more;
    }

    private static void end(Retired old, Iterator<Retired> place) throws IOException, InterruptedException {
        place.remove();
        try (FileGeneration done = old.generation) {
            done.finish();
        }
    }

    private boolean nameTaken() throws IOException {
        try {
            return !Objects.equals(key(), fileKey);
        } catch (NoSuchFileException e) {
            // It is being replaced, or gone; what is written to it meanwhile is still read.
            return false;
        }
    }

    private boolean retire(FileGeneration file) {
        retired.add(new Retired(file, nanoTime.getAsLong()));
        current = null;
        return true;
    }

    private boolean open() throws IOException {
        try {
            Object key = key();
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                // Where it was replaced at this very moment, it is looked at again.
                if (Objects.equals(key, key())) {
                    begin(channel, key);
                    return true;
                }
            } finally {
                if (current == null) {
                    channel.close();
                }
            }
            return true;
        } catch (NoSuchFileException | AccessDeniedException e) {
            if (!saidMissing) {
                saidMissing = true;
                listener.note(path
                        + (e instanceof NoSuchFileException
                                ? ": there is no such file yet; waiting for it"
                                : ": permission denied; waiting until it can be read"));
            }
            return false;
        }
    }

    private void begin(FileChannel channel, @Nullable Object key) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Compression.MAGIC_BYTES);
        int length = Math.max(0, channel.read(head, 0));
        if (Compression.of(path.toString(), Arrays.copyOf(head.array(), length)) != Compression.NONE) {
            throw new IOException("a compressed file can't be followed; send it without --watch");
        }
        current = new FileGeneration(channel, batchers.batcher(path, !opened), tally);
        fileKey = key;
        opened = true;
        saidMissing = false;
    }

    private @Nullable Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void close() throws IOException {
        for (Retired old : retired) {
            old.generation.close();
        }
        if (current != null) {
            current.close();
        }
    }
}
