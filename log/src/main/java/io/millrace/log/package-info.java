/**
 * The event log: takes the bytes of records from many threads, answers when they are on disk, and hands them out again,
 * in order, to readers that follow. It knows bytes and lines, not JSON, pipelines or HTTP; it may touch the API and the
 * JDK, and on disk nothing outside its folder.
 *
 * <pre>
 *   log/                                    one {@link io.millrace.log.Log}
 *     log.id                                a random name, made once
 *     .slots/0.lock, 0.owner, ...           who writes now: one slot a process
 *     clicks/                               a stream
 *       0.clients                           names of clients, numbered; one file a slot
 *       0-0/                                partition 0 of slot 0
 *         00000000000000000000.ndjson       a segment: the records' lines and nothing else
 *         00000000000000000000.index        one {@link io.millrace.log.IndexEntry} for each chunk of it
 *         00000000000268435401.ndjson       the next, named by the offset of its first byte
 *         00000000000268435401.index
 *         00000000000000004711.torn         what recovery cut off, with .torn-index
 * </pre>
 *
 * <p>Writing: {@link io.millrace.log.StreamWriter} to {@link io.millrace.log.PartitionWriter}, which stages bytes and has
 * one thread that writes and forces them group by group. Reading: {@link io.millrace.log.PartitionReader}. Why it is so:
 * {@code docs/decisions/0005-event-log.md}.
 */
@NullMarked
package io.millrace.log;

import org.jspecify.annotations.NullMarked;
