package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.api.Commit;
import io.millrace.api.Kept;
import io.millrace.api.Quarantine.Entry;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.Sink;
import io.millrace.api.SourceException;
import io.millrace.api.SplitReader;
import io.millrace.engine.run.Replay.Fate;
import io.millrace.sql.exec.Aggregator;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts some records of the quarantine through decoding, {@link Screening} and staging. Its staging and aggregator are used
 * again by the next call. Not thread-safe.
 */
final class Passing {

    /** What is kept under these codes is not one whole record. */
    private static final Set<String> NO_RECORDS = Set.of("record_too_large", "log_damaged", "log_dropped");

    private static final int DRAINED_ROWS = 8192;

    private final Job job;
    private final Rereads records;
    private final @Nullable Edit edit;
    private final InstantSource clock;
    private final Screening screening;
    private final Sink.Staging staging;
    private final @Nullable Aggregator aggregator;
    private final RecordStaging apart;

    private final KeyList keys = new KeyList();
    private final @Nullable SeenKeys seen;

    /** Why the records of a split can't be read again. */
    private final Map<String, String> unread;

    /**
     * @param seen the keys of records that were loaded; null where the job does not dedupe
     * @param unread takes, for each split whose records can't be read again, why
     */
    Passing(
            Evolved evolved,
            Rereads records,
            @Nullable Edit edit,
            InstantSource clock,
            @Nullable SeenKeys seen,
            Map<String, String> unread) {
        this.job = evolved.job();
        this.records = records;
        this.edit = edit;
        this.clock = clock;
        this.seen = seen;
        this.unread = unread;
        this.screening = new Screening(evolved, seen);
        this.staging = job.sink().stage(job.shape());
        this.aggregator = job.plan().grouped() ? new Aggregator(job.plan()) : null;
        this.apart = new RecordStaging(staging, aggregator);
    }

    Sink.Staging staging() {
        return staging;
    }

    /** The keys of records that were loaded; null where the job does not dedupe. */
    @Nullable
    SeenKeys seen() {
        return seen;
    }

    /** The keys of the records that have rows, in their order. */
    KeyList keys() {
        return keys;
    }

    /** Makes ready for other records; those that were put through before are committed, or are to be put through again. */
    private void begin() {
        staging.clear();
        apart.clear();
        keys.clear();
    }

    /** Takes back what was noted of records that are not committed. */
    void forget() {
        if (seen != null) {
            for (int i = 0; i < keys.size(); i++) {
                keys.forget(i, seen);
            }
        }
    }

    /** Takes back what was noted of some records. */
    void forget(List<Commit.Refused> refused) {
        if (seen != null) {
            refused.forEach(record -> keys.forget(record.record(), seen));
        }
    }

    /** Takes the rows of a batch that was screened, of which some records have rows. */
    private interface Rows {
        /** @param numbers for each record of the batch, its number in the fates */
        void take(RecordRows rows, int[] numbers);
    }

    /**
     * Puts records through, and the rows of all of them together.
     *
     * @param to takes the rows, added up where they are to be, each batch during the call
     */
    Fates together(List<Entry> entries, Consumer<Batch> to) throws IOException, InterruptedException {
        begin();
        Fates fates = new Fates();
        pass(entries, fates, (rows, numbers) -> {
            if (aggregator == null) {
                to.accept(rows.rows());
            } else {
                aggregator.add(rows.rows());
            }
        });
        if (aggregator != null) {
            aggregator.drain(DRAINED_ROWS, to);
        }
        return fates;
    }

    /** Stages the rows of each record apart from those of the others, so that they stand or fall record by record. */
    Apart apart(List<Entry> entries) throws IOException, InterruptedException {
        begin();
        Fates fates = new Fates();
        List<Integer> owners = new ArrayList<>();
        pass(entries, fates, (rows, numbers) -> apart.add(rows, record -> owners.add(numbers[record])));
        return new Apart(fates, owners, apart);
    }

    private void pass(List<Entry> entries, Fates fates, Rows rows) throws IOException, InterruptedException {
        for (Map.Entry<String, List<Entry>> split : Condition.bySplit(entries).entrySet()) {
            Map<String, Entry> byPosition = new HashMap<>();
            List<Kept> whole = new ArrayList<>();
            for (Entry entry : split.getValue()) {
                Rejection rejection = entry.rejection();
                if (NO_RECORDS.contains(rejection.code()) || rejection.raw().length >= Rejection.MAX_RAW_BYTES) {
                    fates.add(entry, new Fate.Stays("the quarantine does not have the whole record"));
                } else {
                    byPosition.put(rejection.position(), entry);
                    whole.add(Condition.kept(entry));
                }
            }
            String left = "its source did not read it again";
            try {
                List<Kept> ready = mended(split.getKey(), whole, byPosition, fates);
                try (SplitReader reader = records.reread(split.getKey(), ready, job.input())) {
                    for (RecordBatch batch = reader.next(); batch != null; batch = reader.next()) {
                        pass(split.getKey(), batch, byPosition, fates, rows);
                    }
                }
            } catch (SourceException e) {
                left = String.valueOf(e.getMessage());
                unread.put(split.getKey(), split.getKey() + ": " + left);
            }
            for (Entry entry : byPosition.values()) {
                fates.add(entry, new Fate.Stays(left));
            }
        }
    }

    private List<Kept> mended(String split, List<Kept> whole, Map<String, Entry> byPosition, Fates fates)
            throws IOException, InterruptedException {
        if (edit == null || whole.isEmpty()) {
            return whole;
        }
        List<Edit.Edited> edited = edit.apply(split, whole);
        List<Kept> ready = new ArrayList<>();
        for (int i = 0; i < whole.size(); i++) {
            Kept kept = whole.get(i);
            switch (edited.get(i)) {
                case Edit.Edited.Mended(byte[] bytes) ->
                    ready.add(new Kept(kept.position(), bytes, kept.since(), kept.bytes()));
                case Edit.Edited.Unfit(String why) -> {
                    Entry entry = byPosition.remove(kept.position());
                    if (entry != null) {
                        fates.add(entry, new Fate.Stays(why));
                    }
                }
            }
        }
        return ready;
    }

    private void pass(String split, RecordBatch batch, Map<String, Entry> byPosition, Fates fates, Rows to) {
        Screening.Screened screened = screening.apply(split, batch, clock.instant(), staging, keys);
        for (Rejection rejection : screened.rejected()) {
            // Once for a record with several faults: it is told by the first.
            Entry entry = byPosition.remove(rejection.position());
            if (entry != null) {
                fates.add(entry, new Fate.Fails(asItArrived(rejection, entry)));
            }
        }
        int records = screened.records();
        boolean[] loaded = new boolean[records];
        RecordRows rows = screened.rows();
        for (int row = 0; row < rows.rows().rows(); row++) {
            loaded[rows.record(row)] = true;
        }
        int[] numbers = new int[records];
        for (int record = 0; record < records; record++) {
            Entry entry = byPosition.remove(screened.origin().position(record));
            if (entry != null) {
                Fate fate = loaded[record]
                        ? new Fate.Loaded()
                        : screened.repeated().get(record) ? new Fate.Repeated() : new Fate.Filtered();
                numbers[record] = fates.add(entry, fate);
            }
        }
        to.take(rows, numbers);
    }

    /** The quarantine keeps what arrived, not what an edit has made of it. */
    private static Rejection asItArrived(Rejection now, Entry entry) {
        return new Rejection(
                now.stage(),
                now.code(),
                now.field(),
                now.message(),
                entry.rejection().position(),
                entry.rejection().raw());
    }

    /** Records whose rows are staged one record after the other. */
    static final class Apart implements Commit.Sifting {
        private final Fates all;
        private final List<Integer> owners;
        private final RecordStaging staged;
        private Fates fates;
        private List<Commit.Refused> refused = List.of();

        /**
         * @param all what becomes of the records if none is refused
         * @param owners for each record with rows, its number there
         * @param staged where their rows begin
         */
        Apart(Fates all, List<Integer> owners, RecordStaging staged) {
            this.all = all;
            this.owners = owners;
            this.staged = staged;
            this.fates = all;
        }

        /** What becomes of the records, after the last call of {@link #without}. */
        Fates fates() {
            return fates;
        }

        /** Those that were refused last. */
        List<Commit.Refused> refused() {
            return refused;
        }

        @Override
        public int records() {
            return owners.size();
        }

        @Override
        public int firstRow(int record) {
            return staged.firstRow(record);
        }

        @Override
        public Commit.Account without(List<Commit.Refused> told) {
            refused = List.copyOf(told);
            fates = new Fates();
            for (int i = 0; i < all.size(); i++) {
                fates.add(all.entry(i), all.fate(i));
            }
            for (Commit.Refused one : refused) {
                int number = owners.get(one.record());
                Entry entry = all.entry(number);
                fates.change(
                        number,
                        new Fate.Fails(new Rejection(
                                Rejection.Stage.LOAD,
                                one.code(),
                                one.field(),
                                one.message(),
                                entry.rejection().position(),
                                entry.rejection().raw())));
            }
            return fates.account();
        }
    }
}
