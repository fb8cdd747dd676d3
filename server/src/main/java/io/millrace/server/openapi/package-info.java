/**
 * Tells callers what the server answers: {@code /openapi.json}, made of the routes that are in force, and {@code /docs}, a
 * page to try them. This room may touch the shapes in {@code http}, the scopes and the types of the API; it knows no HTTP
 * server, no pipelines and no databases.
 */
@NullMarked
package io.millrace.server.openapi;

import org.jspecify.annotations.NullMarked;
