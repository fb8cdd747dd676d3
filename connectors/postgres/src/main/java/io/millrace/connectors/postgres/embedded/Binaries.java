package io.millrace.connectors.postgres.embedded;

import io.millrace.api.SinkException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The programs of PostgreSQL, unpacked once from the class path into the home folder. */
final class Binaries {

    /** Version of the programs; names the folder they are unpacked to, so that an upgrade unpacks its own. */
    static final String VERSION = "18.6.0";

    /** What the data folder's PG_VERSION must say. */
    static final String MAJOR = "18";

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private Binaries() {}

    /**
     * The folder with {@code bin}, {@code lib} and {@code share}. The caller holds the lock of the home folder.
     *
     * <p>Unpacked beside its place and moved there when complete, so that a crash on the way leaves nothing half done.
     */
    static Path unpack(Path folder) throws SinkException {
        Path home = folder.resolve(VERSION);
        if (Files.isExecutable(home.resolve("bin/postgres"))) {
            return home;
        }
        requirePlatform();
        Path unfinished = folder.resolve(VERSION + ".unpacking");
        try {
            Folders.delete(unfinished);
            Files.createDirectories(unfinished);
            try (InputStream archive = Binaries.class.getResourceAsStream(ARCHIVE)) {
                if (archive == null) {
                    throw unsupported();
                }
                extract(archive, unfinished);
            }
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
            return home;
        } catch (IOException e) {
            throw Folders.failure("PostgreSQL could not be unpacked to " + home, e);
        }
    }

    private static void requirePlatform() throws SinkException {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "");
        if (!system.contains("linux") || !(processor.equals("amd64") || processor.equals("x86_64"))) {
            throw unsupported();
        }
    }

    private static SinkException unsupported() {
        return new SinkException("The embedded PostgreSQL is there for Linux on x86_64 only, and this is "
                + System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                + ". Set MILLRACE_DATABASE_URL to a PostgreSQL of your own, such as"
                + " postgresql://user:password@host:5432/database.");
    }

    private static void extract(InputStream archive, Path to) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive, 1 << 16)))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                Path target = to.resolve(entry.getName()).normalize();
                if (!target.startsWith(to)) {
                    throw new IOException("The archive of PostgreSQL holds a path that leads out of it");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    if (entry.isSymbolicLink()) {
                        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                    } else {
                        Files.copy(tar, target);
                        Files.setPosixFilePermissions(target, permissions(entry.getMode()));
                    }
                }
            }
        }
    }

    /** Readable by all, since the server may have to run as another user than the owner of the home folder. */
    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return permissions;
    }
}
