package io.millrace.server.gateway;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.InputStream;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A request that Helidon has read, in any version of HTTP. */
final class HelidonTransport implements Transport {

    private final RoutingRequest request;
    private final RoutingResponse response;
    private @Nullable InputStream content;

    HelidonTransport(RoutingRequest request, RoutingResponse response) {
        this.request = request;
        this.response = response;
    }

    @Override
    public HttpPrologue prologue() {
        return request.prologue();
    }

    @Override
    public ServerRequestHeaders headers() {
        return request.headers();
    }

    @Override
    public OptionalLong contentLength() {
        return request.headers().contentLength();
    }

    @Override
    public boolean hasBody() {
        return request.content().hasEntity();
    }

    @Override
    public boolean consumed() {
        return request.content().consumed();
    }

    @Override
    public InputStream content() {
        InputStream stream = content;
        if (stream == null) {
            stream = request.content().inputStream();
            content = stream;
        }
        return stream;
    }

    @Override
    public void send(Status status, List<Header> headers, byte[] body) {
        response.status(status);
        headers.forEach(response::header);
        if (prologue().method().equals(Method.HEAD)) {
            response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, body.length));
            response.send();
        } else {
            response.send(body);
        }
    }

    @Override
    public boolean reset() {
        return response.reset();
    }
}
