package io.millrace.cli.send;

import io.millrace.cli.send.Gateway.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;

/**
 * Sends a batch until that has come to an end: taken, refused for good, or given up. A batch that was not answered is sent
 * again under the same key; one that is too large goes in halves, each under a key of its own. What is not taken is kept.
 * Thread-safe: each thread delivers a batch of its own.
 */
final class Delivery {

    private static final String MANY = "application/x-ndjson";
    private static final String ONE = "application/json";

    private final SendPlan plan;
    private final Gateway gateway;
    private final IdempotencyKeys keys;
    private final Unsent unsent;
    private final Tally tally;
    private final SendListener listener;
    private final StopSignal stop;
    private final Backoff backoff;
    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private final Outage outage;

    /**
     * @param stop ends every wait for another try
     * @param nanoTime a clock as {@link System#nanoTime} is one
     */
    Delivery(
            SendPlan plan,
            Gateway gateway,
            Unsent unsent,
            Tally tally,
            SendListener listener,
            StopSignal stop,
            Backoff backoff,
            RandomGenerator random,
            LongSupplier nanoTime) {
        this.plan = plan;
        this.gateway = gateway;
        this.keys = new IdempotencyKeys(plan.target());
        this.unsent = unsent;
        this.tally = tally;
        this.listener = listener;
        this.stop = stop;
        this.backoff = backoff;
        this.random = random;
        this.nanoTime = nanoTime;
        this.outage = new Outage(nanoTime);
    }

    /** @throws IOException if what was not taken can't be kept */
    void deliver(Batch batch) throws IOException, InterruptedException {
        Request request = request(batch);
        long start = nanoTime.getAsLong();
        for (int failures = 1; ; failures++) {
            switch (gateway.post(request)) {
                case Answer.Accepted accepted -> {
                    answered();
                    accepted(batch, accepted);
                    return;
                }
                case Answer.TooLarge tooLarge -> {
                    answered();
                    if (batch.size() > 1) {
                        deliver(batch.firstHalf());
                        deliver(batch.secondHalf());
                    } else {
                        refused(batch, tooLarge.status(), tooLarge.detail());
                    }
                    return;
                }
                case Answer.Refused refused -> {
                    answered();
                    refused(batch, refused.status(), refused.detail());
                    return;
                }
                case Answer.Later later -> {
                    Duration trying = Duration.ofNanos(nanoTime.getAsLong() - start);
                    if (!again(batch, later, failures, longer(trying, outage.failed()))) {
                        return;
                    }
                }
            }
        }
    }

    private Request request(Batch batch) throws IOException {
        byte[] content = batch.bytes();
        if (plan.single()) {
            // Without the newline, which belongs to the format of many.
            content = Arrays.copyOf(content, content.length - 1);
        }
        if (plan.compress()) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream(content.length / 4 + 64);
            try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                out.write(content);
            }
            content = packed.toByteArray();
        }
        return new Request(content, batch.size(), plan.single() ? ONE : MANY, plan.compress(), keys.of(batch));
    }

    private void answered() {
        if (outage.ended()) {
            listener.back();
        }
    }

    private void accepted(Batch batch, Answer.Accepted accepted) throws IOException {
        tally.accepted(batch, accepted);
        for (Answer.RefusedLine line : accepted.refused()) {
            int index = line.line() - 1;
            String what = line.code().isEmpty() ? "refused" : Discretion.oneLine(line.code());
            String where = line.field().isEmpty() ? "" : " in " + Discretion.oneLine(line.field());
            String message = Discretion.hide(line.message(), batch.bytes(), batch.start(index), batch.ends()[index]);
            String text = what + where + (message.isEmpty() ? "" : ": " + message);
            unsent.keep(batch, index, new Reason(what + where, text, false));
        }
    }

    private void refused(Batch batch, String status, String detail) throws IOException {
        tally.refused(batch);
        String shown = Discretion.hide(detail, batch.bytes(), 0, batch.bytes().length);
        unsent.keep(batch, new Reason(status, shown.isEmpty() ? status : status + ": " + shown, false));
    }

    /** Waits until it is time for another try; false where there is none, and the batch is kept. */
    private boolean again(Batch batch, Answer.Later later, int failures, Duration failing)
            throws IOException, InterruptedException {
        String maybe = later.unanswered() ? "; it may have arrived all the same" : "";
        Duration limit = plan.giveUpAfter();
        if (limit != null && failing.compareTo(limit) >= 0) {
            unsent.keep(batch, Reason.of("given up: " + later.reason() + maybe, true));
            return false;
        }
        Duration wait = longer(later.asked().orElse(Duration.ZERO), backoff.wait(failures, random));
        if (limit != null && wait.compareTo(limit.minus(failing)) > 0) {
            // One more try when the time is up.
            wait = limit.minus(failing);
        }
        if (!stop.isGiven()) {
            listener.retrying(later.reason(), wait);
        }
        if (stop.await(wait)) {
            unsent.keep(batch, Reason.of("stopped while it was tried again: " + later.reason() + maybe, true));
            return false;
        }
        tally.retried();
        return true;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
