package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.api.Commit;
import io.millrace.api.Commit.Counts;
import io.millrace.api.FencedException;
import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.Quarantine;
import io.millrace.api.Quarantine.Entry;
import io.millrace.api.Quarantine.Filter;
import io.millrace.api.Rejection;
import io.millrace.api.RowsRefusedException;
import io.millrace.api.Schema;
import io.millrace.api.SinkException;
import io.millrace.api.Source;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Puts records of the quarantine through their pipeline again, the oldest first, as the pipeline is now. Those that are
 * loaded leave the quarantine in the same commit; those that fail again stay, with their new reason. Whatever is killed,
 * and however many replays there are at once, each record is loaded once: a commit that releases a record that is no longer
 * there changes nothing.
 *
 * <p>{@link #execute} is called once; {@link #stop} at any time from any thread.
 */
public final class Replay {

    private static final int PAGE = 2_000;

    /** For a job whose records come out of the quarantine. */
    public static final Source NO_SOURCE = new Source() {
        @Override
        public List<Split> splits(Map<String, Offset> progress) {
            return List.of();
        }

        @Override
        public SplitReader open(Split split, @Nullable Offset from, Projection projection) {
            throw new IllegalStateException("there is nothing to open");
        }

        @Override
        public List<String> remarks() {
            return List.of();
        }

        @Override
        public void close() {}
    };

    private final Job job;
    private final Choice choice;
    private final boolean dry;
    private final Watcher watcher;
    private final Tally tally;
    private final Destination destination;
    private final Rereads records;
    /** Columns that a dry run would have added. */
    private final List<Schema.Field> foreseen = new ArrayList<>();
    /** Why fields that the contract does not name can't be columns, by their names. */
    private final Map<String, String> refused = new HashMap<>();

    private final InstantSource clock;
    /** For each split whose records can't be read again, why. */
    private final Map<String, String> unread = new TreeMap<>();

    private Summary summary = new Summary(Counts.NONE, 0, 0, 0, 0, 0, List.of());

    /**
     * Which records are put through.
     *
     * @param filter by what the quarantine says of them
     * @param where by what is in them; null for all
     * @param edit mends them before; null where they are put through as they arrived
     */
    public record Choice(
            Filter filter,
            @Nullable Condition where,
            @Nullable Edit edit) {}

    /** What becomes of a record. */
    public sealed interface Fate {

        /** It takes part in a row. */
        record Loaded() implements Fate {}

        /** The query leaves it out. */
        record Filtered() implements Fate {}

        /** It repeats a record that was loaded. */
        record Repeated() implements Fate {}

        /** It is given up. */
        record Dropped() implements Fate {}

        /** It stays, for this reason. */
        record Fails(Rejection rejection) implements Fate {}

        /** It stays as it is, since it can't be put through. */
        record Stays(String why) implements Fate {}

        /** What it changes in the ledger. */
        default Counts counts() {
            return switch (this) {
                case Loaded() -> new Counts(0, 1, 0, 0, -1, 0);
                case Filtered() -> new Counts(0, 0, 1, 0, -1, 0);
                case Repeated() -> new Counts(0, 0, 0, 1, -1, 0);
                case Dropped() -> new Counts(0, 0, 0, 0, -1, 1);
                case Fails _, Stays _ -> Counts.NONE;
            };
        }
    }

    /**
     * What a replay came to.
     *
     * @param counts of those that left the quarantine; {@code quarantined} is how many left, negative
     * @param failed how many failed again
     * @param stayed how many could not be put through
     * @param undecided of how many it could not be told whether they were meant
     * @param commits how many transactions it took
     * @param fenced how often another process had taken records that this one wanted too
     * @param unread for each split whose records can't be read again, why
     */
    public record Summary(
            Counts counts, long failed, long stayed, long undecided, long commits, long fenced, List<String> unread) {

        /** How many records were put through. */
        public long records() {
            return failed + stayed - counts.quarantined();
        }
    }

    /** Hears what becomes of records. Called by the thread that runs. */
    public interface Watcher extends RunListener {

        /** This became of a record; of a dry run, this would. */
        default void became(Entry entry, Fate fate) {}

        /** Rows that a dry run would bring to the destination. Valid during the call. */
        default void rows(Batch rows) {}
    }

    /**
     * @param job the pipeline; its source is not read, nor closed
     * @param id names it in the ledger; unique
     * @param dry whether only to say what would become of the records; nothing is changed then
     * @param clock tells the time at which records are read
     * @param random spreads retries
     */
    public Replay(
            Job job,
            Rereads records,
            Choice choice,
            String id,
            boolean dry,
            Watcher watcher,
            InstantSource clock,
            RandomGenerator random) {
        this.job = job.keeping();
        this.choice = choice;
        this.dry = dry;
        this.watcher = watcher;
        this.tally = new Tally(id, null);
        this.destination = new Destination(job.sink(), tally, watcher, random);
        this.records = records;
        this.clock = clock;
    }

    /** Asks it to end early: what is being committed is committed, no more is read. */
    public void stop() {
        tally.requestStop();
    }

    /**
     * Runs to the end of what was in the quarantine when it began.
     *
     * @throws SinkException where the destination can't take what it is given, with what to do
     * @throws IOException where records can't be told apart by their condition
     */
    public Summary execute() throws SinkException, IOException, InterruptedException {
        if (!dry) {
            destination.prepare(evolved().job().shape());
        }
        Quarantine quarantine = job.sink().quarantine();
        List<Entry> newest = page(quarantine, Quarantine.Order.NEWEST_FIRST, null, 1);
        if (newest.isEmpty()) {
            return summary;
        }
        Passing passing = passing();
        long last = newest.getFirst().number();
        Long after = null;
        while (!tally.stopRequested()) {
            List<Entry> page = page(quarantine, Quarantine.Order.OLDEST_FIRST, after, PAGE);
            List<Entry> meant =
                    page.stream().filter(entry -> entry.number() <= last).toList();
            if (meant.isEmpty()) {
                break;
            }
            try {
                put(meant, passing);
                after = meant.getLast().number();
            } catch (FencedException e) {
                // What another process has taken is not there when the page is read again.
                watcher.fenced(e);
                passing = passing();
                summary = sum(Counts.NONE, 0, 0, 0, 0, 1);
            } catch (FieldsFound found) {
                evolve(found.columns());
                passing = passing();
            } catch (Destination.StoppedException e) {
                // It was asked to stop and could not commit: the summary says what is committed.
            }
        }
        return summary;
    }

    /** The job with the columns that there are by now. */
    private Evolved evolved() throws SinkException, InterruptedException {
        List<Schema.Field> columns = new ArrayList<>(destination.evolved(job));
        columns.addAll(foreseen);
        return Evolved.of(job, columns, refused);
    }

    private void evolve(List<Schema.Field> columns) throws SinkException, InterruptedException {
        if (dry) {
            foreseen.addAll(columns);
        } else {
            refused.putAll(destination.evolve(columns));
        }
    }

    /** With what is loaded by now. */
    private Passing passing() throws SinkException, InterruptedException {
        Evolved evolved = evolved();
        if (!dry) {
            destination.prepare(evolved.job().shape());
        }
        Job.Dedupe dedupe = job.dedupe();
        SeenKeys seen = null;
        if (dedupe != null) {
            // Where there is a quarantine, the destination was made ready before.
            seen = new SeenKeys(dedupe.within());
            destination.remembered(seen);
        }
        return new Passing(evolved, records, choice.edit(), clock, seen, unread);
    }

    /** Whether it was asked to stop. */
    public boolean stopped() {
        return tally.stopRequested();
    }

    private List<Entry> page(Quarantine quarantine, Quarantine.Order order, @Nullable Long after, int limit)
            throws SinkException, InterruptedException {
        return destination.ask(() -> quarantine.page(choice.filter(), order, after, limit));
    }

    private void put(List<Entry> page, Passing passing) throws SinkException, IOException, InterruptedException {
        Condition where = choice.where();
        long undecidedBefore = where == null ? 0 : where.undecided();
        List<Entry> meant = where == null ? page : where.choose(page);
        long undecided = where == null ? 0 : where.undecided() - undecidedBefore;
        if (dry && Evolved.evolves(job)) {
            // Rows are told once, with all the columns that they would have.
            passing.together(meant, rows -> {});
            passing.forget();
        }
        Fates fates = passing.together(meant, dry ? watcher::rows : passing.staging()::add);
        boolean committed = false;
        if (!dry) {
            try {
                committed = commit(fates, null, passing);
            } catch (RowsRefusedException e) {
                // Together they can't be loaded: then those of them that can.
                passing.forget();
                Passing.Apart apart = passing.apart(meant);
                committed = commit(apart.fates(), apart, passing);
                passing.forget(apart.refused());
                fates = apart.fates();
            }
        }
        Counts counts = Counts.NONE;
        long failed = 0;
        long stayed = 0;
        for (int i : fates.inOrder()) {
            Fate fate = fates.fate(i);
            counts = counts.plus(fate.counts());
            failed += fate instanceof Fate.Fails ? 1 : 0;
            stayed += fate instanceof Fate.Stays ? 1 : 0;
            watcher.became(fates.entry(i), fate);
        }
        summary = sum(counts, failed, stayed, undecided, committed ? 1 : 0, 0);
    }

    /** False where there is nothing to commit. */
    private boolean commit(Fates fates, Commit.@Nullable Sifting sifting, Passing passing)
            throws SinkException, InterruptedException {
        Commit.Account account = fates.account();
        if (account.corrections().isEmpty()) {
            return false;
        }
        long start = System.nanoTime();
        SeenKeys seen = passing.seen();
        Commit.Keys keys = seen == null ? null : seen.toCommit(KeyList.block(List.of(passing.keys())));
        Commit commit = new Commit(tally.run(), List.of(passing.staging()), account, sifting, keys);
        destination.commit(commit);
        watcher.committed(commit, passing.staging().rows(), Duration.ofNanos(System.nanoTime() - start));
        return true;
    }

    private Summary sum(Counts counts, long failed, long stayed, long undecided, long commits, long fenced) {
        return new Summary(
                summary.counts().plus(counts),
                summary.failed() + failed,
                summary.stayed() + stayed,
                summary.undecided() + undecided,
                summary.commits() + commits,
                summary.fenced() + fenced,
                List.copyOf(unread.values()));
    }
}
