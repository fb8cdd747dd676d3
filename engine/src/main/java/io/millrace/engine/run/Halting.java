package io.millrace.engine.run;

import io.millrace.api.RejectionLimit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches how many records are rejected and says when they are too many. What an attempt has read that is thrown away does
 * not count: the next begins with what was committed. Thread-safe.
 */
final class Halting {

    private final RejectionLimit limit;
    private final RecentRecords read;
    private final RecentRecords committed;

    /** What there was to see when there were too many; null where there were not. */
    private volatile RecentRecords.@Nullable Some tooMany;

    Halting(RejectionLimit limit) {
        this.limit = limit;
        this.read = new RecentRecords(limit);
        this.committed = new RecentRecords(limit);
    }

    boolean halted() {
        return tooMany != null;
    }

    void read(long received, long rejected) {
        if (read.add(received, rejected) && tooMany == null) {
            tooMany = read.all();
        }
    }

    void committed(long received, long rejected) {
        committed.add(received, rejected);
    }

    void beginAttempt() {
        RecentRecords.Some before = committed.all();
        read.clear();
        tooMany = null;
        if (before.received() > 0) {
            read(before.received(), before.rejected());
        }
    }

    /**
     * Why it is halted, and what to do.
     *
     * @param reasons how many records were rejected for each reason
     */
    String message(String pipeline, Map<String, Long> reasons) {
        RecentRecords.Some some = tooMany;
        if (some == null) {
            throw new IllegalStateException("not halted");
        }
        BigDecimal percent = BigDecimal.valueOf(some.rejected())
                .movePointRight(2)
                .divide(BigDecimal.valueOf(some.received()), 1, RoundingMode.HALF_UP);
        String most = reasons.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(e -> " Most were rejected for " + e.getKey() + ".")
                .orElse("");
        return String.format(
                Locale.ROOT,
                "%s was stopped by stop_when (%s): %,d of the last %,d records were rejected, %s %%.%s What was read is"
                        + " committed, and those are in the quarantine. Look at them, mend the pipeline or what sends to"
                        + " it, and start it again.",
                pipeline,
                limit,
                some.rejected(),
                some.received(),
                percent.toPlainString(),
                most);
    }
}
