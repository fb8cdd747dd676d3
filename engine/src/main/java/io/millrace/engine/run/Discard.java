package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.FencedException;
import io.millrace.api.Quarantine;
import io.millrace.api.Quarantine.Entry;
import io.millrace.api.Quarantine.Filter;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives up records of the quarantine: they are no longer there, and the ledger says so. It goes on where an earlier one was
 * broken off.
 *
 * <p>{@link #execute} is called once; {@link #stop} at any time from any thread.
 */
public final class Discard {

    private static final int PAGE = 10_000;

    private final Sink sink;
    private final Filter filter;
    private final @Nullable Condition where;
    private final RunListener listener;
    private final Tally tally;
    private final Destination destination;

    /**
     * @param id names it in the ledger; unique
     * @param where chooses by what is in records; null for all
     * @param random spreads retries
     */
    public Discard(
            Sink sink,
            Filter filter,
            @Nullable Condition where,
            String id,
            RunListener listener,
            RandomGenerator random) {
        this.sink = sink;
        this.filter = filter;
        this.where = where;
        this.listener = listener;
        this.tally = new Tally(id, null);
        this.destination = new Destination(sink, tally, listener, random);
    }

    /** Asks it to end early: what was discarded stays discarded. */
    public void stop() {
        tally.requestStop();
    }

    public boolean stopped() {
        return tally.stopRequested();
    }

    /** Returns how many were discarded of those that were there when it began. */
    public long execute() throws SinkException, IOException, InterruptedException {
        Quarantine quarantine = sink.quarantine();
        List<Entry> newest = destination.ask(() -> quarantine.page(filter, Quarantine.Order.NEWEST_FIRST, null, 1));
        long last = newest.isEmpty() ? Long.MIN_VALUE : newest.getFirst().number();
        long discarded = 0;
        Long after = null;
        while (!tally.stopRequested()) {
            Long from = after;
            List<Entry> page =
                    destination.ask(() -> quarantine.page(filter, Quarantine.Order.OLDEST_FIRST, from, PAGE)).stream()
                            .filter(entry -> entry.number() <= last)
                            .toList();
            if (page.isEmpty()) {
                break;
            }
            Fates fates = new Fates();
            for (Entry entry : where == null ? page : where.choose(page)) {
                fates.add(entry, new Replay.Fate.Dropped());
            }
            try {
                if (fates.size() > 0) {
                    destination.commit(new Commit(tally.run(), List.of(), fates.account()));
                    discarded += fates.size();
                }
                after = page.getLast().number();
            } catch (FencedException e) {
                // Another process has taken some of them: the page is read again without those.
                listener.fenced(e);
            } catch (Destination.StoppedException e) {
                break;
            }
        }
        return discarded;
    }
}
