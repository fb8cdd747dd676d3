package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void aPipelineThatCanRunIsFineAndNothingIsMade() throws IOException {
        Files.writeString(folder.resolve("events.jsonl"), "{\"a\":1}\n");
        Path file = pipeline("good.yaml", "good", "files: { path: events.jsonl }", "t", "");

        Captured check = check(file);

        assertThat(check.exitCode()).as("%s", check).isEqualTo(ExitCode.DONE);
        assertThat(check.out())
                .isEqualTo(file + ": fine; pipeline good from files events.jsonl into postgres t can run\n");
        assertThat(entries()).containsExactly("events.jsonl", "good.yaml");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnceWithItsPlace() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Files.writeString(folder.resolve("events.csv"), "x,y\n1,2\n");
        Path away = pipeline(
                "away.yaml",
                "one",
                "files: { path: none.jsonl }",
                "t, url: \"postgresql://u:pw@127.0.0.1:" + port + "/d\"",
                "");
        Path columns = pipeline(
                "columns.yaml",
                "one",
                "files: { path: \"*.csv\" }",
                "t",
                "serve: [{ path: \"/t/{a}\" }, { path: \"/t/{b}\" }]");

        Captured check = check(away, columns, "http.port=0");

        assertThat(check.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(check.out()).isEmpty();
        assertThat(check.err())
                .contains(away + ":2:24: from.files.path: There is no file none.jsonl")
                .contains(
                        away + ":5:36: into.postgres.url: The PostgreSQL at 127.0.0.1:" + port + "/d is not available")
                .contains(columns + ":1:11: pipeline: the pipeline in " + away + " has this name too")
                .contains(columns + ":2:24: from.files.path: ", "there is no column a; the columns are x, y")
                .contains(columns + ":6:37: serve[2].path: /t/{b} leads to one place only, and this file serves it too")
                .doesNotContain("u:pw@")
                .endsWith("millrace: 5 problems\n");
    }

    @Test
    void aFileThatIsNotValidIsExitCode2AndTheOthersAreChecked() throws IOException {
        Path bad = pipeline("bad.yaml", "bad", "files: { path: none.jsonl, form: csv }", "t", "");
        Path missing = pipeline("missing.yaml", "missing", "files: { path: none.jsonl }", "t", "");

        Captured check = check(bad, missing);

        assertThat(check.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(check.err()).contains("unknown key \"form\"", "There is no file none.jsonl");
    }

    @Test
    void aPortThatAnotherProgramHasIsToldAndAHomeThatCanNotBe() throws Exception {
        Path file = pipeline("http.yaml", "http", "http: { path: /in }", "t", "");
        Path noFolder = Files.writeString(folder.resolve("file"), "");
        try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            other.setSoTimeout(20_000);
            Thread answering = Thread.ofVirtual().start(() -> refuseOne(other));
            Captured check = Captured.of(
                    Map.of("MILLRACE_HOME", noFolder.toString()),
                    "check",
                    file.toString(),
                    "--set",
                    "http.port=" + other.getLocalPort());

            assertThat(check.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(check.err())
                    .contains("http.port: 127.0.0.1:" + other.getLocalPort() + " is in use by another program")
                    .contains("from.http: the log can't be kept in " + noFolder + "/log: " + noFolder + " is no folder")
                    .contains("into.postgres: The embedded PostgreSQL can't keep its data in " + noFolder);
            answering.join();
        }
    }

    private static void refuseOne(ServerSocket socket) {
        try (Socket connection = socket.accept();
                OutputStream out = connection.getOutputStream()) {
            out.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Captured check(Path file) {
        return Captured.of(environment(), "check", file.toString());
    }

    private Captured check(Path one, Path other, String... set) {
        return set.length == 0
                ? Captured.of(environment(), "check", one.toString(), other.toString())
                : Captured.of(environment(), "check", one.toString(), other.toString(), "--set", set[0]);
    }

    private Map<String, String> environment() {
        return Map.of("MILLRACE_HOME", folder.resolve("home").toString());
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private Path pipeline(String file, String name, String from, String into, String more) throws IOException {
        return Files.writeString(folder.resolve(file), """
                pipeline: %s
                from: { %s }
                columns: { a: BIGINT, b: BIGINT }
                transform: SELECT a, b FROM input
                into: { postgres: { table: %s } }
                %s
                """.formatted(name, from, into, more));
    }
}
