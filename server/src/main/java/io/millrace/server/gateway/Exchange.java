package io.millrace.server.gateway;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.millrace.formats.JsonText;
import io.millrace.server.auth.Call;
import io.millrace.server.auth.Tokens;
import io.millrace.server.http.Answer;
import io.millrace.server.http.Problem;
import io.millrace.server.http.ProblemException;
import io.millrace.server.http.Request;
import io.millrace.server.ops.RequestTrace;
import io.millrace.server.ops.RouteMeter;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A request and the way to answer it. Confined to the request's thread. */
final class Exchange implements Request, AutoCloseable {

    static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

    private static final Header PROBLEM_JSON =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/problem+json");
    private static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id", "X-Request-Id");

    /** A body no longer than this is read to its end although nobody wants it, so that the connection can be kept. */
    private static final long PASSED_OVER_BYTES = 64 << 10;

    /** How much more is read, and for how long, of a body that is too long: the answer would get lost otherwise. */
    private static final long LINGER_BYTES = 8 << 20;

    private static final long LINGER_MILLIS = 2_000;

    private final Protocols protocols;
    private final Wire wire;
    private final Transport transport;
    private final boolean http2;
    private final Watch.Deadline deadline;
    private final String id;

    private Map<String, String> parameters = Map.of();
    private @Nullable String client;
    private @Nullable Map<String, List<String>> query;
    private boolean contentOpened;
    private @Nullable RouteMeter meter;
    private @Nullable RequestTrace trace;
    private int status;

    Exchange(Protocols protocols, RequestIds ids, Wire wire, Transport transport) {
        this.protocols = protocols;
        this.wire = wire;
        this.transport = transport;
        this.http2 = http2(transport);
        wire.enter(http2);
        // Requests of HTTP/2 are under way side by side, and each is too slow by itself.
        this.deadline = http2 ? protocols.watch().open(wire::cut) : wire.deadline();
        this.id = ids.of(header(REQUEST_ID));
    }

    /** The request is answered, or its connection is broken. */
    @Override
    public void close() {
        if (http2) {
            deadline.close();
        }
        wire.leave(http2);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String method() {
        return transport.prologue().method().text();
    }

    @Override
    public String path() {
        return transport.prologue().uriPath().rawPath();
    }

    void parameters(Map<String, String> values) {
        parameters = values;
    }

    @Override
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The route has no parameter " + name);
        }
        return value;
    }

    @Override
    public Map<String, List<String>> query() {
        Map<String, List<String>> read = query;
        if (read == null) {
            read = read(transport.prologue().query());
            query = read;
        }
        return read;
    }

    private static Map<String, List<String>> read(UriQuery raw) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        String text = raw.rawValue();
        if (text == null || text.isEmpty()) {
            return values;
        }
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        }
        return values;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable String header(String name) {
        return header(HeaderNames.create(name));
    }

    @Nullable
    String header(HeaderName name) {
        return transport.headers().contains(name)
                ? transport.headers().get(name).get()
                : null;
    }

    void client(@Nullable String name) {
        client = name;
    }

    @Override
    public @Nullable String client() {
        return client;
    }

    @Override
    public String remoteAddress() {
        return wire.remoteAddress();
    }

    void meter(@Nullable RouteMeter ofRoute) {
        meter = ofRoute;
    }

    /** Counts it; null where nothing is at its path. */
    @Nullable
    RouteMeter meter() {
        return meter;
    }

    void trace(@Nullable RequestTrace begun) {
        trace = begun;
    }

    /** Follows it; null where nobody does. */
    @Nullable
    RequestTrace trace() {
        return trace;
    }

    /** What it was answered with; 0 while it is not, and where its connection broke before. */
    int status() {
        return status;
    }

    /** @param route the path as it is declared */
    Call call(String route) {
        return new Call(header(HeaderNames.AUTHORIZATION), wire.remoteAddress(), method(), route, id);
    }

    Tokens.Last lastToken() {
        return http2 ? new Tokens.Last() : wire.token();
    }

    Protocols protocols() {
        return protocols;
    }

    boolean http2() {
        return http2;
    }

    static boolean http2(Transport transport) {
        return transport.prologue().protocolVersion().equals("2.0");
    }

    Wire wire() {
        return wire;
    }

    Watch.Deadline deadline() {
        return deadline;
    }

    JsonText json() {
        return http2 ? new JsonText() : wire.json();
    }

    /** The length that the client says its body has; empty where it says none. */
    OptionalLong contentLength() {
        return transport.contentLength();
    }

    boolean chunked() {
        return http2
                ? contentLength().isEmpty() && transport.hasBody()
                : transport.headers().contains(HeaderNames.TRANSFER_ENCODING);
    }

    /** The body as it comes; read within the time that the deadline gives. */
    InputStream content() {
        contentOpened = true;
        return transport.content();
    }

    @Override
    public byte[] body(int maxBytes) throws ProblemException {
        try (Body body = Body.read(this, maxBytes)) {
            return Arrays.copyOf(body.bytes(), body.length());
        }
    }

    /** Answers with bytes. */
    void send(Status answer, Header contentType, byte[] body) {
        finish(answer, List.of(contentType, requestId()), body);
    }

    void send(Answer answer) {
        finish(Status.create(answer.status()), headers(answer.headers()), answer.body());
    }

    /** Some headers and those that every answer has. */
    private List<Header> headers(Map<String, String> some) {
        List<Header> headers = new ArrayList<>(some.size() + 3);
        some.forEach((name, value) -> headers.add(HeaderValues.create(name, value)));
        headers.add(requestId());
        return headers;
    }

    private Header requestId() {
        return HeaderValues.create(REQUEST_ID, id);
    }

    private void finish(Status answer, List<Header> headers, byte[] body) {
        deadline.in(protocols.limits().silence().toMillis());
        transport.send(answer, headers, body);
        status = answer.code();
    }

    /** Answers with a problem. What is left of the body is passed over, or the connection is closed. */
    void refuse(Problem problem) {
        if (!transport.reset()) {
            throw new CloseConnectionException("The request failed when a part of its answer was sent already");
        }
        boolean keep = http2 || transport.consumed() || passedOver();
        List<Header> headers = headers(problem.headers());
        headers.add(PROBLEM_JSON);
        if (!keep) {
            headers.add(HeaderValues.CONNECTION_CLOSE);
        }
        finish(Status.create(problem.status()), headers, problem.json(id));
        if (!keep) {
            // Who waits for 100 (Continue) sends nothing now.
            if (contentOpened || !transport.headers().contains(HeaderNames.EXPECT)) {
                linger(content());
            }
            // Helidon does not close by itself what an answer says will be closed.
            throw new CloseConnectionException("The request was refused before all of it was read");
        }
    }

    /** A client that says that its connection closes waits for that; Helidon says so too and does not do it. */
    void endConnectionWhereAsked() {
        if (!http2
                && transport.headers().contains(HeaderNames.CONNECTION)
                && transport.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            throw new CloseConnectionException("The client wants the connection closed");
        }
    }

    /** Whether Helidon may read what is left of the body by itself. */
    private boolean passedOver() {
        return !contentOpened
                && !transport.headers().contains(HeaderNames.EXPECT)
                && !chunked()
                && contentLength().orElse(0) <= PASSED_OVER_BYTES;
    }

    /** Closing a socket with bytes that were not read makes the other side forget the answer (RFC 9112, section 9.6). */
    private void linger(InputStream rest) {
        deadline.in(LINGER_MILLIS);
        byte[] nowhere = new byte[8 << 10];
        try {
            long read = 0;
            int n = 0;
            while (n >= 0 && read < LINGER_BYTES) {
                n = rest.read(nowhere);
                read += n;
            }
        } catch (java.io.IOException | RuntimeException e) {
            // It was a courtesy; whatever is wrong with the rest, the connection is closed next.
            throw new CloseConnectionException("The request was refused before all of it was read", e);
        }
    }
}
