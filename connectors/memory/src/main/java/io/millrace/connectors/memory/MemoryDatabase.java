package io.millrace.connectors.memory;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Correction;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Commit.Move;
import io.millrace.api.Evolution;
import io.millrace.api.EvolvedColumns;
import io.millrace.api.FencedException;
import io.millrace.api.KeyMemory;
import io.millrace.api.Offset;
import io.millrace.api.Quarantine;
import io.millrace.api.Rejection;
import io.millrace.api.RowsRefusedException;
import io.millrace.api.Schema;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.Type;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tables in memory and what is kept about the pipelines that fill them. It outlives its sinks, as a server outlives its
 * connections, so that a run can be broken off and taken up again.
 *
 * <p>Rows are brought together, and refused, as PostgreSQL does it. Thread-safe: every commit is alone.
 */
public final class MemoryDatabase {

    private final InstantSource clock;
    /** What keys are hashed with. */
    private final byte[] secret = new byte[Sink.KeyBlocks.SECRET_BYTES];

    // All guarded by this.
    private final Map<String, StoredTable> tables = new HashMap<>();
    private final Map<String, Books> books = new HashMap<>();

    /** What is kept about one pipeline. */
    private static final class Books {
        final Map<String, Offset> progress = new LinkedHashMap<>();
        final Map<String, Lease> leases = new HashMap<>();
        final Map<Place, Quarantine.Entry> quarantine = new LinkedHashMap<>();
        long lastNumber;
        final Map<String, Type> evolved = new LinkedHashMap<>();
        final NavigableMap<Long, byte[]> keys = new TreeMap<>();
        long lastBlock;
        final List<Entry> ledger = new ArrayList<>();
    }

    private record Lease(String holder, Instant until) {}

    private record Place(String split, String position) {}

    /** What a commit did to a split; without offsets where it corrected what was said before. */
    public record Entry(
            String run,
            String split,
            @Nullable Offset from,
            @Nullable Offset to,
            Counts counts) {}

    public MemoryDatabase() {
        this(InstantSource.system());
    }

    /** @param clock tells when a lease has run out */
    public MemoryDatabase(InstantSource clock) {
        this.clock = clock;
        new SecureRandom().nextBytes(secret);
    }

    /** Opens the sink of a pipeline on a table. The same names give the same table and the same progress. */
    public Sink open(String pipeline, String table) {
        return open(pipeline, table, Set.of());
    }

    /** @param evolve what may be altered of a table that is there and does not fit */
    public Sink open(String pipeline, String table, Set<Evolution> evolve) {
        return new MemorySink(this, pipeline, table, evolve);
    }

    /** What a table holds now; empty where no pipeline was prepared for it. */
    public synchronized Optional<MemoryTable> table(String name) {
        return Optional.ofNullable(tables.get(name)).map(StoredTable::snapshot);
    }

    /** The records of a pipeline in the quarantine, in the order in which they came. */
    public synchronized List<Quarantine.Entry> quarantine(String pipeline) {
        return List.copyOf(books(pipeline).quarantine.values());
    }

    /** The entries of a pipeline, in the order of its commits. */
    public synchronized List<Entry> ledger(String pipeline) {
        return List.copyOf(books(pipeline).ledger);
    }

    /** The last committed offset of every split of a pipeline. */
    public synchronized Map<String, Offset> progress(String pipeline) {
        return Map.copyOf(books(pipeline).progress);
    }

    /** From now on a table takes no row that has a value, as text, in a column, as if a constraint said so. */
    synchronized void refuse(String table, String column, String value) {
        StoredTable there = tables.get(table);
        if (there == null) {
            throw new IllegalStateException("prepare comes first");
        }
        there.refuse(column, value);
    }

    /**
     * Makes a table ready for a pipeline.
     *
     * @param evolve what may be altered of one that is there
     * @param evolved columns that may be added even so
     * @return what was altered
     */
    synchronized List<String> prepare(String table, TableShape shape, Set<Evolution> evolve, Set<String> evolved)
            throws SinkException {
        StoredTable there = tables.get(table);
        List<String> altered = new ArrayList<>();
        tables.put(
                table,
                there == null ? StoredTable.create(table, shape) : there.fitting(shape, evolve, evolved, altered));
        return altered;
    }

    /** The columns of a pipeline for fields that its contract does not name. */
    synchronized List<Schema.Field> evolved(String pipeline) {
        return books(pipeline).evolved.entrySet().stream()
                .map(column -> new Schema.Field(column.getKey(), column.getValue(), true))
                .toList();
    }

    synchronized EvolvedColumns.Added evolve(String pipeline, String table, List<Schema.Field> wanted) {
        Map<String, Type> known = books(pipeline).evolved;
        StoredTable into = prepared(table);
        List<String> altered = new ArrayList<>();
        Map<String, String> refused = new HashMap<>();
        for (Schema.Field field : wanted) {
            if (known.containsKey(field.name())) {
                continue;
            }
            Col column = new Col(field.name(), field.type(), true, Merge.VALUE);
            Col there = into.column(field.name());
            if (known.size() >= EvolvedColumns.MOST) {
                refused.put(field.name(), EvolvedColumns.TOO_MANY);
            } else if (there != null && !(there.nullable() && Widening.holds(there, column))) {
                refused.put(
                        field.name(),
                        "the table has one of this name, " + there.type().sql() + ", and it would be "
                                + field.type().sql());
            } else {
                if (there == null) {
                    into = into.with(column);
                    altered.add("column " + field.name() + " (" + field.type().sql() + ") added");
                }
                known.put(field.name(), field.type());
            }
        }
        tables.put(table, into);
        return new EvolvedColumns.Added(altered.isEmpty() ? List.of() : List.of(String.join(", ", altered)), refused);
    }

    /** @param known the evolved columns that the process knows; null where it has not asked */
    synchronized Commit.Account commit(String pipeline, String table, Commit commit, @Nullable Set<String> known)
            throws SinkException {
        Books kept = books(pipeline);
        Set<String> moved = new HashSet<>();
        for (Move move : commit.moves()) {
            Offset found = kept.progress.get(move.split());
            if (!Objects.equals(found, move.from()) || !moved.add(move.split())) {
                throw new FencedException("Split " + move.split() + " of pipeline " + pipeline + " is at "
                        + told(found) + " and not at " + told(move.from())
                        + ": another instance has moved it. Nothing was changed by this one.");
            }
        }
        TableShape shape = null;
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Sink.Staging staging : commit.staged()) {
            shape = ((MemoryStaging) staging).shape();
            rows.addAll(((MemoryStaging) staging).staged());
        }
        if (known != null
                && !known.equals(kept.evolved.keySet())
                && shape != null
                && shape.mode() == TableShape.Mode.UPSERT) {
            throw new FencedException("Another instance of pipeline " + pipeline
                    + " has added columns to its table. Nothing was changed by this one.");
        }
        for (Correction correction : commit.account().corrections()) {
            Stream<String> stay = correction.rejected().stream().map(Rejection::position);
            for (String position :
                    Stream.concat(correction.released().stream(), stay).toList()) {
                if (!kept.quarantine.containsKey(new Place(correction.split(), position))) {
                    throw new FencedException("Another instance has taken records of pipeline " + pipeline
                            + " out of the quarantine that this one took too. Nothing was changed by this one.");
                }
            }
        }
        Commit.Keys keys = commit.keys();
        if (keys != null) {
            learn(kept, pipeline, keys.memory());
        }
        Brought brought = rows.isEmpty() || shape == null
                ? new Brought(null, StoredTable.Change.NONE, commit.account(), List.of())
                : bringIn(prepared(table), shape, rows, commit);
        for (Move move : brought.account().moves()) {
            requireBalance(move);
        }
        // From here on everything takes place.
        StoredTable changed = brought.table();
        if (changed != null) {
            changed.apply(brought.change());
            tables.put(table, changed);
        }
        if (keys != null) {
            remember(kept, keys.without(brought.refused()));
        }
        for (Move move : brought.account().moves()) {
            kept.progress.put(move.split(), move.to());
            kept.ledger.add(new Entry(commit.run(), move.split(), move.from(), move.to(), move.counts()));
            quarantine(kept, commit.run(), move.split(), move.rejected());
        }
        for (Correction correction : brought.account().corrections()) {
            correction.released().forEach(position -> kept.quarantine.remove(new Place(correction.split(), position)));
            if (!correction.counts().equals(Counts.NONE)) {
                kept.ledger.add(new Entry(commit.run(), correction.split(), null, null, correction.counts()));
            }
            quarantine(kept, commit.run(), correction.split(), correction.rejected());
        }
        return brought.account();
    }

    /** A table, what is still to be done to it, and what becomes of the records. */
    private record Brought(
            @Nullable StoredTable table,
            StoredTable.Change change,
            Commit.Account account,
            List<Commit.Refused> refused) {}

    private StoredTable prepared(String table) {
        StoredTable into = tables.get(table);
        if (into == null) {
            throw new IllegalStateException("prepare comes first");
        }
        return into;
    }

    private static Brought bringIn(StoredTable into, TableShape shape, List<@Nullable Object[]> rows, Commit commit)
            throws RowsRefusedException {
        try {
            return new Brought(into, into.change(shape, rows), commit.account(), List.of());
        } catch (RowFault e) {
            Commit.Sifting sifting = commit.sifting();
            if (sifting == null) {
                throw new RowsRefusedException(String.valueOf(e.getMessage()), e);
            }
            StoredTable changed = into.copy();
            List<Commit.Refused> refused = new ArrayList<>();
            for (int record = 0; record < sifting.records(); record++) {
                try {
                    changed.apply(changed.change(
                            shape, rows.subList(sifting.firstRow(record), sifting.firstRow(record + 1))));
                } catch (RowFault fault) {
                    refused.add(fault.of(record));
                }
            }
            return new Brought(
                    changed,
                    StoredTable.Change.NONE,
                    refused.isEmpty() ? commit.account() : sifting.without(refused),
                    refused);
        }
    }

    private static void learn(Books kept, String pipeline, KeyMemory memory) throws FencedException {
        for (Map.Entry<Long, byte[]> block :
                kept.keys.tailMap(memory.known(), false).entrySet()) {
            if (!memory.learn(block.getKey(), block.getValue())) {
                throw new FencedException("Another instance of pipeline " + pipeline
                        + " has loaded a record that this one was about to load too. Nothing was changed by this one.");
            }
        }
    }

    private static void remember(Books kept, Commit.Keys keys) {
        if (keys.block().length > 0) {
            kept.keys.put(++kept.lastBlock, keys.block());
            keys.memory().committed(kept.lastBlock);
        }
    }

    /** Hands over the keys of a pipeline. They are never forgotten. */
    synchronized void remembered(String pipeline, Sink.KeyBlocks blocks) {
        Map<Long, byte[]> kept = books(pipeline).keys;
        blocks.begin(
                secret, kept.values().stream().mapToLong(block -> block.length).sum());
        kept.forEach((number, keys) -> blocks.block(number, keys, 0, keys.length));
    }

    private static String told(@Nullable Offset offset) {
        return offset == null ? "its beginning" : offset.text();
    }

    private static void requireBalance(Move move) throws SinkException {
        Counts counts = move.counts();
        boolean negative = LongStream.of(
                        counts.received(),
                        counts.loaded(),
                        counts.filtered(),
                        counts.deduplicated(),
                        counts.quarantined(),
                        counts.dropped())
                .anyMatch(count -> count < 0);
        if (negative || !counts.balanced()) {
            throw new SinkException(
                    "The ledger refuses a commit of split " + move.split()
                            + " that does not balance: received is not loaded + filtered + deduplicated + quarantined + dropped.");
        }
    }

    /** A record with several faults is told by the first; one that is there already is replaced. */
    private void quarantine(Books kept, String run, String split, List<Rejection> rejected) {
        Set<Place> told = new HashSet<>();
        for (Rejection rejection : rejected) {
            Place place = new Place(split, rejection.position());
            if (told.add(place)) {
                Quarantine.Entry there = kept.quarantine.get(place);
                kept.quarantine.put(
                        place,
                        new Quarantine.Entry(
                                there == null ? ++kept.lastNumber : there.number(),
                                split,
                                run,
                                there == null ? clock.instant() : there.since(),
                                rejection));
            }
        }
    }

    synchronized List<Quarantine.Entry> page(
            String pipeline, Quarantine.Filter filter, Quarantine.Order order, @Nullable Long after, int limit) {
        boolean oldestFirst = order == Quarantine.Order.OLDEST_FIRST;
        Comparator<Quarantine.Entry> byNumber = Comparator.comparingLong(Quarantine.Entry::number);
        return books(pipeline).quarantine.values().stream()
                .filter(entry -> after == null || (oldestFirst ? entry.number() > after : entry.number() < after))
                .filter(entry -> filter.code() == null
                        || filter.code().equals(entry.rejection().code()))
                .filter(entry -> filter.field() == null
                        || filter.field().equals(entry.rejection().field()))
                .filter(entry -> filter.since() == null || !entry.since().isBefore(filter.since()))
                .sorted(oldestFirst ? byNumber : byNumber.reversed())
                .limit(limit)
                .toList();
    }

    synchronized Optional<Quarantine.Entry> find(String pipeline, String split, String position) {
        return Optional.ofNullable(books(pipeline).quarantine.get(new Place(split, position)));
    }

    synchronized Set<String> lease(String pipeline, String holder, Duration time, Set<String> splits) {
        Map<String, Lease> leases = books(pipeline).leases;
        Instant now = clock.instant();
        Set<String> held = new HashSet<>();
        for (String split : splits) {
            Lease there = leases.get(split);
            if (there == null || there.holder().equals(holder) || !there.until().isAfter(now)) {
                leases.put(split, new Lease(holder, now.plus(time)));
                held.add(split);
            }
        }
        return held;
    }

    synchronized void release(String pipeline, String holder) {
        books(pipeline).leases.values().removeIf(lease -> lease.holder().equals(holder));
    }

    private Books books(String pipeline) {
        return books.computeIfAbsent(pipeline, p -> new Books());
    }
}
