/**
 * Answers reads: rows of destination tables by key, lists of them, and the raw events of one person out of the log. Each is
 * a {@link io.millrace.server.http.Route} for the gateway. This room may touch the PostgreSQL connector, the log, the
 * formats and the shapes in {@code http}; it knows no HTTP server.
 */
@NullMarked
package io.millrace.server.read;

import org.jspecify.annotations.NullMarked;
