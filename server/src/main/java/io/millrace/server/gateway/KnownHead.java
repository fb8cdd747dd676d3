package io.millrace.server.gateway;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.ServerRequestHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request of HTTP/1.1, to be known again when it comes byte by byte as it was, but for the length of the
 * body. Who sends one event after the other over one connection sends the same head each time; to compare it costs some
 * nanoseconds, to parse and check it some microseconds. What HPACK does for HTTP/2, with nothing to agree upon.
 *
 * <p>Only what {@link Front} has answered becomes known, so that a request is never understood in another way than Helidon
 * has understood it. Immutable.
 */
final class KnownHead {

    private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    /** Longer ones are parsed each time: every connection keeps one. */
    private static final int MOST_BYTES = 4 << 10;

    private static final int MOST_DIGITS = 6;

    /** They say how the rest of the connection or of the body is to be read. */
    private static final List<HeaderName> NEVER =
            List.of(HeaderNames.CONNECTION, HeaderNames.EXPECT, HeaderNames.TRANSFER_ENCODING, HeaderNames.UPGRADE);

    private final byte[] bytes;
    private final HttpPrologue prologue;
    private final ServerRequestHeaders headers;

    /** Where the digits of the length begin and end; both are the end of the head where there are none. */
    private final int digitsFrom;

    private final int digitsTo;

    private KnownHead(byte[] bytes, HttpPrologue prologue, ServerRequestHeaders headers, int digitsFrom, int digitsTo) {
        this.bytes = bytes;
        this.prologue = prologue;
        this.headers = headers;
        this.digitsFrom = digitsFrom;
        this.digitsTo = digitsTo;
    }

    /**
     * Learns a head.
     *
     * @param request a request as it came
     * @return null where it is not one that can be known again: its body is not there whole, something follows it, or its
     *     headers are not of the plain kind
     */
    static @Nullable KnownHead of(byte[] request, HttpPrologue prologue, ServerRequestHeaders headers) {
        if (!prologue.protocolVersion().equals("1.1") || NEVER.stream().anyMatch(headers::contains)) {
            return null;
        }
        int end = find(request, 0, Math.min(request.length, MOST_BYTES), END);
        if (end < 0) {
            return null;
        }
        byte[] head = Arrays.copyOf(request, end + END.length);
        int length = find(head, 0, head.length, LENGTH);
        int from = head.length;
        int to = head.length;
        if (length >= 0) {
            from = length + LENGTH.length;
            while (head[from] == ' ' || head[from] == '\t') {
                from++;
            }
            to = from;
            while (digit(head[to])) {
                to++;
            }
            if (head[to] != '\r' || find(head, to, head.length, LENGTH) >= 0) {
                return null;
            }
        }
        KnownHead known = new KnownHead(head, prologue, headers, from, to);
        boolean understood = known.match(request) == head.length
                && headers.contentLength().orElse(0) == request.length - head.length;
        return understood ? known : null;
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** @return where a text in small letters begins, whatever letters it is in there; -1 where it does not */
    private static int find(byte[] in, int from, int to, byte[] text) {
        for (int i = from; i <= to - text.length; i++) {
            int k = 0;
            while (k < text.length && small(in[i + k]) == text[k]) {
                k++;
            }
            if (k == text.length) {
                return i;
            }
        }
        return -1;
    }

    private static int small(byte b) {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }

    /**
     * Compares.
     *
     * @return where the body begins, if this is one whole request with this head and nothing after it; -1 otherwise
     */
    int match(byte[] request) {
        if (!startsWith(request, 0, 0, digitsFrom)) {
            return -1;
        }
        int p = digitsFrom;
        int length = 0;
        while (p < request.length && p - digitsFrom <= MOST_DIGITS && digit(request[p])) {
            length = 10 * length + request[p] - '0';
            p++;
        }
        int digits = p - digitsFrom;
        boolean plain = tellsLength()
                ? digits > 0 && digits <= MOST_DIGITS && (digits == 1 || request[digitsFrom] != '0')
                : digits == 0;
        if (!plain || !startsWith(request, p, digitsTo, bytes.length)) {
            return -1;
        }
        int body = p + bytes.length - digitsTo;
        return request.length - body == length ? body : -1;
    }

    private boolean startsWith(byte[] request, int at, int from, int to) {
        return request.length - at >= to - from && Arrays.equals(request, at, at + to - from, bytes, from, to);
    }

    boolean tellsLength() {
        return digitsTo > digitsFrom;
    }

    HttpPrologue prologue() {
        return prologue;
    }

    ServerRequestHeaders headers() {
        return headers;
    }
}
