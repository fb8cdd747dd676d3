package io.millrace.formats;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads zstd, frame after frame. Not thread-safe. */
final class ZstdStream extends InputStream {

    private static final int BUFFER_BYTES = 1 << 16;

    private final Sips sips;
    private final InputStream plain;

    ZstdStream(InputStream in) throws IOException {
        sips = new Sips(new BufferedInputStream(in, BUFFER_BYTES));
        plain = new ZstdInputStreamNoFinalizer(sips);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] b, int offset, int length) throws IOException {
        int n;
        try {
            n = plain.read(b, offset, length);
        } catch (ZstdIOException e) {
            // The library has one code for both; the input has ended only where it asked for more.
            String what = sips.ended
                    ? "the zstd data ends too early, after byte " + sips.taken
                    : "the zstd data is damaged near byte " + sips.taken + ": " + e.getMessage();
            throw new DamagedInputException(what, sips.ended, e);
        }
        if (n < 0 && sips.taken == 0) {
            throw new DamagedInputException("the zstd data ends too early, after byte 0", true);
        }
        return n;
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }

    /**
     * Hands out few bytes at a time. The library forgets what it decoded in a call that fails, so that no call may reach
     * from good blocks, whose size is up to 128 KiB, far into a damaged one.
     */
    private static final class Sips extends FilterInputStream {
        private static final int BYTES = 4096;

        long taken;
        boolean ended;

        Sips(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] b, int offset, int length) throws IOException {
            int n = super.read(b, offset, Math.min(length, BYTES));
            if (n < 0) {
                ended = true;
            } else {
                taken += n;
            }
            return n;
        }

        /** Nothing for certain: the library then returns what it has before it reads on. */
        @Override
        public int available() {
            return 0;
        }
    }
}
