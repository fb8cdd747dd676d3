package io.millrace.connectors.postgres.embedded;

import io.millrace.api.SinkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** One run of the server on a data folder. Used under the lock of {@link EmbeddedPostgres}. */
final class Server implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ORPHAN = Duration.ofSeconds(10);
    private static final Duration FAST_SHUTDOWN = Duration.ofSeconds(10);
    private static final Duration IMMEDIATE_SHUTDOWN = Duration.ofSeconds(5);

    /** Short, since a start takes some 40 ms in all. */
    private static final long POLL_MILLIS = 2;

    private static final int PORT_ATTEMPTS = 5;

    /**
     * Durable like any PostgreSQL, and sized for bulk loads on a small machine. Larger buffers and WAL measured no
     * faster (docs/decisions/0003); no compiled expressions, since compiling costs more than our statements take.
     */
    private static final List<String> SETTINGS = List.of(
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "password_encryption=scram-sha-256",
            "shared_buffers=128MB",
            "max_wal_size=2GB",
            "jit=off",
            // Not "$user" first, which would be the schema millrace: what people make in psql belongs in public.
            "search_path=public",
            "timezone=UTC",
            "log_timezone=UTC");

    private final DataFolder folder;

    /** Its one thread starts the server and lives as long as it must: the server ends when the thread does. */
    private final ExecutorService keeper;

    private final Process process;
    private final int port;

    private Server(DataFolder folder, ExecutorService keeper, Process process, int port) {
        this.folder = folder;
        this.keeper = keeper;
        this.process = process;
        this.port = port;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    boolean running() {
        return process.isAlive();
    }

    /** Starts the server and returns when it takes connections. */
    static Server start(DataFolder folder, Programs programs) throws SinkException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        int port = folder.lastPort();
        int taken = 0;
        while (true) {
            awaitOrphans(folder);
            port = free(port);
            try {
                long logged = folder.logSize();
                Server server = launch(folder, programs, port);
                if (server.awaitReady(deadline)) {
                    folder.rememberPort(port);
                    return server;
                }
                server.close();
                String said = folder.logSince(logged);
                boolean portTaken = said.contains("could not bind") && ++taken < PORT_ATTEMPTS;
                // Backends of a server that was killed hold its shared memory for a moment longer, and an orphan that
                // was killed in its first moments may take the lock file after we have looked.
                boolean predecessor = said.contains("pre-existing shared memory block") || said.contains("lock file");
                if (!(portTaken || predecessor) || System.nanoTime() > deadline) {
                    throw new SinkException("The embedded PostgreSQL in " + folder.data() + " did not start: "
                            + Folders.reason(said) + "\nIts log is " + folder.log() + ".");
                }
                port = portTaken ? 0 : port;
            } catch (IOException e) {
                throw Folders.failure("The embedded PostgreSQL in " + folder.data() + " could not be started", e);
            }
        }
    }

    private static Server launch(DataFolder folder, Programs programs, int port)
            throws IOException, InterruptedException {
        ArrayList<String> arguments =
                new ArrayList<>(List.of("-D", folder.data().toString(), "-p", Integer.toString(port)));
        for (String setting : SETTINGS) {
            arguments.add("-c");
            arguments.add(setting);
        }
        ProcessBuilder builder = new ProcessBuilder(programs.server("postgres", arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()));
        ExecutorService keeper = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("embedded-postgres").factory());
        try {
            Process process = keeper.submit(builder::start).get();
            process.getOutputStream().close();
            return new Server(folder, keeper, process, port);
        } catch (ExecutionException e) {
            keeper.shutdown();
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }

    /** Returns false where the server ended instead. */
    private boolean awaitReady(long deadline) throws SinkException, InterruptedException {
        while (process.isAlive()) {
            Optional<DataFolder.Postmaster> postmaster = folder.postmaster();
            if (postmaster.isPresent()
                    && postmaster.get().ready()
                    && postmaster.get().pid() == process.pid()) {
                return true;
            }
            if (System.nanoTime() > deadline) {
                close();
                throw new SinkException("The embedded PostgreSQL in " + folder.data() + " did not become ready within "
                        + START.toSeconds() + " s. Its log is " + folder.log() + ".");
            }
            Thread.sleep(POLL_MILLIS);
        }
        return false;
    }

    /**
     * Deals with what an earlier process left behind. We hold the lock of the folder, so servers that still serve it
     * have lost their owner: they are on their way out, or not even up, and are asked to go in case that they are not.
     * They are looked for among all processes: one that was killed in its first moments has not yet written its number.
     */
    private static void awaitOrphans(DataFolder folder) throws SinkException, InterruptedException {
        if (!folder.hasPostmasterFile()) {
            return;
        }
        for (ProcessHandle orphan :
                ProcessHandle.allProcesses().filter(folder::servedBy).toList()) {
            try {
                Programs.signal("INT", orphan.pid());
                if (!gone(folder, orphan, ORPHAN)) {
                    Programs.signal("QUIT", orphan.pid());
                    if (!gone(folder, orphan, IMMEDIATE_SHUTDOWN)) {
                        throw new SinkException("An earlier PostgreSQL, process " + orphan.pid() + ", still serves "
                                + folder.data() + " and does not end. Stop it and try again.");
                    }
                }
            } catch (IOException e) {
                throw Folders.failure("An earlier PostgreSQL on " + folder.data() + " could not be stopped", e);
            }
        }
        folder.clearPostmasterFile();
    }

    private static boolean gone(DataFolder folder, ProcessHandle process, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (process.isAlive() && folder.servedBy(process)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }

    /** The port wished for where it is free, another otherwise. */
    private static int free(int wished) throws SinkException {
        for (int port : new int[] {wished, 0}) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return socket.getLocalPort();
            } catch (IOException e) {
                if (port == 0) {
                    throw Folders.failure("No free port was found for the embedded PostgreSQL", e);
                }
            }
        }
        throw new AssertionError("port 0 either binds or throws");
    }

    /** Stops the server: open transactions are rolled back, what was committed is on disk. */
    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                Programs.signal("INT", process.pid());
                if (!process.waitFor(FAST_SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS)) {
                    Programs.signal("QUIT", process.pid());
                    if (!process.waitFor(IMMEDIATE_SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS)) {
                        process.destroyForcibly();
                    }
                }
            }
        } catch (IOException e) {
            process.destroyForcibly();
            throw new UncheckedIOException("The embedded PostgreSQL could not be stopped in order", e);
        } catch (InterruptedException e) {
            // The end of the keeper's thread, below, asks the server to stop in the same way; nobody waits for it then.
            Thread.currentThread().interrupt();
        } finally {
            keeper.shutdown();
        }
    }
}
