/**
 * Sends files of events to a gateway over HTTP: cuts them into batches, sends each until it is answered, keeps what could
 * not be sent. Knows HTTP and lines of text; it neither parses a record nor writes to a terminal.
 *
 * <p>A record's way: {@link io.millrace.cli.send.Sending} lets a {@code WholeInput} or a {@code FollowedFile} read, a
 * {@code LineBatcher} cut, a {@code Delivery} try and try again, a {@code Gateway} speak HTTP, and where that ends badly
 * {@code Unsent} keeps the record.
 */
@NullMarked
package io.millrace.cli.send;

import org.jspecify.annotations.NullMarked;
