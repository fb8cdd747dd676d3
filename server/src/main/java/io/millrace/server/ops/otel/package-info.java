/** Sends metrics and traces by OTLP. The only room that knows OpenTelemetry; nothing of it is loaded where it is not asked for. */
@NullMarked
package io.millrace.server.ops.otel;

import org.jspecify.annotations.NullMarked;
