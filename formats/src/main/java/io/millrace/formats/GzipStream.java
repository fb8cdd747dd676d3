package io.millrace.formats;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads gzip, member after member. {@link java.util.zip.GZIPInputStream} takes damage between two members for the end of
 * the input and drops what was decoded before a damaged place; this does neither. Not thread-safe.
 */
final class GzipStream extends InputStream {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int limit;
    /** Compressed bytes before those in the buffer. */
    private long before;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final CRC32 headerCrc = new CRC32();
    private boolean inMember;
    private boolean anyMember;
    private boolean ended;
    /** Damage that was found while there were bytes to hand over. */
    private @Nullable DamagedInputException damage;

    GzipStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] b, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            if (damage != null) {
                throw damage;
            }
            if (!inMember && !header()) {
                ended = true;
                break;
            }
            int n = inflate(b, offset, length);
            if (n > 0) {
                return n;
            }
        }
        return -1;
    }

    /** Inflates what it can; 0 where the member ended or failed without another byte. */
    private int inflate(byte[] b, int offset, int length) throws IOException {
        while (true) {
            // With all input taken there may still be bytes to come out of the window, so that this is tried first.
            long read = inflater.getBytesRead();
            long written = inflater.getBytesWritten();
            int n;
            try {
                n = inflater.inflate(b, offset, length);
            } catch (DataFormatException e) {
                // What was inflated before the damaged place is in the array all the same.
                n = (int) (inflater.getBytesWritten() - written);
                damage = new DamagedInputException(
                        "the gzip data is damaged near byte " + (before + at + 1) + ": " + e.getMessage(), false, e);
            }
            at += (int) (inflater.getBytesRead() - read);
            crc.update(b, offset, n);
            if (inflater.needsDictionary()) {
                throw damaged("it needs a dictionary");
            }
            if (damage == null && inflater.finished()) {
                finish(n);
                return n;
            }
            if (n > 0 || damage != null) {
                return n;
            }
            if (inflater.needsInput()) {
                if (at == limit && !fill()) {
                    throw truncated();
                }
                inflater.setInput(buffer, at, limit - at);
            }
        }
    }

    /** Checks the end of a member. What was inflated with it is handed over first. */
    private void finish(int inflated) throws IOException {
        try {
            long sum = word();
            long size = word();
            if (sum != crc.getValue() || size != (inflater.getBytesWritten() & 0xffffffffL)) {
                throw damaged("the checksum of its content does not match");
            }
        } catch (DamagedInputException e) {
            if (inflated == 0) {
                throw e;
            }
            damage = e;
        }
        inMember = false;
    }

    /** Reads the header of the next member; false where there is none. */
    private boolean header() throws IOException {
        int first = next();
        if (first < 0) {
            if (!anyMember) {
                throw truncated();
            }
            return false;
        }
        if (anyMember && first == 0) {
            return padding();
        }
        headerCrc.reset();
        headerCrc.update(first);
        if (first != 0x1f || headerByte() != 0x8b) {
            throw damaged(anyMember ? "something else than gzip follows" : "it is not gzip");
        }
        if (headerByte() != 8) {
            throw damaged("the method of compression is not known");
        }
        int flags = headerByte();
        if ((flags & RESERVED) != 0) {
            throw damaged("its header has flags that are not known");
        }
        for (int i = 0; i < 6; i++) {
            headerByte();
        }
        if ((flags & EXTRA) != 0) {
            for (int left = headerByte() | (headerByte() << 8); left > 0; left--) {
                headerByte();
            }
        }
        if ((flags & NAME) != 0) {
            zeroTerminated();
        }
        if ((flags & COMMENT) != 0) {
            zeroTerminated();
        }
        if ((flags & HEADER_CRC) != 0) {
            long expected = headerCrc.getValue() & 0xffff;
            if ((headerByte() | (headerByte() << 8)) != expected) {
                throw damaged("the checksum of its header does not match");
            }
        }
        inflater.reset();
        crc.reset();
        inMember = true;
        anyMember = true;
        return true;
    }

    /** Passes over zeros, with which tapes fill their last block. */
    private boolean padding() throws IOException {
        for (int b = next(); b >= 0; b = next()) {
            if (b != 0) {
                throw damaged("something else than gzip follows");
            }
        }
        return false;
    }

    private void zeroTerminated() throws IOException {
        int b;
        do {
            b = headerByte();
        } while (b != 0);
    }

    private int headerByte() throws IOException {
        int b = needed();
        headerCrc.update(b);
        return b;
    }

    private long word() throws IOException {
        return needed() | (needed() << 8) | (needed() << 16) | ((long) needed() << 24);
    }

    private int needed() throws IOException {
        int b = next();
        if (b < 0) {
            throw truncated();
        }
        return b;
    }

    private int next() throws IOException {
        return at < limit || fill() ? buffer[at++] & 0xff : -1;
    }

    private boolean fill() throws IOException {
        before += limit;
        at = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    private DamagedInputException truncated() {
        return new DamagedInputException("the gzip data ends too early, after byte " + (before + at), true);
    }

    private DamagedInputException damaged(String what) {
        return new DamagedInputException("the gzip data is damaged near byte " + (before + at) + ": " + what, false);
    }

    @Override
    public void close() throws IOException {
        ended = true;
        inflater.end();
        in.close();
    }
}
