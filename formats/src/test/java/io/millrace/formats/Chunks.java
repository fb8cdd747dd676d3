package io.millrace.formats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Decodes an input that arrives in chunks, as a reader would: what is left of one is put before the next. */
final class Chunks {

    private Chunks() {}

    /** Chunks of random sizes from 1 byte on, in buffers that have or have not bytes left over after them. */
    static Decoded of(Decoder decoder, byte[] input, int from, Random random) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        List<String> records = new ArrayList<>();
        List<Decoded.Bad> malformed = new ArrayList<>();
        int most = 1 + random.nextInt(40);
        int p = from;
        int arrived = from;
        while (true) {
            arrived = Math.min(input.length, arrived + 1 + random.nextInt(most));
            boolean end = arrived == input.length;
            // What lies after the chunk in the buffer must not matter.
            byte[] buffer = Arrays.copyOf(Arrays.copyOfRange(input, p, arrived), arrived - p + random.nextInt(30));
            for (int i = arrived - p; i < buffer.length; i++) {
                buffer[i] = (byte) "\"}\n,1x\\{".charAt(random.nextInt(8));
            }
            int at = 0;
            while (true) {
                int next = decoder.decode(buffer, at, arrived - p, end);
                Decoded.add(decoder, buffer, p, rows, records, malformed);
                if (next == at) {
                    break;
                }
                at = next;
            }
            p += at;
            if (end) {
                return new Decoded(rows, records, malformed, p, decoder.torn());
            }
        }
    }
}
