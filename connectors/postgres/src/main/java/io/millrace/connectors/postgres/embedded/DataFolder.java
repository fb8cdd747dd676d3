package io.millrace.connectors.postgres.embedded;

import io.millrace.api.SinkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The files of one server under {@code home/postgres}.
 *
 * <pre>
 * home/postgres/
 *   18.6.0/      the programs
 *   data/        the data; data/postmaster.pid tells the port while the server runs
 *   pgpass       the password, readable by its owner only, in the form that psql reads
 *   port         the port of the last run, taken again where it is free so that bookmarks stay true
 *   log          what the server says
 *   lock         held by the process that runs the server
 * </pre>
 */
record DataFolder(Path folder) {

    static final String USER = "millrace";
    static final String DATABASE = "postgres";

    private static final int PASSWORD_BYTES = 24;

    /** A log larger than this is put aside at the next start. */
    private static final long MAX_LOG_BYTES = 16L << 20;

    static DataFolder under(Path home) {
        return new DataFolder(home.toAbsolutePath().normalize().resolve("postgres"));
    }

    Path data() {
        return folder.resolve("data");
    }

    Path log() {
        return folder.resolve("log");
    }

    Path passwordFile() {
        return folder.resolve("pgpass");
    }

    void create() throws SinkException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw Folders.failure("The data folder " + folder + " could not be created", e);
        }
    }

    String password() throws SinkException {
        try {
            String line =
                    Files.readString(passwordFile(), StandardCharsets.UTF_8).strip();
            return line.substring(line.lastIndexOf(':') + 1);
        } catch (NoSuchFileException e) {
            throw new SinkException(
                    "The database in " + data() + " is there, but its password file " + passwordFile()
                            + " is not. Put the file back, or move the folder away to begin with an empty database.",
                    e);
        } catch (IOException e) {
            throw Folders.failure("The password file " + passwordFile() + " could not be read", e);
        }
    }

    /** Makes the data ready to be served: initialised, of this version, owned by the right user. */
    void prepare(Programs programs) throws SinkException, InterruptedException {
        try {
            if (!Files.exists(data())) {
                initialise(programs);
            }
            String version = Files.readString(data().resolve("PG_VERSION"), StandardCharsets.US_ASCII)
                    .strip();
            if (!version.equals(Binaries.MAJOR)) {
                throw new SinkException("The database in " + data() + " is of PostgreSQL " + version
                        + ", and this Millrace brings PostgreSQL " + Binaries.MAJOR
                        + ". Use the Millrace that made it, or move the folder away and load again.");
            }
            giveToServer(data(), programs);
            if (Files.exists(log()) && Files.size(log()) > MAX_LOG_BYTES) {
                Files.move(log(), folder.resolve("log.1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw Folders.failure("The database in " + data() + " could not be made ready", e);
        }
    }

    /** In a folder beside, moved into place when complete: a crash on the way leaves nothing half done. */
    private void initialise(Programs programs) throws IOException, SinkException, InterruptedException {
        deleteLeftOvers();
        Path unfinished = folder.resolve("data.new-" + ProcessHandle.current().pid());
        Path password = folder.resolve("initdb-password");
        if (!Files.exists(passwordFile())) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            Folders.writeSecret(
                    passwordFile(),
                    "127.0.0.1:*:*:" + USER + ":" + HexFormat.of().formatHex(random) + "\n");
        }
        Files.createDirectory(unfinished);
        try {
            Folders.writeSecret(password, password());
            giveToServer(unfinished, programs);
            giveToServer(password, programs);
            Programs.Outcome outcome = Programs.run(programs.command(
                    "initdb",
                    "--pgdata=" + unfinished,
                    "--username=" + USER,
                    "--auth=scram-sha-256",
                    "--pwfile=" + password,
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    // The iterations of SCRAM make weak passwords hard to guess. Ours has 192 random bits, and a
                    // command that connects pays for them every time.
                    "--set=scram_iterations=1",
                    "--no-instructions"));
            if (outcome.exitCode() != 0) {
                throw new SinkException(
                        "The database in " + data() + " could not be initialised: " + Folders.reason(outcome.output()));
            }
            Files.move(unfinished, data(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(password);
        }
    }

    private void deleteLeftOvers() throws IOException {
        try (DirectoryStream<Path> leftOvers = Files.newDirectoryStream(folder, "data.new-*")) {
            for (Path leftOver : leftOvers) {
                Folders.delete(leftOver);
            }
        }
    }

    private static void giveToServer(Path path, Programs programs) throws IOException {
        int wanted = programs.owner() == null
                ? (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid")
                : programs.owner();
        if ((int) Files.getAttribute(path, "unix:uid") != wanted) {
            Folders.own(path, wanted);
        }
    }

    /** What the server itself says about the server that runs, or ran, on this folder. */
    record Postmaster(long pid, int port, String status) {
        boolean ready() {
            return status.equals("ready");
        }
    }

    /** The contents of {@code postmaster.pid}; empty where it is not there or not yet written in full. */
    Optional<Postmaster> postmaster() throws SinkException {
        try {
            List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"), StandardCharsets.UTF_8);
            if (lines.size() < 4) {
                return Optional.empty();
            }
            String status = lines.size() >= 8 ? lines.get(7).strip() : "";
            return Optional.of(new Postmaster(
                    Long.parseLong(lines.get(0).strip()),
                    Integer.parseInt(lines.get(3).strip()),
                    status));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (NumberFormatException e) {
            // The file is rewritten in place: a reader may meet it half written.
            return Optional.empty();
        } catch (IOException e) {
            throw Folders.failure("The state of the database in " + data() + " could not be read", e);
        }
    }

    /** Whether a process is a PostgreSQL that serves this folder, and not another one that has got its number. */
    boolean servedBy(ProcessHandle process) {
        try {
            byte[] command = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline"));
            return new String(command, StandardCharsets.UTF_8).contains("\0-D\0" + data() + "\0");
        } catch (IOException e) {
            // It ended while we looked, or it belongs to another user: neither is our server.
            return false;
        }
    }

    boolean hasPostmasterFile() {
        return Files.exists(data().resolve("postmaster.pid"));
    }

    /**
     * Removes a {@code postmaster.pid} that would keep PostgreSQL from starting: one that names a process which is not a
     * server, or none at all, since its server was killed, or the machine went down, before the number was written. The
     * caller knows that no server runs. One that names a dead process stays, for PostgreSQL learns from it which shared
     * memory to look at.
     */
    void clearPostmasterFile() throws SinkException {
        Optional<Postmaster> named = postmaster();
        if (named.isPresent() && ProcessHandle.of(named.get().pid()).isEmpty()) {
            return;
        }
        try {
            Files.deleteIfExists(data().resolve("postmaster.pid"));
        } catch (IOException e) {
            throw Folders.failure("The stale postmaster.pid in " + data() + " could not be removed", e);
        }
    }

    /** The port of the last run, 0 where there was none. */
    int lastPort() throws SinkException {
        try {
            return Integer.parseInt(Files.readString(folder.resolve("port"), StandardCharsets.US_ASCII)
                    .strip());
        } catch (NoSuchFileException | NumberFormatException e) {
            return 0;
        } catch (IOException e) {
            throw Folders.failure("The file " + folder.resolve("port") + " could not be read", e);
        }
    }

    void rememberPort(int port) throws SinkException {
        try {
            Files.writeString(folder.resolve("port"), port + "\n", StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw Folders.failure("The file " + folder.resolve("port") + " could not be written", e);
        }
    }

    /** What the server has said since a place in its log. */
    String logSince(long position) throws IOException {
        byte[] all = Files.exists(log()) ? Files.readAllBytes(log()) : new byte[0];
        int from = (int) Math.min(position, all.length);
        return new String(all, from, all.length - from, StandardCharsets.UTF_8).strip();
    }

    long logSize() throws IOException {
        return Files.exists(log()) ? Files.size(log()) : 0;
    }
}
