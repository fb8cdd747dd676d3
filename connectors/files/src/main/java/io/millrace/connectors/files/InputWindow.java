package io.millrace.connectors.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The stretch of a file that is in memory, and the place in it up to which records were taken.
 *
 * <pre>
 *   base                      position                      base + filled
 *    | up to 4 KiB already read  | to be decoded                 |  free
 * </pre>
 *
 * <p>What was read stays for as long as {@link Fingerprint#WINDOW}, since an offset has a checksum of it. The rest is
 * moved to the front only when more is read. Used by one thread.
 */
final class InputWindow implements Closeable {
    private final ByteInput in;
    private final int mostBytes;
    private byte[] bytes;
    private long base;
    private int at;
    private int filled;
    private boolean ended;
    private @Nullable IOException failure;

    /**
     * @param base the position of the first byte that {@code in} gives
     * @param firstBytes how much memory to begin with
     * @param mostBytes how much of what is not taken yet may have to be held
     */
    InputWindow(ByteInput in, long base, int firstBytes, int mostBytes) {
        this.in = in;
        this.base = base;
        this.mostBytes = mostBytes;
        this.bytes = new byte[Math.min(firstBytes, mostBytes) + 2 * Fingerprint.WINDOW];
    }

    byte[] bytes() {
        return bytes;
    }

    /** The index of the first byte that was not taken. */
    int at() {
        return at;
    }

    /** The index after the last byte. */
    int filled() {
        return filled;
    }

    /** The position in the file of the byte at an index. */
    long positionOf(int index) {
        return base + index;
    }

    /** Where a position of the file is, or would be, in {@link #bytes}, at most {@link #filled}. */
    int indexOf(long position) {
        return (int) Math.min(filled, position - base);
    }

    /** The position up to which records were taken. */
    long position() {
        return base + at;
    }

    /** Whether there is nothing after {@link #filled}. */
    boolean ended() {
        return ended;
    }

    ByteInput input() {
        return in;
    }

    /** Takes what lies before an index. */
    void take(int index) {
        at = index;
    }

    /**
     * Reads more, at most as much as asked for. What was read before a failure is there, and the failure is thrown when
     * there was nothing before it.
     *
     * @return whether there is more now; false at the end
     */
    boolean fill(long most) throws IOException {
        if (ended) {
            return false;
        }
        if (failure != null) {
            throw failure;
        }
        makeRoom();
        int before = filled;
        int until = (int) Math.min(bytes.length, filled + most);
        try {
            while (filled < until) {
                int read = in.read(bytes, filled, until - filled);
                if (read < 0) {
                    ended = true;
                    break;
                }
                filled += read;
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            if (filled == before) {
                throw e;
            }
            failure = e;
        }
        return filled > before;
    }

    private void makeRoom() {
        int keep = Math.max(0, at - Fingerprint.WINDOW);
        if (keep > 0) {
            System.arraycopy(bytes, keep, bytes, 0, filled - keep);
            base += keep;
            at -= keep;
            filled -= keep;
        }
        if (filled == bytes.length) {
            long doubled = 2L * bytes.length;
            bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, mostBytes + 2L * Fingerprint.WINDOW));
        }
    }

    /** The {@link Fingerprint} of what lies before the position. */
    long fingerprint() {
        return Fingerprint.of(bytes, Math.max(0, at - Fingerprint.WINDOW), at);
    }

    /** The index of the first newline from an index on, or -1. */
    int newline(int from) {
        byte[] in = bytes;
        for (int i = from; i < filled; i++) {
            if (in[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
