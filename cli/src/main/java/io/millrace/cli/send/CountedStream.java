package io.millrace.cli.send;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells a tally how many bytes are read. */
final class CountedStream extends FilterInputStream {

    private final Tally tally;

    CountedStream(InputStream in, Tally tally) {
        super(in);
        this.tally = tally;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        if (read >= 0) {
            tally.read(1);
        }
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        if (read > 0) {
            tally.read(read);
        }
        return read;
    }
}
