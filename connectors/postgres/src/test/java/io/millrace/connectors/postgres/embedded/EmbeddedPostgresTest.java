package io.millrace.connectors.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.api.SinkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class EmbeddedPostgresTest {

    /** Shared with the other tests, so that the programs are unpacked once. */
    private static final Path UNPACKED =
            Path.of("target/postgres-tests/postgres").toAbsolutePath();

    private static final Path FOLDER = Path.of("target/embedded-tests").toAbsolutePath();

    /** Initialised once; every test that takes it leaves it in order. */
    private static final Path COMMON = FOLDER.resolve("common");

    @BeforeAll
    static void unpack() throws Exception {
        Files.createDirectories(UNPACKED);
        Binaries.unpack(UNPACKED);
        Folders.delete(FOLDER);
        home("common");
    }

    /** A home folder in which the programs are there already. */
    private static Path home(String name) throws IOException {
        Path home = FOLDER.resolve(name);
        Files.createDirectories(home.resolve("postgres"));
        Files.createSymbolicLink(
                home.resolve("postgres").resolve(Binaries.VERSION), UNPACKED.resolve(Binaries.VERSION));
        return home;
    }

    private static String query(EmbeddedPostgres server, String sql) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), properties);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? rows.getString(1) : "";
            }
        }
    }

    @Test
    void dataAndPasswordAndPortStayFromRunToRun() throws Exception {
        int port;
        String password;
        try (EmbeddedPostgres server = EmbeddedPostgres.start(COMMON)) {
            port = server.port();
            password = server.password();
            query(server, "CREATE TABLE stays AS SELECT 42 AS n");
        }
        try (EmbeddedPostgres server = EmbeddedPostgres.start(COMMON)) {
            assertThat(query(server, "SELECT n FROM stays")).isEqualTo("42");
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.password()).isEqualTo(password).hasSize(48);
            assertThat(server.psqlCommand()).contains("pgpass").doesNotContain(password);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(COMMON.resolve("postgres/pgpass"))))
                .isEqualTo("rw-------");
        assertThat(Files.exists(COMMON.resolve("postgres/data/postmaster.pid"))).isFalse();
    }

    @Test
    void commitsAreDurableAndOnlyTheLoopbackInterfaceIsServedAndOnlyWithThePassword() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(COMMON)) {
            assertThat(query(
                            server,
                            "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings WHERE name IN"
                                    + " ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses',"
                                    + " 'unix_socket_directories', 'data_checksums', 'server_encoding')"))
                    .isEqualTo("data_checksums=on fsync=on full_page_writes=on listen_addresses=127.0.0.1"
                            + " server_encoding=UTF8 synchronous_commit=on unix_socket_directories=");
            assertThat(query(server, "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"))
                    .isEqualTo("scram-sha-256");
            assertThat(query(server, "SELECT left(rolpassword, 13) FROM pg_authid WHERE rolname = 'millrace'"))
                    .isEqualTo("SCRAM-SHA-256");
        }
    }

    @Test
    void holdersInOneProcessShareAServerAndTheLastOneStopsIt() throws Exception {
        EmbeddedPostgres first = EmbeddedPostgres.start(COMMON);
        EmbeddedPostgres second = EmbeddedPostgres.start(COMMON);
        long pid = first.pid();
        assertThat(second.pid()).isEqualTo(pid);
        first.close();
        first.close();
        assertThat(query(second, "SELECT 1")).isEqualTo("1");
        assertThat(EmbeddedPostgres.running(COMMON)).contains(second.connection());
        second.close();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(EmbeddedPostgres.running(COMMON)).isEmpty();
    }

    @Test
    void aSecondProcessIsRefusedAndMayAttach() throws Exception {
        Process holder = hold(COMMON);
        try {
            assertThatThrownBy(() -> EmbeddedPostgres.start(COMMON))
                    .isInstanceOf(SinkException.class)
                    .hasMessageContaining(
                            COMMON.toRealPath().resolve("postgres").toString())
                    .hasMessageContaining("process " + holder.pid())
                    .hasMessageContaining("--home");
            assertThat(EmbeddedPostgres.running(COMMON)).isPresent();
        } finally {
            holder.getOutputStream().close();
        }
        assertThat(holder.waitFor()).isZero();
        try (EmbeddedPostgres server = EmbeddedPostgres.start(COMMON)) {
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void whenItsHolderIsKilledTheServerEndsAndTheNextStartFindsAllThatWasCommitted() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(COMMON)) {
            query(server, "CREATE TABLE kept (n int)");
        }
        for (int i = 0; i < 3; i++) {
            Process holder = hold(COMMON);
            // The process is gone, while its server is still on its way out.
            holder.destroyForcibly().waitFor();
            try (EmbeddedPostgres server = EmbeddedPostgres.start(COMMON)) {
                query(server, "INSERT INTO kept VALUES (" + i + ")");
                assertThat(query(server, "SELECT count(*) FROM kept")).isEqualTo(Integer.toString(i + 1));
            }
        }
    }

    @Test
    void aServerThatWasKilledIsStartedAgain() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(COMMON)) {
            query(server, "CREATE TABLE crash AS SELECT 1 AS n");
            long pid = server.pid();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            Awaitility.await().until(() -> ProcessHandle.of(pid).isEmpty());

            server.ensureRunning();

            assertThat(server.pid()).isNotEqualTo(pid);
            assertThat(query(server, "SELECT n FROM crash")).isEqualTo("1");
        }
    }

    @Test
    void aPostmasterPidThatNamesAnotherProcessIsNoObstacle() throws Exception {
        EmbeddedPostgres.start(COMMON).close();
        Files.writeString(
                COMMON.resolve("postgres/data/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + COMMON + "/postgres/data\n1\n1\n\n127.0.0.1\n1 1\nready\n");

        assertThat(EmbeddedPostgres.running(COMMON)).isEmpty();
        try (EmbeddedPostgres server = EmbeddedPostgres.start(COMMON)) {
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aPostmasterPidThatWasNeverWrittenIsNoObstacle() throws Exception {
        EmbeddedPostgres.start(COMMON).close();
        for (String written : new String[] {"", "123"}) {
            Files.writeString(COMMON.resolve("postgres/data/postmaster.pid"), written);

            try (EmbeddedPostgres server = EmbeddedPostgres.start(COMMON)) {
                assertThat(query(server, "SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void anOrphanWhoseNumberIsUnknownIsStoppedFirst() throws Exception {
        EmbeddedPostgres.start(COMMON).close();
        Programs programs = Programs.in(COMMON.resolve("postgres").resolve(Binaries.VERSION));
        DataFolder data = DataFolder.under(COMMON.toRealPath());
        Server orphan = Server.start(data, programs);
        Files.writeString(COMMON.resolve("postgres/data/postmaster.pid"), "");

        try (EmbeddedPostgres server = EmbeddedPostgres.start(COMMON)) {
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
            assertThat(orphan.running()).isFalse();
        } finally {
            orphan.close();
        }
    }

    @Test
    void whereUserNamespacesAreOffTheServerOfRootRunsAsNobody() throws Exception {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isEqualTo(0);
        DataFolder data = DataFolder.under(home("nobody"));
        Programs programs = Programs.asNobody(UNPACKED.resolve(Binaries.VERSION).resolve("bin"));
        data.prepare(programs);
        for (int i = 0; i < 2; i++) {
            try (Server server = Server.start(data, programs)) {
                assertThat(Files.getAttribute(Path.of("/proc/" + server.pid()), "unix:uid"))
                        .isEqualTo(65534);
                assertThat(EmbeddedPostgres.running(FOLDER.resolve("nobody"))).isPresent();
            }
        }
    }

    @Test
    void aPortThatIsTakenIsReplaced() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(COMMON.resolve("postgres/port"), taken.getLocalPort() + "\n");
            try (EmbeddedPostgres server = EmbeddedPostgres.start(COMMON)) {
                assertThat(server.port()).isNotEqualTo(taken.getLocalPort());
            }
        }
    }

    @Test
    void whatAnInterruptedInitialisationLeftIsClearedAway() throws Exception {
        Path home = home("interrupted");
        Files.createDirectories(home.resolve("postgres/data.new-1/base"));
        try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
        assertThat(Files.exists(home.resolve("postgres/data.new-1"))).isFalse();
    }

    @Test
    void dataOfAnotherVersionIsRefused() throws Exception {
        Path home = home("version");
        Files.createDirectories(home.resolve("postgres/data"));
        Files.writeString(home.resolve("postgres/data/PG_VERSION"), "15\n");
        assertThatThrownBy(() -> EmbeddedPostgres.start(home))
                .isInstanceOf(SinkException.class)
                .hasMessageContaining("is of PostgreSQL 15")
                .hasMessageContaining("move the folder away");
    }

    @Test
    void dataWithoutItsPasswordIsTold() throws Exception {
        Path home = home("password");
        EmbeddedPostgres.start(home).close();
        Files.delete(home.resolve("postgres/pgpass"));
        assertThatThrownBy(() -> EmbeddedPostgres.start(home))
                .isInstanceOf(SinkException.class)
                .hasMessageContaining("password file");
    }

    @Test
    void aHomeThatCanNotBeAFolderIsTold() throws Exception {
        Path file = FOLDER.resolve("file");
        Files.createFile(file);
        assertThatThrownBy(() -> EmbeddedPostgres.start(file))
                .isInstanceOf(SinkException.class)
                .hasMessageContaining("could not be created");
    }

    private static Process hold(Path COMMON) throws IOException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        COMMON.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        assertThat(reader.readLine()).startsWith("started ");
        return process;
    }
}
