/**
 * The {@code http} source: what clients have posted, read from the log that the gateway writes. Knows the API, the formats
 * and the log; knows nothing of HTTP itself, which is the server's.
 *
 * <p>A partition of the log is a split, and an offset in it an offset. {@code millrace run} reads what is there and ends;
 * {@code millrace up} follows it.
 */
@NullMarked
package io.millrace.connectors.http;

import org.jspecify.annotations.NullMarked;
