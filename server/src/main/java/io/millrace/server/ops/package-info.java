/**
 * What an operator sees of a server: health, the state of pipelines, metrics, traces and notices. Counts are plain adders
 * that requests and commits add to, and are put into words only when somebody asks. Knows nothing of how HTTP is served,
 * and nothing of OpenTelemetry, which only the room below knows and which is loaded only where it was asked for.
 */
@NullMarked
package io.millrace.server.ops;

import org.jspecify.annotations.NullMarked;
