package io.millrace.formats;

import io.millrace.api.Projection;

/**
 * One JSON object a line, strict after RFC 8259. A byte order mark at the start of the input is passed over, lines may
 * end in CRLF, and where an object has a name twice, the last one counts.
 *
 * @param maxRows the most records that a batch has
 */
public record Ndjson(int maxRows) implements Format {

    /** Enough rows to make the cost of a batch small, few enough to stay in the processor's caches. */
    public static final int DEFAULT_MAX_ROWS = 4096;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    public Ndjson {
        if (maxRows < 1) {
            throw new IllegalArgumentException("maxRows must be at least 1, not " + maxRows);
        }
    }

    public Ndjson() {
        this(DEFAULT_MAX_ROWS);
    }

    @Override
    public Decoder decoder(Projection projection, byte[] header) {
        return new NdjsonDecoder(projection, maxRows);
    }

    @Override
    public int headerLength(byte[] bytes, int length, boolean end) {
        return byteOrderMark(bytes, length, end);
    }

    /** The length of the byte order mark at the start: 0 or 3, or -1 where more bytes are needed to tell. */
    static int byteOrderMark(byte[] bytes, int length, boolean end) {
        for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
            if (i == length) {
                return end ? 0 : -1;
            }
            if (bytes[i] != BYTE_ORDER_MARK[i]) {
                return 0;
            }
        }
        return BYTE_ORDER_MARK.length;
    }

    @Override
    public boolean splittable() {
        return true;
    }
}
