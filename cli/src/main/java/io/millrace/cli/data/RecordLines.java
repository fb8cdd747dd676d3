package io.millrace.cli.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads lines of NDJSON. A byte order mark at the start and blank lines are passed over. */
public final class RecordLines {

    private static final int FIRST_BYTES = 1 << 16;

    /** Takes one line after another. */
    public interface Reader {

        /**
         * Takes the line {@code b[from..to)}, without its newline; the bytes are valid during the call only.
         *
         * @param number of the line, from 1
         */
        void line(byte[] b, int from, int to, long number) throws IOException;

        /** Takes note of a line that is longer than {@code maxBytes}. */
        void tooLong(long number);
    }

    private RecordLines() {}

    /**
     * Reads all lines.
     *
     * @param maxBytes the longest line that is handed over
     */
    public static void read(InputStream in, int maxBytes, Reader reader) throws IOException {
        byte[] buffer = new byte[Math.min(FIRST_BYTES, maxBytes + 1)];
        int length = 0;
        long number = 1;
        boolean passing = false;
        boolean first = true;
        while (true) {
            if (length == buffer.length) {
                if (length > maxBytes) {
                    if (!passing) {
                        reader.tooLong(number);
                    }
                    passing = true;
                    length = 0;
                } else {
                    buffer = Arrays.copyOf(buffer, (int) Math.min(buffer.length * 2L, maxBytes + 1L));
                }
            }
            int read = in.read(buffer, length, buffer.length - length);
            int p = 0;
            int q = length;
            length += Math.max(read, 0);
            if (first && (length >= 3 || read < 0)) {
                p = markLength(buffer, length);
                q = Math.max(q, p);
                first = false;
            }
            for (; q < length; q++) {
                if (buffer[q] == '\n') {
                    if (!passing) {
                        hand(buffer, p, q, number, reader);
                    }
                    passing = false;
                    number++;
                    p = q + 1;
                }
            }
            if (read < 0) {
                if (!passing) {
                    hand(buffer, p, length, number, reader);
                }
                return;
            }
            length -= p;
            System.arraycopy(buffer, p, buffer, 0, length);
        }
    }

    private static int markLength(byte[] b, int length) {
        return length >= 3 && b[0] == (byte) 0xef && b[1] == (byte) 0xbb && b[2] == (byte) 0xbf ? 3 : 0;
    }

    private static void hand(byte[] b, int from, int to, long number, Reader reader) throws IOException {
        for (int p = from; p < to; p++) {
            if (b[p] != ' ' && b[p] != '\t' && b[p] != '\r') {
                reader.line(b, from, to, number);
                return;
            }
        }
    }
}
