package io.millrace.cli.send;

import java.util.HashMap;
import java.util.Map;

/** Counts what becomes of events. Thread-safe. */
final class Tally {

    private final Map<String, Long> positions = new HashMap<>();
    private long bytes;
    private long sent;
    private long accepted;
    private long repeated;
    private long refused;
    private long requests;
    private long retries;

    synchronized void read(long count) {
        bytes += count;
    }

    synchronized void accepted(Batch batch, Answer.Accepted answer) {
        requests++;
        sent += batch.size();
        accepted += answer.accepted();
        repeated += answer.repeated() ? answer.accepted() : 0;
        refused += answer.refused().size();
        answer.positions().forEach((partition, offset) -> positions.merge(partition, offset, Math::max));
    }

    synchronized void refused(Batch batch) {
        requests++;
        sent += batch.size();
        refused += batch.size();
    }

    synchronized void retried() {
        retries++;
    }

    synchronized Map<String, Long> positions() {
        return Map.copyOf(positions);
    }

    synchronized SendSummary.Counts counts(long kept) {
        return new SendSummary.Counts(bytes, sent, accepted, repeated, refused, kept, requests, retries);
    }
}
