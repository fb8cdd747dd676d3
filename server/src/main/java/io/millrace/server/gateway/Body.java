package io.millrace.server.gateway;

import io.helidon.common.buffers.DataReader;
import io.millrace.formats.Compression;
import io.millrace.formats.DamagedInputException;
import io.millrace.server.http.Problem;
import io.millrace.server.http.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The body of a request, read whole, within the limits of size, speed and memory. There is room for one byte more after
 * it. Closed when its bytes are not needed any more.
 */
final class Body implements AutoCloseable {

    private static final int FIRST_BYTES = 64 << 10;

    /** A body that says that it is this long gets its memory at once; a longer one when its bytes have come. */
    private static final int BELIEVED_BYTES = 1 << 20;

    private final Exchange exchange;
    private final int maxBytes;
    private byte[] bytes = {};
    private int length;
    private long reserved;

    private Body(Exchange exchange, int maxBytes) {
        this.exchange = exchange;
        this.maxBytes = maxBytes;
    }

    /** Reads a body as it comes. */
    static Body read(Exchange exchange, int maxBytes) throws ProblemException {
        return read(exchange, maxBytes, Compression.NONE);
    }

    /** @param maxBytes the most that is taken, with and without the compression */
    static Body read(Exchange exchange, int maxBytes, Compression compression) throws ProblemException {
        Body body = new Body(exchange, maxBytes);
        try {
            body.fill(compression);
            return body;
        } catch (ProblemException | RuntimeException e) {
            body.close();
            throw e;
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void fill(Compression compression) throws ProblemException {
        OptionalLong told = exchange.contentLength();
        if (told.isPresent() && told.getAsLong() > maxBytes) {
            throw new ProblemException(tooLong());
        }
        if (told.orElse(0) == 0 && !exchange.chunked()) {
            return;
        }
        boolean plain = compression == Compression.NONE;
        if (plain && !exchange.http2() && told.isPresent() && told.getAsLong() < Wire.SCRATCH_BYTES) {
            bytes = exchange.wire().scratch();
        } else {
            grow(plain && told.orElse(BELIEVED_BYTES) < BELIEVED_BYTES ? (int) told.getAsLong() + 1 : FIRST_BYTES);
        }
        Pace pace = new Pace(exchange);
        if (!exchange.http2()) {
            exchange.wire().beginBody();
        }
        try {
            if (plain) {
                take(exchange.content(), pace);
            } else {
                try (InputStream in = compression.open(new Arriving(exchange.content(), pace, maxBytes))) {
                    take(in, pace);
                }
            }
        } catch (DamagedInputException e) {
            throw new ProblemException(Problem.badRequest("The body is not gzip: " + e.getMessage() + "."), e);
        } catch (TooLong e) {
            throw new ProblemException(tooLong(), e);
        } catch (Wire.TooMuch e) {
            throw new ProblemException(e.ofThisBody() ? tooLong() : noMemory(), e);
        } catch (TooSlow e) {
            throw new ProblemException(tooSlow(e.bytesPerSecond, e.silence), e);
        } catch (IllegalArgumentException | DataReader.IncorrectNewLineException e) {
            // Helidon's words for a chunk whose length is no number.
            throw new ProblemException(Problem.badRequest("The body is not framed as HTTP has it."), e);
        } catch (IOException e) {
            throw new io.helidon.webserver.ServerConnectionException("The body could not be read", e);
        }
        exchange.deadline().none();
    }

    private void take(InputStream in, Pace pace) throws IOException, ProblemException {
        while (true) {
            // One byte of room is kept, and one is needed to see that there is nothing more.
            if (bytes.length - length < 2) {
                grow((int) Math.min(2L * bytes.length, maxBytes + 2L));
            }
            int n = in.read(bytes, length, bytes.length - 1 - length);
            if (n < 0) {
                return;
            }
            length += n;
            if (length > maxBytes) {
                throw new ProblemException(tooLong());
            }
            pace.came(n);
        }
    }

    private void grow(int capacity) throws ProblemException {
        if (!exchange.protocols().budget().take(capacity)) {
            throw new ProblemException(noMemory());
        }
        long before = reserved;
        reserved = capacity;
        bytes = Arrays.copyOf(bytes, capacity);
        exchange.protocols().budget().give(before);
    }

    private Problem tooLong() {
        return tooLong(maxBytes);
    }

    static Problem tooSlow(long bytesPerSecond, long silence) {
        return new Problem(
                408,
                "too-slow",
                "The request came too slowly",
                "A body must come with at least " + bytesPerSecond + " bytes a second, once " + silence
                        + " ms have passed.");
    }

    static Problem tooLong(int maxBytes) {
        return new Problem(
                        413,
                        "body-too-large",
                        "The body is too large",
                        "It must have at most " + maxBytes
                                + " bytes, with and without its compression. Send it in parts.")
                .member("limit", maxBytes);
    }

    static Problem noMemory() {
        return Problem.unavailable(
                "too-many-bytes",
                "Too much is being received at once",
                "The bodies that are under way take all the memory that there is for them. Try again.",
                1);
    }

    @Override
    public void close() {
        exchange.protocols().budget().give(reserved);
        reserved = 0;
    }

    /** How fast a body comes, and how fast it must. */
    private static final class Pace {
        private final Exchange exchange;
        private final GatewayConfig.Limits limits;
        private final long start;
        private final long silence;
        private long bytes;

        Pace(Exchange exchange) {
            this.exchange = exchange;
            limits = exchange.protocols().limits();
            start = exchange.protocols().watch().now();
            silence = limits.silence().toMillis();
            exchange.deadline().in(silence);
        }

        void came(int n) throws TooSlow {
            if (!exchange.http2()) {
                exchange.wire().tookOver();
            }
            bytes += n;
            long now = exchange.protocols().watch().now();
            long due = start + silence + bytes * 1000 / limits.bytesPerSecond();
            if (now > due) {
                throw new TooSlow(limits.bytesPerSecond(), silence);
            }
            // A moment later than the time at which a byte would lead to an answer.
            exchange.deadline().at(Math.min(now + silence, due + 1000));
        }
    }

    /** A compressed body as it comes. */
    private static final class Arriving extends InputStream {
        private final InputStream in;
        private final Pace pace;
        private final long maxBytes;
        private long read;

        Arriving(InputStream in, Pace pace, long maxBytes) {
            this.in = in;
            this.pace = pace;
            this.maxBytes = maxBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int offset, int length) throws IOException {
            int n = in.read(b, offset, length);
            if (n > 0) {
                read += n;
                if (read > maxBytes) {
                    throw new TooLong();
                }
                pace.came(n);
            }
            return n;
        }

        /** The body belongs to its request, which may still want to pass over the rest. */
        @Override
        public void close() {}
    }

    private static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final class TooSlow extends IOException {
        private static final long serialVersionUID = 1L;
        private final long bytesPerSecond;
        private final long silence;

        TooSlow(long bytesPerSecond, long silence) {
            this.bytesPerSecond = bytesPerSecond;
            this.silence = silence;
        }
    }
}
