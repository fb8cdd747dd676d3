/**
 * What a handler of HTTP requests sees: a {@link io.millrace.server.http.Request}, the
 * {@link io.millrace.server.http.Answer} to it, and the {@link io.millrace.server.http.Route} that leads there. This room
 * knows no HTTP server, so that whoever answers requests needs none either; it may touch the auth room and nothing else.
 */
@NullMarked
package io.millrace.server.http;

import org.jspecify.annotations.NullMarked;
