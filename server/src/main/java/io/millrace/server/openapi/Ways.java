package io.millrace.server.openapi;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How callers get in.
 *
 * @param provider the OpenID provider whose tokens are taken; null where Millrace issues them itself
 * @param requestsPerSecond how many a client may send; null for any number
 */
public record Ways(@Nullable URI provider, @Nullable Integer requestsPerSecond) {}
