package io.millrace.connectors.postgres;

import io.millrace.api.Commit;
import io.millrace.api.FencedException;
import io.millrace.api.Offset;
import io.millrace.api.Quarantine;
import io.millrace.api.RowsRefusedException;
import io.millrace.api.Schema;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection of a sink and the staging table that belongs to it. Used by one thread at a time. */
final class Session implements AutoCloseable {

    /** How long the server may be silent over a statement that should take milliseconds. */
    static final Duration SHORT_SILENCE = Duration.ofSeconds(60);

    /** How long over one that brings in rows: long enough for any merge, so that only a frozen server is cut off. */
    static final Duration LONG_SILENCE = Duration.ofMinutes(30);

    /** From this many rows on it pays to load an empty table without its primary key. */
    private static final int BULK_ROWS = 1_000;

    /** So many rows at most, of so many bytes, are given as parameters; more are copied. */
    static final int PARAMETER_ROWS = 5_000;

    private static final long PARAMETER_BYTES = 2 << 20;

    /** From this many rows on it pays to let the planner know them. */
    private static final int ANALYZED_ROWS = 10_000;

    /** The first half of the number of the lock on a table. "MILT" */
    private static final int TABLE_LOCK = 0x4D494C54;

    /**
     * Commits rely on READ COMMITTED: a statement after a wait must see what was waited for. The memory is for sorting
     * and grouping the staged rows.
     */
    private static final String SETTINGS = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED;"
            + " SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
            + " SET client_min_messages = warning; SET jit = off; SET work_mem = '64MB'; SET temp_buffers = '64MB';"
            + " SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3";

    private final Connection connection;
    private final Books books;

    /** What the staging table was made for; null where there is none yet. */
    private @Nullable Loading staged;

    /** Whether the table was seen to have rows. One that was emptied since is loaded a little more slowly. */
    private boolean filled;

    private Session(Connection connection, Books books) {
        this.connection = connection;
        this.books = books;
    }

    /** @param connection is closed with the session, also where it can't be set up */
    static Session open(Connection connection, Books books) throws SQLException {
        boolean opened = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute(SETTINGS);
            connection.setAutoCommit(false);
            Session session = new Session(connection, books);
            opened = true;
            return session;
        } finally {
            if (!opened) {
                connection.close();
            }
        }
    }

    /**
     * What a session must know to load rows.
     *
     * @param table the table
     * @param sql the statements
     * @param keyIndexes the unique indexes on the key
     * @param types the types that the columns of the shape have in the table, as {@code format_type} writes them
     * @param parameterRows so many rows at most are given as parameters
     */
    record Loading(TableName table, MergeSql sql, Set<String> keyIndexes, List<String> types, int parameterRows) {
        /** Whether rows are only added. */
        boolean append() {
            return sql.shape().mode() == TableShape.Mode.APPEND;
        }
    }

    /** Finds out, within a commit, whether what a process knows is all that there is to know. */
    interface Since {
        Since NOTHING = connection -> {};

        /** @throws FencedException where it is not */
        void check(Connection connection) throws SQLException, FencedException;
    }

    List<Schema.Field> evolved(GrownColumns columns) throws SQLException {
        try {
            List<Schema.Field> all = columns.all(connection);
            connection.commit();
            return all;
        } catch (SQLException e) {
            if (PostgresErrors.state(e).equals(PostgresErrors.UNDEFINED_TABLE)) {
                // Nothing was ever added in this database.
                connection.rollback();
                return List.of();
            }
            throw e;
        }
    }

    Map<String, Offset> progress() throws SQLException {
        try {
            Map<String, Offset> progress = books.progress(connection);
            connection.commit();
            return progress;
        } catch (SQLException e) {
            if (PostgresErrors.state(e).equals(PostgresErrors.UNDEFINED_TABLE)) {
                // Nothing was ever committed to this database.
                connection.rollback();
                return Map.of();
            }
            throw e;
        }
    }

    Set<String> lease(String holder, Duration time, Set<String> splits) throws SQLException {
        Set<String> held = books.lease(connection, holder, time, splits);
        connection.commit();
        return held;
    }

    void release(String holder) throws SQLException {
        books.release(connection, holder);
        connection.commit();
    }

    void remembered(Duration within, Sink.KeyBlocks blocks) throws SQLException {
        RememberedKeys.renewPartitions(connection, within);
        connection.commit();
        books.keys().all(connection, blocks);
        connection.commit();
    }

    void condenseKeys(Duration within) throws SQLException {
        RememberedKeys.renewPartitions(connection, within);
        connection.commit();
        silence(LONG_SILENCE);
        books.keys().condense(connection);
        connection.commit();
        silence(SHORT_SILENCE);
    }

    List<Quarantine.Entry> quarantined(
            Quarantine.Filter filter, Quarantine.Order order, @Nullable Long after, int limit) throws SQLException {
        List<Quarantine.Entry> page = books.quarantine().page(connection, filter, order, after, limit);
        connection.commit();
        return page;
    }

    Optional<Quarantine.Entry> quarantined(String split, String position) throws SQLException {
        Optional<Quarantine.Entry> found = books.quarantine().find(connection, split, position);
        connection.commit();
        return found;
    }

    void condenseLedger(Duration age) throws SQLException {
        silence(LONG_SILENCE);
        books.condense(connection, age);
        connection.commit();
        silence(SHORT_SILENCE);
    }

    /**
     * Does all of a commit, or nothing; returns what has become true of the records. After a failure the session is of no
     * more use, except when fenced.
     *
     * @param loading null where nothing is staged
     * @param since is asked once the commit keeps others from changing what it asks for
     */
    Commit.Account commit(Commit commit, @Nullable Loading loading, Since since) throws SQLException, SinkException {
        List<CopyStaging> staged = commit.staged().stream()
                .map(CopyStaging.class::cast)
                .filter(s -> s.rows() > 0)
                .toList();
        Commit.Sifting sifting = commit.sifting();
        if (sifting != null) {
            return sift(commit, sifting, staged, prepared(loading), since);
        }
        Commit.Keys keys = commit.keys();
        long block;
        try {
            // First, so that whoever has lost its splits is told before it does any work or holds any lock.
            books.begin(connection, commit.run(), commit.account());
            since.check(connection);
            block = keys == null ? 0 : books.keys().add(connection, keys);
            books.quarantine().add(connection, commit.run(), commit.account());
        } catch (FencedException e) {
            connection.rollback();
            throw e;
        }
        try {
            if (!staged.isEmpty()) {
                silence(LONG_SILENCE);
                load(staged, prepared(loading));
            }
            // Where the rows were parameters, it is over already, and this does nothing.
            connection.commit();
        } catch (SQLException e) {
            if (loading != null && LoadFault.isIn(e, loading.keyIndexes())) {
                throw new RowsRefusedException(
                        "The table " + loading.table() + " refuses a row: " + PostgresErrors.words(e) + ".", e);
            }
            throw e;
        }
        if (keys != null) {
            keys.memory().committed(block);
        }
        silence(SHORT_SILENCE);
        return commit.account();
    }

    private static Loading prepared(@Nullable Loading loading) {
        if (loading == null) {
            throw new IllegalStateException("prepare comes first");
        }
        return loading;
    }

    /** Commits without the records that the table refuses. What becomes of the records is known only after the rows. */
    private Commit.Account sift(
            Commit commit, Commit.Sifting sifting, List<CopyStaging> staged, Loading loading, Since since)
            throws SQLException, FencedException {
        try {
            books.lock(connection, commit.account());
            since.check(connection);
            Commit.Account account = commit.account();
            List<Commit.Refused> refused = List.of();
            if (!staged.isEmpty()) {
                silence(LONG_SILENCE);
                if (!loading.append()) {
                    lockTable(loading);
                }
                execute(loading.sql().createSifting());
                copy(loading.sql().copyToSifting(), staged);
                refused = new Sift(connection, loading).refused(sifting);
                if (!refused.isEmpty()) {
                    account = sifting.without(refused);
                }
            }
            books.begin(connection, commit.run(), account);
            Commit.Keys keys = commit.keys();
            long block = keys == null ? 0 : books.keys().add(connection, keys.without(refused));
            books.quarantine().add(connection, commit.run(), account);
            connection.commit();
            if (keys != null) {
                keys.memory().committed(block);
            }
            silence(SHORT_SILENCE);
            return account;
        } catch (FencedException e) {
            connection.rollback();
            silence(SHORT_SILENCE);
            throw e;
        }
    }

    private void load(List<CopyStaging> staged, Loading loading) throws SQLException, SinkException {
        long rows = staged.stream().mapToLong(Sink.Staging::rows).sum();
        long bytes = staged.stream().mapToLong(Sink.Staging::bytes).sum();
        boolean distinct = loading.append() || distinct(staged);
        boolean bulk = !loading.append() && rows >= BULK_ROWS && !filled && empty(loading);
        if (!bulk && rows <= loading.parameterRows() && bytes <= PARAMETER_BYTES) {
            loadAtOnce(staged, (int) rows, distinct, loading);
            return;
        }
        if (loading.append()) {
            copyToTable(staged, loading);
            return;
        }
        prepareStaging(loading);
        boolean locked = false;
        if (bulk) {
            lockTable(loading);
            locked = true;
            if (loadEmpty(staged, distinct, loading)) {
                return;
            }
        }
        stage(staged, rows, distinct, loading);
        if (!locked) {
            lockTable(loading);
        }
        execute(loading.sql().merge(distinct));
    }

    /** Ends the transaction too. */
    private void loadAtOnce(List<CopyStaging> staged, int rows, boolean distinct, Loading loading) throws SQLException {
        MergeSql sql = loading.sql();
        try (PreparedStatement statement = connection.prepareStatement(sql.atOnce(distinct))) {
            int parameter = 1;
            if (!loading.append()) {
                parameter = setLock(statement, loading);
            }
            for (ColumnArray column : ColumnArray.of(sql.shape(), staged, rows)) {
                statement.setObject(parameter++, column);
            }
            statement.execute();
        }
    }

    private static boolean distinct(List<CopyStaging> staged) {
        if (staged.size() == 1) {
            return staged.getFirst().keys().distinct();
        }
        KeySet union = new KeySet();
        for (CopyStaging staging : staged) {
            union.addAll(staging.keys());
        }
        return union.distinct();
    }

    private void stage(List<CopyStaging> staged, long rows, boolean distinct, Loading loading) throws SQLException {
        copy(loading.sql().copyToStaging(), staged);
        if (!distinct && rows >= ANALYZED_ROWS) {
            execute(loading.sql().analyzeStaging());
        }
    }

    /**
     * Loads a table that has no rows: without its primary key, which is then built at once, several times faster than
     * row by row. Returns false where that can't be done, with nothing changed: somebody reads the table, it is not
     * ours to alter, something depends on its key.
     */
    private boolean loadEmpty(List<CopyStaging> staged, boolean distinct, Loading loading)
            throws SQLException, SinkException {
        Savepoint before = connection.setSavepoint();
        PrimaryKey key;
        try {
            execute("LOCK TABLE " + loading.table().sql() + " IN ACCESS EXCLUSIVE MODE NOWAIT");
            key = empty(loading) ? onlyIndex(loading) : null;
            if (key != null) {
                execute("ALTER TABLE " + loading.table().sql() + " DROP CONSTRAINT " + Identifiers.quote(key.name()));
            }
        } catch (SQLException e) {
            if (connection.isClosed()) {
                throw e;
            }
            connection.rollback(before);
            return false;
        }
        if (key == null) {
            connection.rollback(before);
            return false;
        }
        if (distinct) {
            copyToTable(staged, loading);
        } else {
            stage(staged, Long.MAX_VALUE, false, loading);
            execute(loading.sql().insert(false));
        }
        execute("ALTER TABLE " + loading.table().sql() + " ADD CONSTRAINT " + Identifiers.quote(key.name()) + " "
                + key.definition());
        return true;
    }

    /** Whether an ordinary table has never had a row since it was made or truncated; costs nothing, however large it is. */
    private boolean empty(Loading loading) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT relkind = 'r' AND pg_relation_size(oid) = 0 FROM pg_class WHERE oid = ?::regclass")) {
            statement.setString(1, loading.table().sql());
            try (ResultSet row = statement.executeQuery()) {
                boolean empty = row.next() && row.getBoolean(1);
                filled = !empty;
                return empty;
            }
        }
    }

    /** A primary key as it can be made again. */
    private record PrimaryKey(String name, String definition) {}

    /** The primary key where it is the only index of an ordinary table; null otherwise. */
    private @Nullable PrimaryKey onlyIndex(Loading loading) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT k.conname, pg_get_constraintdef(k.oid)
                FROM pg_class c
                JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p' AND NOT k.condeferrable
                WHERE c.oid = ?::regclass AND c.relkind = 'r'
                  AND (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid) = 1
                """)) {
            statement.setString(1, loading.table().sql());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new PrimaryKey(row.getString(1), row.getString(2)) : null;
            }
        }
    }

    private void lockTable(Loading loading) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MergeSql.LOCK_TABLE)) {
            setLock(statement, loading);
            statement.execute();
        }
    }

    /** Sets the parameters of {@link MergeSql#LOCK_TABLE}; returns the number of the one after them. */
    private static int setLock(PreparedStatement statement, Loading loading) throws SQLException {
        statement.setInt(1, TABLE_LOCK);
        statement.setString(2, loading.table().sql());
        return 3;
    }

    private void prepareStaging(Loading loading) throws SQLException {
        if (!loading.equals(staged)) {
            execute("DROP TABLE IF EXISTS pg_temp.millrace_staging");
            execute(loading.sql().createStaging());
            // In a transaction of its own it would outlive a rollback of this one; it does not matter, since a
            // session is thrown away after one.
            staged = loading;
        }
    }

    /** One COPY for all, so that rows are numbered in the order given. */
    private void copy(String sql, List<CopyStaging> staged) throws SQLException {
        BinaryCopy.send(connection, sql, copy -> {
            for (CopyStaging staging : staged) {
                staging.eachBlock((block, used) -> copy.writeToCopy(block, 0, used));
            }
        });
    }

    /**
     * The binary form of a value is that of its column's type, and of another type's some bytes mean another value: a bigint
     * read as numeric may well be zero. So, while the lock that COPY took keeps the types as they are, they are looked at
     * once more.
     */
    private void copyToTable(List<CopyStaging> staged, Loading loading) throws SQLException, SinkException {
        try {
            copy(loading.sql().copyToTable(), staged);
        } catch (SQLException e) {
            if (PostgresErrors.isOfBinaryForm(e)) {
                connection.rollback();
                requireUnaltered(loading);
            }
            throw e;
        }
        requireUnaltered(loading);
    }

    private void requireUnaltered(Loading loading) throws SQLException, SinkException {
        List<String> now =
                TargetTable.types(connection, loading.table(), loading.sql().shape());
        if (!now.equals(loading.types())) {
            throw new SinkException("The table " + loading.table()
                    + " was altered while this process loaded into it: its columns were " + loading.types()
                    + " and are " + now
                    + ". Nothing of this commit was loaded; start the pipeline again, and it goes on from there.");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void silence(Duration atMost) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(atMost.toMillis()));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
