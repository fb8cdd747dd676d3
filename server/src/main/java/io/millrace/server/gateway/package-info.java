/**
 * The HTTP server: takes events into the log, issues tokens, and leads every other request to its handler. The way in is
 * {@link io.millrace.server.gateway.Gateway}.
 *
 * <pre>
 *   connection -&gt; Wire (deadlines, memory) -&gt; Helidon (HTTP/1.1, HTTP/2) -&gt; Front (route, token, limits)
 *                                                                            |-&gt; IntakeHandler -&gt; StreamWriter
 *                                                                            `-&gt; Handler of a Route
 * </pre>
 *
 * <p>The only room that knows the HTTP server it is built on. It may touch the log, the formats, the auth room and the
 * shapes in {@code http}; it knows no pipelines and no databases.
 */
@NullMarked
package io.millrace.server.gateway;

import org.jspecify.annotations.NullMarked;
