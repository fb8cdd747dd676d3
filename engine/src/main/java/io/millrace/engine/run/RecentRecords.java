package io.millrace.engine.run;

import io.millrace.api.RejectionLimit;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many of the last records were rejected, seen through a window that moves on batch by batch. Thread-safe. */
final class RecentRecords {

    private final RejectionLimit limit;

    // All guarded by this.
    private final Deque<Some> window = new ArrayDeque<>();
    private long received;
    private long rejected;

    /** Records that came together. */
    record Some(long received, long rejected) {}

    RecentRecords(RejectionLimit limit) {
        this.limit = limit;
    }

    /**
     * More were received, or more of those that were received before turned out to be rejected.
     *
     * @return whether too many are
     */
    synchronized boolean add(long moreReceived, long moreRejected) {
        window.addLast(new Some(moreReceived, moreRejected));
        received += moreReceived;
        rejected += moreRejected;
        while (received - window.getFirst().received() >= limit.records()) {
            Some gone = window.removeFirst();
            received -= gone.received();
            rejected -= gone.rejected();
        }
        return limit.exceeded(rejected, received);
    }

    synchronized Some all() {
        return new Some(received, rejected);
    }

    synchronized void clear() {
        window.clear();
        received = 0;
        rejected = 0;
    }
}
