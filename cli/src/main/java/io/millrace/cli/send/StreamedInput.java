package io.millrace.cli.send;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads what can't be read twice and may keep a reader waiting: the standard input, a pipe. A thread of its own does the
 * reading, since such a read can't be interrupted; nothing waits for that thread in the end, and it is a daemon.
 *
 * <p>Used by one thread.
 */
final class StreamedInput {

    /** Where the bytes come from; opening a pipe may take until someone writes to it. */
    interface Opening {
        InputStream open() throws IOException;
    }

    /** What the two threads hand over. */
    private sealed interface Handed {
        record Read(Piece piece) implements Handed {}

        record Failed(IOException cause) implements Handed {}
    }

    private final SynchronousQueue<Handed> handed = new SynchronousQueue<>();
    private volatile boolean ended;
    /** Once the end or a failure has come, it stays. */
    private @Nullable Handed last;

    private StreamedInput() {}

    /** Begins to read. */
    static StreamedInput start(String name, Opening opening, Tally tally) {
        StreamedInput input = new StreamedInput();
        Thread.ofPlatform().name("reads " + name).daemon().start(() -> input.pump(name, opening, tally));
        return input;
    }

    /**
     * Runs in the reading thread. The stream is left open: closing one that another thread reads from would wait, and the
     * standard input is not ours to close.
     */
    private void pump(String name, Opening opening, Tally tally) {
        try {
            try {
                @SuppressWarnings("MustBeClosed")
                InputStream stream = WholeInput.unpacked(name, opening.open(), tally);
                byte[] chunk = new byte[WholeInput.CHUNK_BYTES];
                int length = stream.read(chunk);
                while (length >= 0 && !ended) {
                    handed.put(new Handed.Read(new Piece.Bytes(Arrays.copyOf(chunk, length), length)));
                    length = ended ? -1 : stream.read(chunk);
                }
                handed.put(new Handed.Read(new Piece.End()));
            } catch (IOException e) {
                handed.put(new Handed.Failed(e));
            } catch (RuntimeException e) {
                // The other thread would wait for ever.
                handed.put(new Handed.Failed(new IOException(name + ": can't be read: " + e, e)));
            }
        } catch (InterruptedException e) {
            // Nobody has a reference to this thread: it can't happen, and would be an end like any other.
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for as long as that for the next piece. */
    Piece next(Duration longest) throws IOException, InterruptedException {
        Handed next = last != null ? last : handed.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
        return switch (next) {
            case null -> new Piece.Nothing();
            case Handed.Read(Piece.End end) -> {
                last = next;
                yield end;
            }
            case Handed.Read(Piece piece) -> piece;
            case Handed.Failed(IOException cause) -> {
                last = next;
                throw cause;
            }
        };
    }

    /** Reads nothing more; what was read can still be asked for. */
    void end() {
        ended = true;
    }
}
