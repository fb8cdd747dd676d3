package io.millrace.connectors.postgres;

import io.millrace.api.Commit;
import io.millrace.api.Evolution;
import io.millrace.api.EvolvedColumns;
import io.millrace.api.FencedException;
import io.millrace.api.Offset;
import io.millrace.api.Quarantine;
import io.millrace.api.Schema;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.SinkUnavailableException;
import io.millrace.api.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * A table in PostgreSQL.
 *
 * <p>Rows, progress, ledger and quarantine of a commit are one transaction, and the first thing in it is the fence, so
 * every record is loaded once or not at all, whatever is killed. How rows are brought in, and what that costs, is told
 * in docs/decisions/0003-postgres-merge.md.
 */
final class PostgresSink implements Sink {

    /** For how long the ledger has a row for each commit. */
    private static final Duration LEDGER_DETAIL = Duration.ofHours(1);

    /** Commits that run side by side; more would wait for each other at the table. */
    private static final int MAX_SESSIONS = 4;

    /** Number of the lock that keeps two instances from creating the same things. "MILLRACE" */
    private static final long PREPARE_LOCK = 0x4D494C4C52414345L;

    private final PostgresDestination destination;
    private final TableName table;
    private final Set<Evolution> evolve;
    private final int parameterRows;
    private final Books books;
    private final Semaphore permits = new Semaphore(MAX_SESSIONS, true);

    /** Sessions at rest. Guarded by itself. */
    private final Deque<Session> idle = new ArrayDeque<>();

    private volatile Session.@Nullable Loading loading;
    /** For how long keys are remembered; null where none are. */
    private volatile @Nullable Duration remembering;

    /** The evolved columns that were told last; null where they were not asked for. */
    private volatile @Nullable Set<String> evolved;

    private volatile boolean closed;

    /** @param destination is closed with the sink */
    PostgresSink(PostgresDestination destination, String pipeline, TableName table, Set<Evolution> evolve) {
        this(destination, pipeline, table, evolve, Session.PARAMETER_ROWS);
    }

    /**
     * @param evolve what may be altered of a table that does not fit
     * @param parameterRows so many rows at most are given as parameters; more are copied
     */
    PostgresSink(
            PostgresDestination destination,
            String pipeline,
            TableName table,
            Set<Evolution> evolve,
            int parameterRows) {
        this.evolve = evolve;
        this.parameterRows = parameterRows;
        this.destination = destination;
        this.table = table;
        this.books = new Books(pipeline, new RememberedKeys(pipeline));
    }

    @Override
    public List<String> prepare(TableShape wanted) throws SinkException, InterruptedException {
        Set<String> added = evolved;
        TargetTable target = new TargetTable(table, wanted, evolve, added == null ? Set.of() : added);
        target.requirePossible();
        try (Connection connection = connect()) {
            ServerFit.require(connection, destination.url());
            Optional<TargetTable.Fit> fit =
                    Migrations.current(connection, destination) ? target.check(connection) : Optional.empty();
            FilledTable filled = FilledTable.of(books.pipeline(), table, wanted);
            List<String> altered = new ArrayList<>();
            if (fit.isEmpty() || !fit.get().alterations().isEmpty() || !filled.known(connection)) {
                fit = createOrAlter(connection, target, filled, altered);
            }
            MergeSql sql = new MergeSql(table, wanted);
            loading = new Session.Loading(
                    table,
                    sql,
                    fit.map(TargetTable.Fit::keyIndexes).orElse(Set.of()),
                    fit.map(TargetTable.Fit::types).orElse(List.of()),
                    sql.takesParameters() ? parameterRows : 0);
            return altered;
        } catch (SQLException e) {
            throw PostgresErrors.explain(e, "preparing table " + table, destination.url());
        }
    }

    /** @param altered takes what was altered */
    private Optional<TargetTable.Fit> createOrAlter(
            Connection connection, TargetTable target, FilledTable filled, List<String> altered)
            throws SQLException, SinkException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + PREPARE_LOCK + ")");
            Migrations.run(connection, destination);
            Optional<TargetTable.Fit> fit = target.check(connection);
            boolean missing = fit.isEmpty();
            if (missing) {
                target.create(connection);
                fit = target.check(connection);
            } else if (!fit.get().alterations().isEmpty()) {
                target.alter(connection, fit.get());
                fit.get().alterations().forEach(alteration -> altered.add(alteration.done()));
                fit = target.check(connection);
            }
            if (missing || !filled.known(connection)) {
                // A large table that was there before takes its time to be counted.
                connection.setNetworkTimeout(Runnable::run, Math.toIntExact(Session.LONG_SILENCE.toMillis()));
                connection.setAutoCommit(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                filled.write(connection, missing);
                connection.commit();
                connection.setAutoCommit(true);
            }
            statement.execute("SELECT pg_advisory_unlock(" + PREPARE_LOCK + ")");
            return fit;
        }
    }

    @Override
    public Map<String, Offset> progress() throws SinkException, InterruptedException {
        return inSession("reading the progress", Session::progress);
    }

    @Override
    public Staging stage(TableShape shape) {
        return new CopyStaging(shape);
    }

    @Override
    public Commit.Account commit(Commit commit) throws SinkException, InterruptedException {
        Set<String> added = evolved;
        Session.Loading into = loading;
        Session.Since since =
                added == null || into == null || into.sql().shape().mode() != TableShape.Mode.UPSERT
                        ? Session.Since.NOTHING
                        : connection -> grown().requireNoOthers(connection, added.size());
        return inSession("committing to " + table, session -> session.commit(commit, into, since));
    }

    @Override
    public void remembered(Duration within, KeyBlocks blocks) throws SinkException, InterruptedException {
        remembering = within;
        inSession("reading the keys that are remembered", session -> {
            session.remembered(within, blocks);
            return true;
        });
    }

    private GrownColumns grown() {
        return new GrownColumns(books.pipeline(), table);
    }

    @Override
    public EvolvedColumns evolved() {
        return new EvolvedColumns() {
            @Override
            public boolean possible(String name) {
                return GrownColumns.possible(name);
            }

            @Override
            public List<Schema.Field> all() throws SinkException, InterruptedException {
                List<Schema.Field> all = inSession("reading the evolved columns", session -> session.evolved(grown()));
                evolved = all.stream().map(Schema.Field::name).collect(Collectors.toUnmodifiableSet());
                return all;
            }

            @Override
            public Added add(List<Schema.Field> wanted) throws SinkException, InterruptedException {
                try (Connection connection = connect()) {
                    return grown().add(connection, wanted);
                } catch (SQLException e) {
                    throw PostgresErrors.explain(e, "adding columns to table " + table, destination.url());
                }
            }
        };
    }

    @Override
    public Quarantine quarantine() {
        return new Quarantine() {
            @Override
            public List<Entry> page(Filter filter, Order order, @Nullable Long after, int limit)
                    throws SinkException, InterruptedException {
                return inSession("reading the quarantine", s -> s.quarantined(filter, order, after, limit));
            }

            @Override
            public Optional<Entry> find(String split, String position) throws SinkException, InterruptedException {
                return inSession("reading the quarantine", s -> s.quarantined(split, position));
            }
        };
    }

    @Override
    public Set<String> lease(String holder, Duration time, Set<String> splits)
            throws SinkException, InterruptedException {
        return inSession("taking leases", session -> session.lease(holder, time, splits));
    }

    @Override
    public void release(String holder) throws SinkException, InterruptedException {
        inSession("giving back leases", session -> {
            session.release(holder);
            return true;
        });
    }

    @Override
    public void tidy() throws SinkException, InterruptedException {
        inSession("condensing the ledger", session -> {
            session.condenseLedger(LEDGER_DETAIL);
            Duration within = remembering;
            if (within != null) {
                session.condenseKeys(within);
            }
            return true;
        });
    }

    private interface Work<T> {
        T with(Session session) throws SQLException, SinkException;
    }

    /** Lends a session. One that has failed is not used again: its state is unknown, and a new one costs little. */
    private <T> T inSession(String doing, Work<T> work) throws SinkException, InterruptedException {
        permits.acquire();
        try {
            Session session = take();
            boolean sound = false;
            try {
                T result = work.with(session);
                sound = true;
                return result;
            } catch (FencedException e) {
                sound = true;
                throw e;
            } finally {
                giveBack(session, sound);
            }
        } catch (SQLException e) {
            throw explain(e, doing);
        } finally {
            permits.release();
        }
    }

    private Session take() throws SinkException, SQLException, InterruptedException {
        synchronized (idle) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            Session session = idle.pollLast();
            if (session != null) {
                return session;
            }
        }
        return Session.open(connect(), books);
    }

    private Connection connect() throws SinkException, InterruptedException {
        return destination.connect(Map.of(
                PGProperty.SOCKET_TIMEOUT.getName(),
                Long.toString(Session.SHORT_SILENCE.toSeconds()),
                PGProperty.BINARY_TRANSFER_ENABLE.getName(),
                ColumnTypes.ARRAY_OIDS));
    }

    /** What has cost one session its server has most likely cost the others theirs. */
    private void giveBack(Session session, boolean sound) {
        Deque<Session> useless = new ArrayDeque<>();
        synchronized (idle) {
            if (sound && !closed) {
                idle.addLast(session);
            } else {
                useless.addAll(idle);
                useless.add(session);
                idle.clear();
            }
        }
        closeAll(useless);
    }

    private static void closeAll(Deque<Session> sessions) {
        for (Session session : sessions) {
            try {
                session.close();
            } catch (SQLException e) {
                // The server is gone, and the session with it; there is nothing left to close.
                System.getLogger(PostgresSink.class.getName())
                        .log(System.Logger.Level.DEBUG, "A session was gone before it was closed", e);
            }
        }
    }

    /**
     * A key that another writer has inserted while we merged is no error of ours: the next try finds it there.
     */
    private SinkException explain(SQLException e, String doing) {
        Session.Loading into = loading;
        if (into != null
                && PostgresErrors.state(e).equals(PostgresErrors.UNIQUE_VIOLATION)
                && into.keyIndexes().contains(PostgresErrors.constraint(e))) {
            return new SinkUnavailableException(
                    "Another program has written to table " + table + " at the same moment (constraint "
                            + PostgresErrors.constraint(e) + ").",
                    e);
        }
        return PostgresErrors.explain(e, doing, destination.url());
    }

    @Override
    public void close() {
        Deque<Session> open;
        synchronized (idle) {
            closed = true;
            open = new ArrayDeque<>(idle);
            idle.clear();
        }
        try (destination) {
            closeAll(open);
        }
    }
}
