package io.millrace.cli.send;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What came of it all.
 *
 * @param counts what became of the events
 * @param kept what could not be sent, input by input
 * @param unread inputs that were not read to their end because {@link Sending#stop} was called
 * @param failures what else went wrong
 * @param stopped whether {@link Sending#stop} was called
 * @param positions for each partition of the log that the gateway named, the offset after the last byte of what was sent
 * @param elapsed from the first byte read to the last answer
 */
public record SendSummary(
        Counts counts,
        List<Kept> kept,
        List<Unread> unread,
        List<Failure> failures,
        boolean stopped,
        Map<String, Long> positions,
        Duration elapsed) {

    /**
     * Events and requests, counted.
     *
     * @param bytes read, as they are on disk
     * @param sent events with an answer that is final, a good one or a bad one
     * @param accepted events that the gateway took, as it says
     * @param repeated of these, events in batches that it had taken before
     * @param refused events that it refused, each by itself or with its whole request
     * @param kept events that are kept: those refused, and those that could not be sent
     * @param requests how many requests had a final answer
     * @param retries how many requests were repeated
     */
    public record Counts(
            long bytes,
            long sent,
            long accepted,
            long repeated,
            long refused,
            long kept,
            long requests,
            long retries) {}

    /**
     * Something that is neither the gateway's nor a record's fault: an input that can't be read, a file that can't be
     * written.
     *
     * @param what it came to, for a person
     */
    public record Failure(String what, IOException cause) {}

    /**
     * The rest of an input, from a line on.
     *
     * @param input what the user calls it
     * @param line the first line that was not sent, from 1
     */
    public record Unread(String input, long line) {}
}
