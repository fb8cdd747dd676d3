package io.millrace.server.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.api.Secret;
import io.millrace.engine.yaml.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteFolderTest {

    private static final RemoteConfig OFTEN = new RemoteConfig(Duration.ofMillis(10), Secret.of("t0ken"));

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer server;

    private final AtomicInteger unchanged = new AtomicInteger();
    private final AtomicInteger given = new AtomicInteger();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile byte[] body = {};
    private volatile @Nullable String tag;
    private volatile int status = 200;

    private final RemoteFolder.Listener listener = new RemoteFolder.Listener() {
        @Override
        public void refused(String url, List<Problem> problems) {
            heard.add("refused " + problems);
        }

        @Override
        public void away(String url, String reason) {
            heard.add("away " + url + ": " + reason);
        }

        @Override
        public void back(String url) {
            heard.add("back");
        }
    };

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo("Bearer t0ken");
            String now = tag;
            if (now != null && now.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                unchanged.incrementAndGet();
                return;
            }
            if (now != null) {
                exchange.getResponseHeaders().set("ETag", now);
            }
            byte[] bytes = body;
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            given.incrementAndGet();
        }
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path + "?key=hidden");
    }

    private RemoteFolder open() throws Exception {
        return RemoteFolder.open(url("/flows.zip"), OFTEN, home, RemoteFolderTest::problems, listener);
    }

    /** A pipeline with the word wrong in it is. */
    private static List<Problem> problems(Path folder) throws IOException {
        List<Problem> problems = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file).contains("wrong")) {
                    problems.add(new Problem(file.toString(), 1, 1, "it is wrong", ""));
                }
            }
        }
        return problems;
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static Map<String, String> files(RemoteFolder remote) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(remote.folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(remote.folder().relativize(file).toString(), Files.readString(file));
            }
        }
        return found;
    }

    @Test
    void followsTheFilesOfAnArchive() throws Exception {
        tag = "\"1\"";
        body = zip(Map.of("a.yaml", "one", "schemas/a.json", "{}", "b.yaml", "two"));
        try (RemoteFolder remote = open()) {
            assertThat(files(remote)).isEqualTo(Map.of("a.yaml", "one", "schemas/a.json", "{}", "b.yaml", "two"));
            await().until(() -> unchanged.get() > 2);
            assertThat(given).as("bodies sent while nothing changed").hasValue(1);

            body = zip(Map.of("a.yaml", "three", "schemas", "a file now"));
            tag = "\"2\"";

            await().until(() -> files(remote).equals(Map.of("a.yaml", "three", "schemas", "a file now")));
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void leavesOutTheOneFolderThatAllFilesOfAnArchiveAreIn() throws Exception {
        body = zip(Map.of("repository-1f3a/a.yaml", "one", "repository-1f3a/schemas/a.json", "{}"));
        try (RemoteFolder remote = open()) {
            assertThat(files(remote)).containsOnlyKeys("a.yaml", "schemas/a.json");
        }
    }

    @Test
    void takesASinglePipelineFile() throws Exception {
        body = "pipeline: p".getBytes(StandardCharsets.UTF_8);
        try (RemoteFolder remote =
                RemoteFolder.open(url("/p/orders.yaml"), OFTEN, home, RemoteFolderTest::problems, listener)) {
            assertThat(files(remote)).isEqualTo(Map.of("orders.yaml", "pipeline: p"));
        }
    }

    @Test
    void takesAVersionWithAFaultNotAtAllAndSaysSoOnce() throws Exception {
        body = zip(Map.of("a.yaml", "one", "b.yaml", "two"));
        try (RemoteFolder remote = open()) {
            body = zip(Map.of("a.yaml", "better", "b.yaml", "wrong"));
            int before = given.get();
            await().until(() -> given.get() > before + 3);
            assertThat(files(remote)).isEqualTo(Map.of("a.yaml", "one", "b.yaml", "two"));
            assertThat(heard).containsExactly("refused [b.yaml:1:1: it is wrong]");

            body = zip(Map.of("a.yaml", "better", "b.yaml", "mended"));

            await().until(() -> files(remote).equals(Map.of("a.yaml", "better", "b.yaml", "mended")));
        }
    }

    @Test
    void goesOnWithTheLastGoodCopyWhileTheUrlIsAwayAlsoOverARestart() throws Exception {
        body = zip(Map.of("a.yaml", "one"));
        try (RemoteFolder remote = open()) {
            status = 500;
            await().until(() -> !heard.isEmpty());
            assertThat(files(remote)).containsOnlyKeys("a.yaml");
        }
        heard.clear();
        try (RemoteFolder remote = open()) {
            assertThat(files(remote)).containsOnlyKeys("a.yaml");
            assertThat(heard)
                    .containsExactly("away http://127.0.0.1:"
                            + server.getAddress().getPort() + "/flows.zip: it answered with status 500");
            status = 200;
            await().until(() -> heard.contains("back"));
        }
    }

    @Test
    void doesNotStartWithoutAnyCopy() {
        status = 404;
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no copy from an earlier time")
                .hasMessageNotContaining("hidden");
    }

    @Test
    void takesNothingThatIsNotAFolderOfPipelines() throws Exception {
        body = zip(Map.of("a.yaml", "one"));
        try (RemoteFolder remote = open()) {
            for (byte[] bad : List.of(
                    zip(Map.of("../evil.yaml", "x")),
                    zip(Map.of("/etc/evil.yaml", "x")),
                    zip(Map.of("c:\\..\\evil.yaml", "x", "a/../../b.yaml", "y")),
                    "<html>please log in</html>".getBytes(StandardCharsets.UTF_8),
                    new byte[0])) {
                body = bad;
                await().until(() -> !heard.isEmpty());
                assertThat(heard.getFirst()).startsWith("away ");
                assertThat(files(remote)).isEqualTo(Map.of("a.yaml", "one"));

                body = zip(Map.of("a.yaml", "one"));
                await().until(() -> heard.contains("back"));
                heard.clear();
            }
        }
    }

    @Test
    void asksForAllAgainWhereItWasKilledWhileTakingAVersion() throws Exception {
        tag = "\"1\"";
        body = zip(Map.of("a.yaml", "one", "b.yaml", "two"));
        Path copy;
        try (RemoteFolder remote = open()) {
            copy = remote.folder();
        }
        // As a kill leaves it: the tag goes first and comes last.
        Files.delete(copy.resolveSibling("etag"));
        Files.delete(copy.resolve("b.yaml"));
        try (RemoteFolder remote = open()) {
            assertThat(files(remote)).containsOnlyKeys("a.yaml", "b.yaml");
        }
    }
}
