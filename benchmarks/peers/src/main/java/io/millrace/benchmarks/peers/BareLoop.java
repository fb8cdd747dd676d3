package io.millrace.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The floor under all of them: one thread walks once over the bytes of the file, counts the events and adds up their
 * values. It believes that every line is as {@code millrace generate revenue} writes it, checks nothing, groups nothing
 * and loads nothing. Its two sums are also the oracle that the tables are checked against.
 */
final class BareLoop {

    private static final int BUFFER_BYTES = 1 << 20;

    private BareLoop() {}

    /** The one argument is the file; prints events and revenue. */
    public static void main(String[] arguments) throws IOException {
        try (InputStream file = Files.newInputStream(Path.of(arguments[0]))) {
            System.out.println(sums(file, new byte[BUFFER_BYTES]));
        }
    }

    /**
     * @param buffer longer than the longest line
     * @return events and revenue
     */
    static String sums(InputStream file, byte[] buffer) throws IOException {
        long events = 0;
        long revenue = 0;
        int kept = 0;
        int read;
        while ((read = file.read(buffer, kept, buffer.length - kept)) >= 0) {
            int end = kept + read;
            int lineStart = 0;
            for (int i = kept; i < end; i++) {
                if (buffer[i] == '\n') {
                    events++;
                    revenue += value(buffer, lineStart, i);
                    lineStart = i + 1;
                }
            }
            kept = end - lineStart;
            if (kept == buffer.length) {
                throw new IOException("a line of more than " + kept + " bytes");
            }
            System.arraycopy(buffer, lineStart, buffer, 0, kept);
        }
        return events + " " + revenue;
    }

    /** Of {@code {"userId":"user1","name":"add_revenue","value":98}}, read from its end. */
    private static long value(byte[] line, int start, int end) {
        long value = 0;
        long scale = 1;
        int i = end - 2;
        for (; line[i] != ':'; i--) {
            value += (line[i] - '0') * scale;
            scale *= 10;
        }
        // From the colon back over "value":" and the end of the name to its opening quote.
        for (i -= "\",\"value\"".length() + 1; i > start && line[i] != '"'; i--) {}
        return line[i + 1] == 'a' ? value : -value;
    }
}
