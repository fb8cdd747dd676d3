package io.millrace.server.gateway;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.http.DateTime;
import io.helidon.http.Header;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.ServerConnectionException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/** A request of HTTP/1.1 with a head that is known: all of it is there, and nothing is left to parse. */
final class DirectTransport implements Transport {

    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATE = "Date: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTENT_LENGTH = "Content-Length: ".getBytes(StandardCharsets.US_ASCII);
    private static final int USUAL_HEAD_BYTES = 256;

    /** A body that is longer is not copied to be sent with the head. */
    private static final int COPIED_BYTES = 16 << 10;

    private final Wire wire;
    private final KnownHead head;
    private final int bodyLength;
    private final Content content;
    private boolean sent;

    /**
     * @param request a whole request, and nothing else
     * @param body where its body begins
     */
    DirectTransport(Wire wire, KnownHead head, byte[] request, int body) {
        this.wire = wire;
        this.head = head;
        this.bodyLength = request.length - body;
        this.content = new Content(request, body, bodyLength);
    }

    @Override
    public HttpPrologue prologue() {
        return head.prologue();
    }

    @Override
    public ServerRequestHeaders headers() {
        return head.headers();
    }

    @Override
    public OptionalLong contentLength() {
        return head.tellsLength() ? OptionalLong.of(bodyLength) : OptionalLong.empty();
    }

    @Override
    public boolean hasBody() {
        return bodyLength > 0;
    }

    /** As Helidon has it: who is refused before the end of its body was seen is sent away, though here all of it came. */
    @Override
    public boolean consumed() {
        return bodyLength == 0 || content.ended;
    }

    @Override
    public InputStream content() {
        return content;
    }

    @Override
    public void send(Status status, List<Header> headers, byte[] body) {
        sent = true;
        boolean bodiless = status.code() == 204 || status.code() == 304;
        BufferData text = BufferData.growing(USUAL_HEAD_BYTES + Math.min(body.length, COPIED_BYTES));
        text.write(VERSION);
        text.writeAscii(status.codeText());
        text.write(' ');
        text.writeAscii(status.reasonPhrase());
        end(text);
        text.write(DATE);
        // Ends with its newline.
        text.write(DateTime.http1Bytes());
        // Helidon tells a length of 0 where there can be no body.
        text.write(CONTENT_LENGTH);
        text.writeAscii(Integer.toString(bodiless ? 0 : body.length));
        end(text);
        for (Header header : headers) {
            header.writeHttp1Header(text);
        }
        end(text);
        boolean withBody = !bodiless && !prologue().method().equals(Method.HEAD);
        try {
            if (withBody && body.length > COPIED_BYTES) {
                wire.dataWriter().writeNow(text, BufferData.create(body));
                return;
            }
            if (withBody) {
                text.write(body);
            }
            wire.dataWriter().writeNow(text);
        } catch (UncheckedIOException | SocketWriterException e) {
            throw new ServerConnectionException("The answer could not be sent", e);
        }
    }

    private static void end(BufferData text) {
        text.write('\r');
        text.write('\n');
    }

    @Override
    public boolean reset() {
        return !sent;
    }

    /** A body that knows whether its end was seen. */
    private static final class Content extends ByteArrayInputStream {
        private boolean ended;

        Content(byte[] bytes, int from, int length) {
            super(bytes, from, length);
        }

        @Override
        public synchronized int read() {
            int b = super.read();
            ended |= b < 0;
            return b;
        }

        @Override
        public synchronized int read(byte[] b, int offset, int length) {
            int n = super.read(b, offset, length);
            ended |= n < 0;
            return n;
        }
    }
}
