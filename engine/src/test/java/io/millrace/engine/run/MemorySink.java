package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Commit;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Commit.Move;
import io.millrace.api.FencedException;
import io.millrace.api.Offset;
import io.millrace.api.Quarantine;
import io.millrace.api.RowsRefusedException;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.SinkUnavailableException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A destination in memory that does what its contract says and can be told to be away. A real server can't be told to go
 * away exactly between applying a commit and answering.
 */
final class MemorySink implements Sink {

    /** What a destination holds; outlives the sink, as a server outlives its connections. */
    static final class Server {
        final Map<String, Table> tables = new HashMap<>();
        final Map<String, Map<String, Offset>> progress = new HashMap<>();
        final Map<String, Map<String, String>> quarantine = new HashMap<>();
        final Map<String, Counts> ledger = new HashMap<>();
        final Map<String, Lease> leases = new HashMap<>();
        int commits;
        Refusing refusing = (column, value) -> false;
        Faults faults = (commit, applied) -> {};
    }

    record Lease(String holder, long until) {}

    /** Something that goes wrong, before a commit is applied or after. */
    interface Faults {
        void at(int commit, boolean applied) throws SinkException, InterruptedException;
    }

    /** A constraint on the rows that a table then has. */
    interface Refusing {
        boolean refuses(String column, @Nullable Object value);
    }

    static final Faults NONE = (commit, applied) -> {};

    static SinkUnavailableException away() {
        return new SinkUnavailableException("the server is away");
    }

    record Table(TableShape shape, Map<List<@Nullable Object>, @Nullable Object[]> rows) {}

    private final Server server;
    private final String pipeline;
    private final String table;

    MemorySink(Server server, String pipeline, String table) {
        this.server = server;
        this.pipeline = pipeline;
        this.table = table;
    }

    @Override
    public List<String> prepare(TableShape shape) throws SinkException {
        synchronized (server) {
            Table there = server.tables.putIfAbsent(table, new Table(shape, new LinkedHashMap<>()));
            if (there != null && !there.shape().equals(shape)) {
                throw new SinkException("table " + table + " has another shape than " + shape);
            }
            return List.of();
        }
    }

    @Override
    public Map<String, Offset> progress() {
        synchronized (server) {
            return Map.copyOf(server.progress.getOrDefault(pipeline, Map.of()));
        }
    }

    @Override
    public Quarantine quarantine() {
        throw new UnsupportedOperationException("a run does not read the quarantine");
    }

    @Override
    public Set<String> lease(String holder, Duration time, Set<String> splits) {
        synchronized (server) {
            Set<String> held = new HashSet<>();
            long now = System.nanoTime();
            for (String split : splits) {
                Lease there = server.leases.get(split);
                if (there == null || there.holder().equals(holder) || there.until() - now < 0) {
                    server.leases.put(split, new Lease(holder, now + time.toNanos()));
                    held.add(split);
                }
            }
            return held;
        }
    }

    @Override
    public void release(String holder) {
        synchronized (server) {
            server.leases.values().removeIf(lease -> lease.holder().equals(holder));
        }
    }

    @Override
    public Staging stage(TableShape shape) {
        return new Rows();
    }

    @Override
    public Commit.Account commit(Commit commit) throws SinkException, InterruptedException {
        synchronized (server) {
            int number = ++server.commits;
            server.faults.at(number, false);
            Map<String, Offset> progress = server.progress.computeIfAbsent(pipeline, p -> new HashMap<>());
            for (Move move : commit.moves()) {
                if (!Objects.equals(progress.get(move.split()), move.from())) {
                    throw new FencedException(move.split() + " is not at " + move.from());
                }
            }
            Commit told = sifted(commit);
            apply(told, progress);
            server.faults.at(number, true);
            return told.account();
        }
    }

    /** Brings in the rows, or those of the records that are not refused. */
    private Commit sifted(Commit commit) throws RowsRefusedException {
        Table into = Objects.requireNonNull(server.tables.get(table));
        List<@Nullable Object[]> rows = new ArrayList<>();
        commit.staged().forEach(staging -> rows.addAll(((Rows) staging).rows));
        Commit.Sifting sifting = commit.sifting();
        if (sifting == null) {
            String column = fault(into, rows);
            if (column != null) {
                throw new RowsRefusedException("table " + table + " refuses a row for its " + column);
            }
            return commit;
        }
        List<Commit.Refused> refused = new ArrayList<>();
        for (int record = 0; record < sifting.records(); record++) {
            List<@Nullable Object[]> its = rows.subList(sifting.firstRow(record), sifting.firstRow(record + 1));
            if (its.isEmpty()) {
                throw new IllegalArgumentException("a record without rows");
            }
            String column = fault(into, its);
            if (column != null) {
                refused.add(new Commit.Refused(record, "refused", column, "is refused"));
            }
        }
        return refused.isEmpty() ? commit : commit.with(sifting.without(refused));
    }

    /** Brings in all rows, or none where one is refused: then it returns the column at fault. */
    private @Nullable String fault(Table into, List<@Nullable Object[]> rows) {
        Map<List<@Nullable Object>, @Nullable Object @Nullable []> before = new HashMap<>();
        for (@Nullable Object[] row : rows) {
            @Nullable Object[] now = bringIn(into, row, before);
            for (int c = 0; c < now.length; c++) {
                Col column = into.shape().columns().get(c);
                boolean fits = !(column.type().equals(Type.BIGINT) && now[c] instanceof BigDecimal n)
                        || n.toBigInteger().bitLength() < Long.SIZE;
                if (!fits || server.refusing.refuses(column.name(), now[c])) {
                    before.forEach((key, there) -> {
                        if (there == null) {
                            into.rows().remove(key);
                        } else {
                            into.rows().put(key, there);
                        }
                    });
                    return column.name();
                }
            }
        }
        return null;
    }

    private void apply(Commit commit, Map<String, Offset> progress) {
        for (Move move : commit.moves()) {
            progress.put(move.split(), move.to());
            server.ledger.merge(pipeline, move.counts(), Counts::plus);
            for (var rejection : move.rejected()) {
                server.quarantine
                        .computeIfAbsent(pipeline, p -> new HashMap<>())
                        .put(move.split() + "@" + rejection.position(), rejection.code());
            }
        }
    }

    /** Returns the row that the table then has. */
    private static @Nullable Object[] bringIn(
            Table table, @Nullable Object[] row, Map<List<@Nullable Object>, @Nullable Object @Nullable []> before) {
        TableShape shape = table.shape();
        List<@Nullable Object> key = new ArrayList<>();
        for (int column : shape.key()) {
            key.add(row[column]);
        }
        if (shape.mode() == TableShape.Mode.APPEND) {
            key = List.of(table.rows().size());
        }
        @Nullable Object[] there = table.rows().get(key);
        if (!before.containsKey(key)) {
            before.put(key, there);
        }
        Integer version = shape.version();
        @Nullable
        Object[] now = there == null
                ? row
                : shape.mode() == TableShape.Mode.MERGE
                        ? merged(shape.columns(), there, row)
                        : version == null || compare(row[version], there[version]) >= 0 ? row : there;
        table.rows().put(key, now);
        return now;
    }

    private static @Nullable Object[] merged(List<Col> columns, @Nullable Object[] there, @Nullable Object[] row) {
        @Nullable Object[] merged = there.clone();
        for (int i = 0; i < row.length; i++) {
            Object a = there[i];
            Object b = row[i];
            if (a == null || b == null) {
                merged[i] = a == null ? b : a;
                continue;
            }
            merged[i] = switch (columns.get(i).merge()) {
                case KEY, VALUE -> b;
                case ADD -> ((BigDecimal) a).add((BigDecimal) b);
                case MIN -> compare(a, b) <= 0 ? a : b;
                case MAX -> compare(a, b) >= 0 ? a : b;
            };
        }
        return merged;
    }

    @SuppressWarnings("unchecked")
    private static int compare(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return Boolean.compare(a != null, b != null);
        }
        return ((Comparable<Object>) a).compareTo(b);
    }

    @Override
    public void close() {}

    /** Rows as objects: numbers as {@link BigDecimal}, text as {@link String}. */
    private static final class Rows implements Staging {
        private final List<@Nullable Object[]> rows = new ArrayList<>();

        @Override
        public List<Refused> check(Batch batch) {
            return List.of();
        }

        @Override
        public void add(Batch batch) {
            for (int row = 0; row < batch.rows(); row++) {
                @Nullable Object[] values = new @Nullable Object[batch.columns().length];
                for (int c = 0; c < values.length; c++) {
                    values[c] = value(batch.column(c), row);
                }
                rows.add(values);
            }
        }

        private static @Nullable Object value(Column column, int row) {
            if (column.isNull(row)) {
                return null;
            }
            return switch (column) {
                case Column.Longs longs ->
                    BigDecimal.valueOf(
                            longs.values()[row], longs.type() instanceof Type.Decimal decimal ? decimal.scale() : 0);
                case Column.Wides wides -> new BigDecimal(wides.unscaled(row), ((Type.Decimal) wides.type()).scale());
                case Column.Doubles doubles -> BigDecimal.valueOf(doubles.values()[row]);
                case Column.Texts texts -> texts.string(row);
                case Column.Arrays arrays ->
                    throw new UnsupportedOperationException(arrays.type().sql());
            };
        }

        @Override
        public long bytes() {
            return rows.size() * 64L;
        }

        @Override
        public long rows() {
            return rows.size();
        }

        @Override
        public void clear() {
            rows.clear();
        }
    }
}
