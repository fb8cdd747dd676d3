package io.millrace.connectors.postgres.embedded;

import io.millrace.api.SinkException;
import io.millrace.api.SinkUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A PostgreSQL 18 that lives and dies with this process, with its data under the home folder.
 *
 * <p>It commits durably, listens on the loopback interface only and asks for a random password. When this process ends,
 * even by SIGKILL, the server shuts down by itself. Within a process all holders of one folder share one server, which
 * stops when the last of them closes; a second process is refused and may attach by {@link #running}.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    /**
     * The servers of this process by folder. Static because a data folder is a thing of the whole process, like the
     * lock of the operating system that guards it. Guarded by itself.
     */
    private static final Map<Path, Shared> SHARED = new HashMap<>();

    private final Shared shared;
    private boolean closed;

    private EmbeddedPostgres(Shared shared) {
        this.shared = shared;
    }

    /**
     * How to reach a server.
     *
     * @param port on 127.0.0.1
     * @param user the superuser
     * @param password a secret
     * @param database its name
     * @param passwordFile where {@code psql} finds the password
     */
    public record Connection(int port, String user, String password, String database, Path passwordFile) {

        /** Without user and password. */
        public String jdbcUrl() {
            return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
        }

        /** A command line that opens {@code psql}; it names the password's file, not the password. */
        public String psqlCommand() {
            return "PGPASSFILE=" + quoted(passwordFile.toString()) + " psql -h 127.0.0.1 -p " + port + " -U " + user
                    + " " + database;
        }

        private static String quoted(String path) {
            return path.matches("[A-Za-z0-9_./+-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
        }

        /** Without the password. */
        @Override
        public String toString() {
            return jdbcUrl() + " as " + user;
        }
    }

    /**
     * Starts the server on the data of a home folder, or joins the one that this process has started there already. The
     * first start unpacks the programs and initialises the data, which takes about two seconds.
     *
     * @param home Millrace's home folder; created where it does not exist
     * @throws SinkException where the folder is in use by another process, can't be written, is of another version, or
     *     the disk is full; the message says what to do
     */
    public static EmbeddedPostgres start(Path home) throws SinkException, InterruptedException {
        DataFolder folder = DataFolder.under(home);
        folder.create();
        synchronized (SHARED) {
            Path key = real(folder.folder());
            Shared shared = SHARED.get(key);
            if (shared == null) {
                shared = Shared.open(new DataFolder(key));
                SHARED.put(key, shared);
            } else {
                shared.ensureRunning();
            }
            shared.holders++;
            return new EmbeddedPostgres(shared);
        }
    }

    /**
     * The server that this or another process runs on a home folder.
     *
     * @return empty where none takes connections
     */
    public static Optional<Connection> running(Path home) throws SinkException {
        DataFolder folder = DataFolder.under(home);
        Optional<DataFolder.Postmaster> postmaster = folder.postmaster();
        if (postmaster.isEmpty() || !postmaster.get().ready() || !Files.exists(folder.passwordFile())) {
            return Optional.empty();
        }
        Connection connection = connection(folder, postmaster.get().port());
        return answers(connection) ? Optional.of(connection) : Optional.empty();
    }

    /** Whether a server has been made on a home folder. */
    public static boolean hasData(Path home) {
        return Files.exists(DataFolder.under(home).data());
    }

    /** What stands in the way of making a server on a home folder; empty where nothing is seen. */
    public static Optional<String> obstacle(Path home) {
        Path folder = DataFolder.under(home).folder();
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            return Optional.of("The embedded PostgreSQL can't keep its data in " + folder + ": " + there
                    + " is no folder. Name another home folder with --home.");
        }
        return Files.isWritable(there)
                ? Optional.empty()
                : Optional.of("The embedded PostgreSQL can't keep its data in " + folder
                        + ": there is no permission to write in " + there
                        + ". Give the user that runs Millrace the right, or name another home folder with --home.");
    }

    private static boolean answers(Connection connection) {
        Properties properties = new Properties();
        properties.setProperty("user", connection.user());
        properties.setProperty("password", connection.password());
        properties.setProperty("loginTimeout", "5");
        try (java.sql.Connection probe = new org.postgresql.Driver().connect(connection.jdbcUrl(), properties)) {
            return probe != null;
        } catch (SQLException e) {
            // A postmaster.pid left behind by a crash: nobody, or somebody else, listens there.
            return false;
        }
    }

    private static Connection connection(DataFolder folder, int port) throws SinkException {
        return new Connection(port, DataFolder.USER, folder.password(), DataFolder.DATABASE, folder.passwordFile());
    }

    private static Path real(Path folder) throws SinkException {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw Folders.failure("The data folder " + folder + " could not be opened", e);
        }
    }

    /** How to reach it now; the port may be another after {@link #ensureRunning}. */
    public Connection connection() {
        synchronized (SHARED) {
            return shared.connection;
        }
    }

    public String jdbcUrl() {
        return connection().jdbcUrl();
    }

    public String user() {
        return connection().user();
    }

    public String password() {
        return connection().password();
    }

    public int port() {
        return connection().port();
    }

    public String psqlCommand() {
        return connection().psqlCommand();
    }

    /** The process number of the server. */
    public long pid() {
        synchronized (SHARED) {
            return shared.server.pid();
        }
    }

    /**
     * Starts the server again where it has died.
     *
     * @throws SinkUnavailableException where it does not start; it may later, once the disk has room for instance
     */
    public void ensureRunning() throws SinkException, InterruptedException {
        synchronized (SHARED) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            shared.ensureRunning();
        }
    }

    /** Lets go of the server. The last holder of this process stops it and waits until it has ended. */
    @Override
    public void close() {
        synchronized (SHARED) {
            if (closed) {
                return;
            }
            closed = true;
            shared.holders--;
            if (shared.holders == 0) {
                SHARED.values().remove(shared);
                shared.close();
            }
        }
    }

    /** A server and the lock of its folder. Guarded by {@link #SHARED}. */
    private static final class Shared implements AutoCloseable {
        private final DataFolder folder;
        private final HomeLock lock;
        private final Programs programs;
        private Server server;
        private Connection connection;
        private int holders;

        private Shared(DataFolder folder, HomeLock lock, Programs programs, Server server, Connection connection) {
            this.folder = folder;
            this.lock = lock;
            this.programs = programs;
            this.server = server;
            this.connection = connection;
        }

        static Shared open(DataFolder folder) throws SinkException, InterruptedException {
            HomeLock lock = HomeLock.take(folder.folder());
            boolean opened = false;
            try {
                Programs programs = Programs.in(Binaries.unpack(folder.folder()));
                folder.prepare(programs);
                Server server = Server.start(folder, programs);
                Shared shared =
                        new Shared(folder, lock, programs, server, EmbeddedPostgres.connection(folder, server.port()));
                opened = true;
                return shared;
            } catch (IOException e) {
                throw Folders.failure("The embedded PostgreSQL in " + folder.folder() + " could not be started", e);
            } finally {
                if (!opened) {
                    lock.close();
                }
            }
        }

        void ensureRunning() throws SinkException, InterruptedException {
            if (server.running()) {
                return;
            }
            server.close();
            try {
                server = Server.start(folder, programs);
                connection = EmbeddedPostgres.connection(folder, server.port());
            } catch (SinkException e) {
                throw new SinkUnavailableException(String.valueOf(e.getMessage()), e);
            }
        }

        @Override
        public void close() {
            try (lock) {
                server.close();
            }
        }
    }
}
