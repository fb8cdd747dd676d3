package io.millrace.server.gateway;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * From HTTP/1.1 to HTTP/2, where the client asks for it as RFC 7540, section 3.2 has it. Otherwise the request is answered
 * as it came; Helidon by itself would answer it with 500. Immutable.
 */
record CleartextUpgrade(Http1Upgrader helidon) implements Http1Upgrader {

    private static final HeaderName SETTINGS = HeaderNames.create("HTTP2-Settings");

    /** An identifier of two bytes and a value of four. */
    private static final int SETTING_BYTES = 6;

    @Override
    public String supportedProtocol() {
        return helidon.supportedProtocol();
    }

    @Override
    @SuppressWarnings("NullAway") // Helidon takes null for a connection that stays as it is, and does not say so.
    public @Nullable ServerConnection upgrade(
            ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
        return proper(headers) ? helidon.upgrade(context, prologue, headers) : null;
    }

    private static boolean proper(WritableHeaders<?> headers) {
        if (!headers.contains(SETTINGS) || headers.get(SETTINGS).valueCount() != 1) {
            return false;
        }
        try {
            return Base64.getUrlDecoder().decode(headers.get(SETTINGS).get()).length % SETTING_BYTES == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
