package io.millrace.server.gateway;

import io.helidon.http.Header;
import io.helidon.http.HttpPrologue;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import java.io.InputStream;
import java.util.List;
import java.util.OptionalLong;

/** How a request comes and its answer goes. Confined to the request's thread. */
interface Transport {

    HttpPrologue prologue();

    ServerRequestHeaders headers();

    /** The length that the client says the body has; empty where it says none. */
    OptionalLong contentLength();

    boolean hasBody();

    /** Whether all of the body was read. */
    boolean consumed();

    /** The body as it comes; the same each time. */
    InputStream content();

    /** Sends the answer, whole, once. To {@code HEAD} go the headers only. */
    void send(Status status, List<Header> headers, byte[] body);

    /** Whether nothing was sent, so that another answer can be. */
    boolean reset();
}
