package io.millrace.cli.send;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts bytes into lines and lines into batches. Blank lines are passed over, a carriage return before a newline and a
 * byte order mark at the beginning are taken off; nothing else is looked at. Where batches end depends on the bytes and on
 * {@link #flush}, never on how the bytes were handed over, so that a file read again gives the same batches.
 *
 * <p>It holds one batch and one line at most. Not thread-safe.
 */
final class LineBatcher {

    /** What becomes of the records. */
    interface Taker {

        void take(Batch batch) throws IOException, InterruptedException;

        /** Takes a record that is too long to be held. It comes through the stream, without its newline. */
        OutputStream takeOverlong(Origin origin, long line) throws IOException;
    }

    /**
     * @param records how many a batch has at most
     * @param bytes how many a batch has at most, where it has more than one record
     * @param recordBytes how many a record has at most; a longer one is overlong
     */
    record Limits(int records, int bytes, int recordBytes) {}

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final int FIRST_BUFFER_BYTES = 1 << 13;

    private final Origin origin;
    private final Limits limits;
    private final Taker taker;

    /** Whole records of the next batch, then the line that is being read. */
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];

    private int used;
    /** Where the line that is being read begins in the buffer. */
    private int lineStart;

    private int[] ends = new int[16];
    private long[] lines = new long[16];
    private long[] positions = new long[17];
    private int count;

    /** The number of the line that is being read. */
    private long line = 1;
    /** Where it begins in the input. */
    private long linePosition;
    /** How many bytes came in. */
    private long received;
    /** Where the rest of an overlong line goes; null while no line is overlong. */
    private @Nullable OutputStream overlong;

    LineBatcher(Origin origin, Limits limits, Taker taker) {
        this.origin = origin;
        this.limits = limits;
        this.taker = taker;
    }

    void accept(byte[] chunk, int length) throws IOException, InterruptedException {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (chunk[i] == '\n') {
                append(chunk, from, i);
                received = received + 1;
                endLine();
                from = i + 1;
            }
        }
        append(chunk, from, length);
    }

    /** Hands over the whole lines that are there. */
    void flush() throws IOException, InterruptedException {
        if (count > 0) {
            handOver();
        }
    }

    /** The input has ended: what is there is whole. */
    void finish() throws IOException, InterruptedException {
        if (incomplete()) {
            endLine();
        }
        flush();
    }

    /** Whether there is a line whose end has not come. */
    boolean incomplete() {
        return received > linePosition;
    }

    Origin origin() {
        return origin;
    }

    /** The first line that was not handed over. */
    long firstHeldLine() {
        return count > 0 ? lines[0] : line;
    }

    private void append(byte[] chunk, int from, int to) throws IOException {
        int length = to - from;
        received += length;
        if (overlong == null && used - lineStart + length > limits.recordBytes()) {
            overlong = taker.takeOverlong(origin, line);
            overlong.write(buffer, lineStart, used - lineStart);
            used = lineStart;
        }
        if (overlong != null) {
            overlong.write(chunk, from, length);
            return;
        }
        if (used + length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(used + length, buffer.length * 2));
        }
        System.arraycopy(chunk, from, buffer, used, length);
        used += length;
    }

    private void endLine() throws IOException, InterruptedException {
        if (overlong != null) {
            overlong.close();
            overlong = null;
        } else {
            takeOffEnds();
            if (blank()) {
                used = lineStart;
            } else {
                endRecord();
            }
        }
        line++;
        linePosition = received;
    }

    private void takeOffEnds() {
        if (used > lineStart && buffer[used - 1] == '\r') {
            used--;
        }
        int mark = BYTE_ORDER_MARK.length;
        if (linePosition == 0
                && used - lineStart >= mark
                && Arrays.equals(buffer, lineStart, lineStart + mark, BYTE_ORDER_MARK, 0, mark)) {
            System.arraycopy(buffer, lineStart + mark, buffer, lineStart, used - lineStart - mark);
            used -= mark;
        }
    }

    private boolean blank() {
        for (int i = lineStart; i < used; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private void endRecord() throws IOException, InterruptedException {
        if (count > 0 && used + 1 > limits.bytes()) {
            handOver();
        }
        if (used == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length + 1);
        }
        buffer[used++] = '\n';
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
            lines = Arrays.copyOf(lines, count * 2);
            positions = Arrays.copyOf(positions, count * 2 + 1);
        }
        ends[count] = used;
        lines[count] = line;
        positions[count] = linePosition;
        count++;
        positions[count] = received;
        lineStart = used;
        if (count == limits.records() || used >= limits.bytes()) {
            handOver();
        }
    }

    /** Hands over the whole records, and moves the line that is being read to the front. */
    private void handOver() throws IOException, InterruptedException {
        Batch batch = new Batch(
                origin,
                Arrays.copyOf(buffer, lineStart),
                Arrays.copyOf(ends, count),
                Arrays.copyOf(lines, count),
                Arrays.copyOf(positions, count + 1));
        System.arraycopy(buffer, lineStart, buffer, 0, used - lineStart);
        used -= lineStart;
        lineStart = 0;
        count = 0;
        taker.take(batch);
    }
}
