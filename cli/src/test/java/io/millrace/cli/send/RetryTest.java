package io.millrace.cli.send;

import static io.millrace.cli.send.ScriptedGateway.TAKE;
import static io.millrace.cli.send.ScriptedGateway.answering;
import static io.millrace.cli.send.ScriptedGateway.problem;
import static io.millrace.cli.send.ScriptedGateway.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.send.ScriptedGateway.Reply;
import io.millrace.cli.send.ScriptedGateway.Request;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens where something goes wrong. */
@Timeout(60)
class RetryTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504, 507})
    void aPassingFailureIsTriedAgainUnderTheSameKey(int status) throws IOException, InterruptedException {
        try (ScriptedGateway gateway = answering(status(status), status(status))) {
            Trial trial = Trial.to(gateway).file(events(10));
            SendSummary summary = trial.run();

            assertThat(gateway.requests()).hasSize(3);
            assertThat(gateway.requests()).extracting(Request::key).containsOnly(key(gateway));
            assertThat(gateway.requests())
                    .extracting(Request::body)
                    .containsOnly(first(gateway).body());
            assertThat(gateway.count()).isEqualTo(10);
            assertThat(summary.counts().retries()).isEqualTo(2);
            assertThat(summary.counts().accepted()).isEqualTo(10);
            assertThat(trial.retried)
                    .hasSize(2)
                    .allSatisfy(reason -> assertThat(reason).contains(Integer.toString(status)));
            assertThat(trial.notes).containsExactly("back");
        }
    }

    @Test
    void anAnswerThatBreaksOffIsAskedForAgainAndNothingIsTakenTwice() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = answering(new Reply.TakeAndBreak(), new Reply.Break())) {
            Trial trial = Trial.to(gateway).file(events(10));
            SendSummary summary = trial.run();

            assertThat(gateway.requests()).extracting(Request::key).containsOnly(key(gateway));
            assertThat(gateway.requests().size()).isGreaterThanOrEqualTo(2);
            assertThat(gateway.count()).isEqualTo(10);
            assertThat(summary.counts().accepted()).isEqualTo(10);
            assertThat(summary.counts().repeated()).isEqualTo(10);
            assertThat(trial.retried.getFirst()).contains("the connection broke before the answer was complete");
        }
    }

    @Test
    void aConnectionThatBreaksIsTriedAgain() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = answering(new Reply.Break(), new Reply.Break())) {
            SendSummary summary = Trial.to(gateway).file(events(10)).run();

            assertThat(gateway.requests()).hasSize(3);
            assertThat(summary.counts().repeated()).isZero();
            assertThat(summary.counts().accepted()).isEqualTo(10);
        }
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForLonger() throws IOException, InterruptedException {
        CompletableFuture<Void> go = new CompletableFuture<>();
        try (ScriptedGateway gateway = answering(new Reply.TakeAfter(go))) {
            Trial trial = Trial.to(gateway).file(events(10)).timeout(Duration.ofMillis(200));
            SendSummary summary = trial.run();

            assertThat(trial.retried).singleElement().asString().contains("no answer within 0.2 s");
            assertThat(summary.counts().accepted()).isEqualTo(10);
            go.complete(null);
        }
    }

    @Test
    void aGatewayThatAsksToWaitIsWaitedFor() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = answering(new Reply.Status(503, Map.of("Retry-After", "1"), ""))) {
            Trial trial = Trial.to(gateway).file(events(10));
            trial.run();

            assertThat(trial.waits).singleElement().isEqualTo(Duration.ofSeconds(1));
            assertThat(Duration.ofNanos(gateway.requests().getLast().nanos()
                            - first(gateway).nanos()))
                    .isGreaterThan(Duration.ofMillis(990));
        }
    }

    @Test
    void anAnswerThatCanNotBeReadIsAskedForAgain() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = answering(
                new Reply.Status(202, Map.of(), "{\"accepted\":"),
                new Reply.Status(202, Map.of(), "[]"),
                new Reply.Status(202, Map.of(), "{\"refused\":[{\"line\":11}]}"),
                new Reply.Status(202, Map.of(), "{\"positions\":{\"0-0\":\"x\"}}"))) {
            Trial trial = Trial.to(gateway).file(events(10));
            trial.run();

            assertThat(trial.retried)
                    .hasSize(4)
                    .allSatisfy(reason -> assertThat(reason).contains("can't be read, status 202"));
            assertThat(gateway.count()).isEqualTo(10);
        }
    }

    @Test
    void aBatchThatIsTooLargeGoesInHalves() throws IOException, InterruptedException {
        try (ScriptedGateway gateway =
                new ScriptedGateway(request -> request.lines().size() > 3 ? problem(413, "Too large", "") : TAKE)) {
            Path file = events(20);
            SendSummary summary = Trial.to(gateway).file(file).parallel(1).run();

            assertThat(gateway.lines()).isEqualTo(Files.readAllLines(file));
            assertThat(gateway.requests()).extracting(Request::key).doesNotHaveDuplicates();
            assertThat(summary.counts().kept()).isZero();

            SendSummary again = Trial.to(gateway).file(file).run();
            assertThat(again.counts().repeated()).isEqualTo(20);
        }
    }

    @Test
    void anInterruptedThreadLeavesNothingBehind() throws Exception {
        try (ScriptedGateway gateway = new ScriptedGateway(request -> status(503));
                Trial trial = Trial.to(gateway)
                        .file(events(20))
                        .batch(10)
                        .parallel(1)
                        .backoff(Duration.ofHours(1), Duration.ofHours(1))) {
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Sending sending = trial.sending();
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    sending.run();
                } catch (IOException | InterruptedException e) {
                    end.complete(e);
                }
            });
            Awaitility.await().until(() -> !trial.retried.isEmpty());
            thread.interrupt();

            assertThat(end.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            assertThat(Files.readAllLines(folder.resolve("events.unsent.jsonl")))
                    .isEqualTo(
                            Files.readAllLines(folder.resolve("events.jsonl")).subList(0, 10));
        }
    }

    @Test
    void aHostThatIsNotThereIsGivenUpAfterAWhile() throws IOException, InterruptedException {
        Path file = events(100);
        Trial trial = Trial.to(nobody()).file(file).batch(10).giveUpAfter(Duration.ofMillis(300));
        long start = System.nanoTime();
        SendSummary summary = trial.run();

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(290), Duration.ofSeconds(20));
        assertThat(trial.retried)
                .isNotEmpty()
                .allSatisfy(reason -> assertThat(reason).contains("nothing listens there"));
        assertThat(summary.counts().sent()).isZero();
        assertThat(summary.counts().kept()).isEqualTo(100);
        assertThat(Files.readAllLines(folder.resolve("events.unsent.jsonl")))
                .containsExactlyInAnyOrderElementsOf(Files.readAllLines(file));
        assertThat(summary.kept().getFirst().reasons()).singleElement().satisfies(because -> {
            assertThat(because.reason()).startsWith("given up: http://").doesNotContain("may have arrived");
            assertThat(because.lines()).isEqualTo("lines 1-100");
            assertThat(because.passing()).isTrue();
        });
    }

    @Test
    void aNameThatNobodyKnowsIsSaid() throws IOException, InterruptedException {
        Trial trial =
                Trial.to(URI.create("http://nobody.invalid/x")).file(events(1)).giveUpAfter(Duration.ZERO);
        SendSummary summary = trial.run();

        assertThat(summary.kept().getFirst().reasons().getFirst().reason())
                .contains("http://nobody.invalid: the name of the host is not known");
    }

    @Test
    void eachRequestHasItsOwnTimeWhileOthersComeThrough() throws IOException, InterruptedException {
        try (ScriptedGateway gateway =
                new ScriptedGateway(request -> request.body().contains("user3\"") ? status(503) : TAKE)) {
            SendSummary summary = Trial.to(gateway)
                    .file(events(10))
                    .single()
                    .giveUpAfter(Duration.ofMillis(50))
                    .run();

            assertThat(gateway.count()).isEqualTo(9);
            assertThat(summary.kept().getFirst().reasons().getFirst().lines()).isEqualTo("line 4");
        }
    }

    @Test
    void anInterruptionKeepsWhatWaitsAndSaysWhatWasNotRead() throws Exception {
        try (ScriptedGateway gateway = new ScriptedGateway(request -> request.number() <= 2 ? TAKE : status(503));
                Trial trial = Trial.to(gateway)
                        .file(events(100))
                        .batch(10)
                        .parallel(1)
                        .backoff(Duration.ofHours(1), Duration.ofHours(1))) {
            CompletableFuture<SendSummary> running = trial.start();
            Awaitility.await().until(() -> !trial.retried.isEmpty());
            trial.sending().stop();
            SendSummary summary = running.get(30, TimeUnit.SECONDS);

            assertThat(summary.stopped()).isTrue();
            assertThat(gateway.count()).isEqualTo(20);
            assertThat(Files.readAllLines(folder.resolve("events.unsent.jsonl")))
                    .isEqualTo(
                            Files.readAllLines(folder.resolve("events.jsonl")).subList(20, 30));
            assertThat(summary.kept().getFirst().reasons().getFirst().reason())
                    .startsWith("stopped while it was tried again: the gateway answers 503");
            assertThat(summary.unread())
                    .containsExactly(new SendSummary.Unread(
                            folder.resolve("events.jsonl").toString(), 31));
        }
    }

    @Test
    void anInterruptionWaitsForWhatIsUnderWay() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        try (ScriptedGateway gateway = new ScriptedGateway(request -> new Reply.TakeAfter(go));
                Trial trial = Trial.to(gateway).file(events(100)).batch(10).parallel(2)) {
            CompletableFuture<SendSummary> running = trial.start();
            Awaitility.await().until(() -> gateway.mostUnderWay() == 2);
            trial.sending().stop();
            assertThat(running).isNotDone();
            go.complete(null);
            SendSummary summary = running.get(30, TimeUnit.SECONDS);

            assertThat(summary.counts().accepted()).isEqualTo(20);
            assertThat(summary.counts().kept()).isZero();
            assertThat(summary.unread()).extracting(SendSummary.Unread::line).containsExactly(21L);
        }
    }

    @Test
    void whatWasReadOfAStreamIsKeptWhenItIsInterrupted() throws Exception {
        PipedOutputStream writer = new PipedOutputStream();
        Path unsent = folder.resolve("stdin.unsent.jsonl");
        try (ScriptedGateway gateway = new ScriptedGateway(request -> status(503));
                PipedInputStream reader = new PipedInputStream(writer);
                Trial trial = Trial.to(gateway)
                        .input(new Input.Standard(reader))
                        .unsent(unsent)
                        .parallel(1)
                        .backoff(Duration.ofHours(1), Duration.ofHours(1))) {
            CompletableFuture<SendSummary> running = trial.start();
            writer.write("a\nb\n".getBytes(StandardCharsets.UTF_8));
            writer.flush();
            Awaitility.await().until(() -> !trial.retried.isEmpty());
            writer.write("c\nhalf".getBytes(StandardCharsets.UTF_8));
            writer.flush();
            Awaitility.await().until(() -> trial.sending().progress().bytes() == 10);
            trial.sending().stop();
            SendSummary summary = running.get(30, TimeUnit.SECONDS);

            assertThat(Files.readAllLines(unsent)).containsExactlyInAnyOrder("a", "b", "c", "half");
            assertThat(summary.counts().kept()).isEqualTo(4);
            assertThat(summary.unread()).isEmpty();
            assertThat(summary.kept().getFirst().rereadable()).isFalse();
        }
    }

    private static Request first(ScriptedGateway gateway) {
        return gateway.requests().getFirst();
    }

    private static String key(ScriptedGateway gateway) {
        return first(gateway).key();
    }

    /** Where nothing listens. */
    private static URI nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/liveEvent");
        }
    }

    private Path events(int count) throws IOException {
        Stream<String> events = IntStream.range(0, count).mapToObj(i -> "{\"userId\":\"user" + i + "\"}");
        return Files.write(folder.resolve("events.jsonl"), events.toList());
    }
}
