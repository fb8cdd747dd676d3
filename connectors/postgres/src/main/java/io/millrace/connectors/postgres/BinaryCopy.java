package io.millrace.connectors.postgres;

/** What stands before and after the rows of {@code COPY ... (FORMAT binary)}. */
final class BinaryCopy {

    /** Signature, flags, length of the header's extension. */
    static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    /** A row of -1 fields. */
    static final byte[] TRAILER = {(byte) 0xff, (byte) 0xff};

    private BinaryCopy() {}
}
