package io.millrace.cli.send;

import static io.millrace.cli.send.ScriptedGateway.TAKE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.millrace.cli.send.ScriptedGateway.Reply;
import io.millrace.cli.send.ScriptedGateway.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is sent where nothing goes wrong. */
@Timeout(60)
class SendingTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void aFileGoesInBatches() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Path file = events(2500);
            SendSummary summary = Trial.to(gateway).file(file).parallel(1).run();

            assertThat(gateway.lines()).isEqualTo(Files.readAllLines(file));
            assertThat(gateway.requests())
                    .extracting(request -> request.lines().size())
                    .containsExactly(1000, 1000, 500);
            Request first = gateway.requests().getFirst();
            assertThat(first.header("Content-type")).isEqualTo("application/x-ndjson");
            assertThat(first.key()).matches("[0-9a-f]{32}");
            assertThat(first.headers()).doesNotContainKeys("Authorization", "Content-encoding", "Upgrade");
            assertThat(summary.counts()).isEqualTo(new SendSummary.Counts(Files.size(file), 2500, 2500, 0, 0, 0, 3, 0));
            assertThat(summary.kept()).isEmpty();
            assertThat(summary.failures()).isEmpty();
            assertThat(summary.stopped()).isFalse();
            assertThat(files()).containsExactly("events.jsonl");
        }
    }

    @Test
    void theSameFileSentAgainIsRecognised() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Path file = events(2500);
            Trial.to(gateway).file(file).run();
            SendSummary second = Trial.to(gateway).file(file).run();

            assertThat(gateway.count()).isEqualTo(2500);
            assertThat(second.counts().accepted()).isEqualTo(2500);
            assertThat(second.counts().repeated()).isEqualTo(2500);

            SendSummary third = Trial.to(gateway).file(file).again().run();
            assertThat(gateway.count()).isEqualTo(5000);
            assertThat(third.counts().repeated()).isZero();
        }
    }

    @Test
    void aFileThatReplacesAnotherIsNew() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Path file = events(10);
            Trial.to(gateway).file(file).run();
            Path other = Files.copy(file, folder.resolve("other"));
            Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            SendSummary second = Trial.to(gateway).file(file).run();

            assertThat(second.counts().repeated()).isZero();
            assertThat(gateway.count()).isEqualTo(20);
        }
    }

    @Test
    void linesOfAllKindsArriveAsTheyAre() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Path file = folder.resolve("events.jsonl");
            Files.writeString(file, "{\"a\":1}\r\n\r\n  \n{\"ü\": \"\\u0041\"}  \n\nnot json\n{\"last\":true}");
            SendSummary summary = Trial.to(gateway).file(file).run();

            assertThat(gateway.lines())
                    .containsExactly("{\"a\":1}", "{\"ü\": \"\\u0041\"}  ", "not json", "{\"last\":true}");
            assertThat(gateway.requests().getFirst().body()).endsWith("{\"last\":true}\n");
            assertThat(summary.counts().sent()).isEqualTo(4);
        }
    }

    @Test
    void anEmptyFileSendsNothing() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            SendSummary summary = Trial.to(gateway)
                    .file(Files.createFile(folder.resolve("empty.jsonl")))
                    .run();

            assertThat(gateway.requests()).isEmpty();
            assertThat(summary.counts()).isEqualTo(new SendSummary.Counts(0, 0, 0, 0, 0, 0, 0, 0));
        }
    }

    @Test
    void compressedFilesAreUnpacked() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Path plain = events(3000);
            Path gzip = folder.resolve("events.jsonl.gz");
            gzip(gzip, Files.readAllBytes(plain));
            Path zstd = Files.write(folder.resolve("events.unnamed"), Zstd.compress(Files.readAllBytes(plain)));
            SendSummary summary =
                    Trial.to(gateway).file(gzip).file(zstd).parallel(1).run();

            List<String> once = Files.readAllLines(plain);
            assertThat(gateway.lines())
                    .isEqualTo(Stream.concat(once.stream(), once.stream()).toList());
            assertThat(summary.counts().bytes()).isEqualTo(Files.size(gzip) + Files.size(zstd));
        }
    }

    @Test
    void aDamagedFileIsSentUpToTheDamageAndNamed() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Path whole = folder.resolve("events.jsonl.gz");
            gzip(whole, Files.readAllBytes(events(20_000)));
            byte[] bytes = Files.readAllBytes(whole);
            Files.write(whole, Arrays.copyOf(bytes, bytes.length / 2));
            Path next = Files.writeString(folder.resolve("next.jsonl"), "next\n");
            SendSummary summary =
                    Trial.to(gateway).file(whole).file(next).parallel(1).run();

            List<String> sent = gateway.lines();
            assertThat(sent).hasSizeBetween(5_000, 15_000).endsWith("next");
            assertThat(sent.subList(0, sent.size() - 1))
                    .isEqualTo(
                            Files.readAllLines(folder.resolve("events.jsonl")).subList(0, sent.size() - 1));
            assertThat(summary.failures())
                    .singleElement()
                    .asString()
                    .contains("events.jsonl.gz, from line " + sent.size() + " on", "ends too early");
        }
    }

    @Test
    void requestsAreCompressedOnRequest() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Path file = events(1500);
            Trial.to(gateway).file(file).parallel(1).compress().run();

            assertThat(gateway.lines()).isEqualTo(Files.readAllLines(file));
            assertThat(gateway.requests())
                    .allSatisfy(request ->
                            assertThat(request.header("Content-encoding")).isEqualTo("gzip"));
        }
    }

    @Test
    void singleEventsAreJson() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Path file = events(25);
            SendSummary summary = Trial.to(gateway).file(file).single().run();

            assertThat(gateway.lines()).containsExactlyInAnyOrderElementsOf(Files.readAllLines(file));
            assertThat(gateway.requests()).hasSize(25).allSatisfy(request -> {
                assertThat(request.header("Content-type")).isEqualTo("application/json");
                assertThat(request.body()).startsWith("{").endsWith("}");
            });
            assertThat(gateway.requests()).extracting(Request::key).doesNotHaveDuplicates();
            assertThat(summary.counts().requests()).isEqualTo(25);
        }
    }

    @Test
    void noMoreRequestsAreUnderWayThanAllowed() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        try (ScriptedGateway gateway = new ScriptedGateway(request -> new Reply.TakeAfter(go));
                Trial trial = Trial.to(gateway).file(events(100)).batch(10).parallel(3)) {
            CompletableFuture<SendSummary> summary = trial.start();
            Awaitility.await().until(() -> gateway.mostUnderWay() == 3);
            go.complete(null);

            assertThat(summary.get().counts().accepted()).isEqualTo(100);
            assertThat(gateway.mostUnderWay()).isEqualTo(3);
        }
    }

    @Test
    void oneAtATimeKeepsTheOrderWhateverFails() throws IOException, InterruptedException {
        try (ScriptedGateway gateway =
                new ScriptedGateway(request -> request.number() % 2 == 0 ? TAKE : ScriptedGateway.status(503))) {
            Path file = events(100);
            Trial.to(gateway).file(file).batch(7).parallel(1).run();

            assertThat(gateway.lines()).isEqualTo(Files.readAllLines(file));
        }
    }

    @Test
    void theStandardInputIsReadToItsEnd() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            String text = IntStream.range(0, 2500)
                            .mapToObj(i -> "{\"i\":" + i + "}\n")
                            .collect(Collectors.joining()) + "{\"last\":1}";
            SendSummary summary = Trial.to(gateway)
                    .input(new Input.Standard(stream(text)))
                    .parallel(1)
                    .run();

            assertThat(gateway.lines()).isEqualTo(text.lines().toList());
            assertThat(summary.counts().accepted()).isEqualTo(2501);

            Trial.to(gateway).input(new Input.Standard(stream("{\"last\":1}"))).run();
            Trial.to(gateway).input(new Input.Standard(stream("{\"last\":1}"))).run();
            assertThat(gateway.count()).as("a stream has no identity").isEqualTo(2503);
        }
    }

    @Test
    void aCompressedStandardInputIsUnpacked() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Path packed = folder.resolve("x");
            gzip(packed, "a\nb\n".getBytes(StandardCharsets.UTF_8));
            try (InputStream stream = Files.newInputStream(packed)) {
                Trial.to(gateway).input(new Input.Standard(stream)).run();
            }

            assertThat(gateway.lines()).containsExactly("a", "b");
        }
    }

    @Test
    void whatComesThroughASlowStreamIsSentAtOnce() throws Exception {
        PipedOutputStream writer = new PipedOutputStream();
        try (ScriptedGateway gateway = ScriptedGateway.taking();
                PipedInputStream reader = new PipedInputStream(writer);
                Trial trial = Trial.to(gateway).input(new Input.Standard(reader))) {
            CompletableFuture<SendSummary> summary = trial.start();
            write(writer, "a\n");
            Awaitility.await().until(() -> gateway.lines().size() == 1);
            write(writer, "b\nc");
            Awaitility.await().until(() -> gateway.lines().size() == 2);
            write(writer, "\nd");
            Awaitility.await().until(() -> gateway.lines().size() == 3);
            writer.close();

            assertThat(summary.get().counts().accepted()).isEqualTo(4);
            assertThat(gateway.lines()).containsExactly("a", "b", "c", "d");
        }
    }

    @Test
    void aPaceIsKept() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            SendSummary summary =
                    Trial.to(gateway).file(events(300)).rate(500).parallel(1).run();

            // Ten requests a second; the sixth is due when 250 events are paid for.
            assertThat(gateway.requests()).hasSize(6);
            assertThat(summary.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(500));
            assertThat(gateway.count()).isEqualTo(300);
        }
    }

    @Test
    void aPaceIsKeptForSingleEvents() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            SendSummary summary = Trial.to(gateway)
                    .file(events(40))
                    .rate(100)
                    .single()
                    .parallel(1)
                    .run();

            assertThat(gateway.requests()).hasSize(40);
            assertThat(summary.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(390));
        }
    }

    @Test
    void noMoreIsReadThanMayBeUnderWay() throws Exception {
        byte[] line = ("{\"text\":\"" + "x".repeat(9_987) + "\"}\n").getBytes(StandardCharsets.UTF_8);
        int count = 3_000;
        Path file = folder.resolve("big.jsonl");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < count; i++) {
                out.write(line);
            }
        }
        CompletableFuture<Void> go = new CompletableFuture<>();
        try (ScriptedGateway gateway = new ScriptedGateway(request -> new Reply.TakeAfter(go)).forgetful();
                Trial trial = Trial.to(gateway).file(file).parallel(3)) {
            CompletableFuture<SendSummary> summary = trial.start();
            Sending sending = trial.sending();
            long mostBytes = (3 + 2) * SendPlan.USUAL_BATCH_BYTES;
            // It reads until it has to wait: one batch more than are under way, and a chunk.
            Awaitility.await()
                    .during(Duration.ofMillis(300))
                    .until(() -> gateway.mostUnderWay() == 3
                            && sending.progress().bytes() > 3 * SendPlan.USUAL_BATCH_BYTES
                            && sending.progress().bytes() < mostBytes);
            assertThat(sending.progress().totalBytes()).isEqualTo((long) count * line.length);
            go.complete(null);

            assertThat(summary.get().counts().accepted()).isEqualTo(count);
            assertThat(gateway.count()).isEqualTo(count);
        }
    }

    @Test
    void whatCanNotBeReadIsSaidBeforeAnythingIsSent() throws IOException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Path missing = folder.resolve("missing.jsonl");
            Path file = events(1);

            assertThatThrownBy(() -> Trial.to(gateway).file(file).file(missing).run())
                    .isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> Trial.to(gateway).file(file).file(folder).run())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is a folder");
            assertThat(gateway.requests()).isEmpty();
        }
    }

    @Test
    void aServerThatSaysYesAndNoMoreWillDo() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = new ScriptedGateway(
                request -> new Reply.Status(200, java.util.Map.of("Content-Type", "text/plain"), "thanks"))) {
            SendSummary summary = Trial.to(gateway).file(events(10)).run();

            assertThat(summary.counts().accepted()).isEqualTo(10);
        }
    }

    private Path events(int count) throws IOException {
        return Files.write(
                folder.resolve("events.jsonl"),
                IntStream.range(0, count)
                        .mapToObj(i -> "{\"userId\":\"user" + i + "\",\"value\":" + i % 7 + "}")
                        .toList());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void gzip(Path file, byte[] bytes) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(bytes);
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
