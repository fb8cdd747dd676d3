package io.millrace.cli.send;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where to send, and how.
 *
 * @param target the URL that takes events, {@code http} or {@code https}
 * @param single whether each event is a request of its own, as {@code application/json}
 * @param batchRecords how many events a request has at most, at least 1
 * @param batchBytes how many bytes a request has at most, before compression; a longer event is sent alone
 * @param parallel how many requests are under way at most, at least 1; with 1 the order of the events is kept
 * @param eventsPerSecond how fast to send at most; 0 for as fast as it goes
 * @param compress whether requests are compressed
 * @param watch whether to go on with what is appended, until {@link Sending#stop}
 * @param again whether events that were sent before are sent as new ones: their keys are made up
 * @param unsent where to keep what could not be sent, appended to what is there; null for a new file beside each input
 * @param giveUpAfter how long a request that fails is tried; null for as long as it takes
 * @param timeout how long an answer may take
 */
public record SendPlan(
        URI target,
        boolean single,
        int batchRecords,
        int batchBytes,
        int parallel,
        double eventsPerSecond,
        boolean compress,
        boolean watch,
        boolean again,
        @Nullable Path unsent,
        @Nullable Duration giveUpAfter,
        Duration timeout) {

    public static final int USUAL_BATCH_RECORDS = 1000;
    public static final int USUAL_BATCH_BYTES = 1_000_000;
    public static final int USUAL_PARALLEL = 4;
    public static final Duration USUAL_TIMEOUT = Duration.ofSeconds(60);

    /** Where a rate is given, a second's events go in as many requests, so that they come evenly. */
    private static final int REQUESTS_PER_SECOND = 10;

    public SendPlan {
        if (batchRecords < 1 || batchBytes < 1 || parallel < 1) {
            throw new IllegalArgumentException("a batch has a record and a byte or more, and one is under way or more");
        }
        if (!(eventsPerSecond >= 0 && eventsPerSecond < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the rate must be 0 or more, not " + eventsPerSecond);
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("the timeout must be more than 0, not " + timeout);
        }
    }

    /** How many events go into one request. */
    int recordsPerRequest() {
        if (single) {
            return 1;
        }
        return eventsPerSecond == 0
                ? batchRecords
                : (int) Math.clamp(Math.ceil(eventsPerSecond / REQUESTS_PER_SECOND), 1, batchRecords);
    }
}
