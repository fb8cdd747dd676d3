package io.millrace.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL that belongs to nobody but the test: Millrace is told of it by its URL, and it is killed and started
 * again as the test likes. Programs and data are those that Millrace's embedded one unpacks and makes.
 *
 * <p>Used by one thread at a time.
 */
public final class DatabaseServer implements AutoCloseable {

    private static final String USER = "millrace";
    private static final long START_SECONDS = 60;
    private static final long STOP_SECONDS = 10;

    private final Path folder;
    private final Path program;
    private final String password;
    private final int port;
    private @Nullable Process process;

    private DatabaseServer(Path folder, Path program, String password, int port) {
        this.folder = folder;
        this.program = program;
        this.password = password;
        this.port = port;
    }

    /**
     * Makes a database and starts its server.
     *
     * @param home a folder of its own, empty at first
     */
    public static DatabaseServer start(Path home) throws IOException, InterruptedException {
        Launcher.Result made = Launcher.ofThisTree(home).run("query", "SELECT 1");
        if (made.exitCode() != 0) {
            throw new IOException("no database could be made: " + made);
        }
        Path folder = home.resolve("postgres");
        String pgpass = Files.readString(folder.resolve("pgpass")).strip();
        DatabaseServer server = new DatabaseServer(
                folder, program(folder), pgpass.substring(pgpass.lastIndexOf(':') + 1), Ports.free());
        server.start();
        return server;
    }

    private static Path program(Path folder) throws IOException {
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(folder)) {
            for (Path version : versions) {
                Path program = version.resolve("bin/postgres");
                if (Files.isExecutable(program)) {
                    return program;
                }
            }
        }
        throw new IOException("no PostgreSQL in " + folder);
    }

    /** What {@code MILLRACE_DATABASE_URL} is to say. */
    public String url() {
        return "postgresql://" + USER + ":" + password + "@127.0.0.1:" + port + "/postgres";
    }

    /** A connection to it, where the driver of PostgreSQL is on the class path. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, password);
    }

    /** Starts it, and returns when it takes connections; after a kill that is when it has recovered. */
    public void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid && uid == 0) {
            // PostgreSQL refuses to run as root: as Millrace does it, in a namespace, or as the owner of the data.
            Object owner = Files.getAttribute(folder.resolve("data"), "unix:uid");
            command.addAll(
                    owner.equals(0)
                            ? List.of("unshare", "--user")
                            : List.of("setpriv", "--reuid=" + owner, "--regid=" + owner, "--clear-groups"));
        }
        command.addAll(List.of(
                program.toString(),
                "-D",
                folder.resolve("data").toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories="));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("server.log").toFile()))
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!ready(process)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("PostgreSQL did not start; it says\n"
                        + Files.readString(folder.resolve("server.log"), StandardCharsets.UTF_8));
            }
            Thread.sleep(10);
        }
    }

    /** The eighth line of its file says so, once it has recovered; the port alone may be open before. */
    private boolean ready(Process server) throws IOException {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("data/postmaster.pid"));
            return lines.size() >= 8
                    && lines.getFirst().strip().equals(Long.toString(server.pid()))
                    && lines.get(7).strip().equals("ready")
                    && Ports.listens(port);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** SIGKILL to all its processes. */
    public void kill() throws InterruptedException {
        Process server = process;
        if (server == null) {
            return;
        }
        process = null;
        // Stopped first, so that it starts nothing that is not in the list.
        signal("STOP", server.pid());
        List<ProcessHandle> backends = server.descendants().toList();
        server.destroyForcibly();
        backends.forEach(ProcessHandle::destroyForcibly);
        server.waitFor();
        for (ProcessHandle backend : backends) {
            // Its shared memory is in use until the last of them is gone.
            backend.onExit().join();
        }
    }

    /** Stops it in order, or kills it where that takes long. */
    @Override
    public void close() {
        Process server = process;
        if (server == null) {
            return;
        }
        try {
            signal("INT", server.pid());
            if (!server.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
            process = null;
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void signal(String signal, long pid) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
