package io.millrace.cli.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.send.ScriptedGateway.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are followed. */
@Timeout(60)
class FollowTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private ScriptedGateway gateway;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Trial trial;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path file;

    @BeforeEach
    void start() throws IOException {
        gateway = ScriptedGateway.taking();
        file = folder.resolve("events.jsonl");
        trial = Trial.to(gateway).file(file).watch().parallel(1);
    }

    @AfterEach
    void stop() {
        trial.close();
        gateway.close();
    }

    @Test
    void whatIsAppendedIsSentAtOnceAndOnlyWhenItsLineIsComplete() throws Exception {
        Files.writeString(file, "one\ntwo\nthr");
        CompletableFuture<SendSummary> running = trial.start();
        taken("one", "two");
        append("ee\n");
        taken("one", "two", "three");
        append("four\nfive\r\n\nsi");
        taken("one", "two", "three", "four", "five");

        SendSummary summary = stopped(running);
        assertThat(gateway.count()).isEqualTo(5);
        assertThat(summary.counts().kept()).isZero();
        assertThat(summary.unread())
                .as("the last line is not complete")
                .containsExactly(new SendSummary.Unread(file.toString(), 7));
    }

    @Test
    void nothingIsLeftWhereTheLastLineIsComplete() throws Exception {
        Files.writeString(file, "one\n");
        CompletableFuture<SendSummary> running = trial.start();
        taken("one");
        SendSummary summary = stopped(running);

        assertThat(summary.unread()).isEmpty();
        assertThat(summary.failures()).isEmpty();
        assertThat(summary.stopped()).isTrue();
        assertThat(summary.counts()).isEqualTo(new SendSummary.Counts(4, 1, 1, 0, 0, 0, 1, 0));
    }

    @Test
    void aTruncatedFileIsSentFromItsBeginning() throws Exception {
        Files.writeString(file, "one\ntwo\nhalf");
        CompletableFuture<SendSummary> running = trial.start();
        taken("one", "two");
        Files.writeString(file, "");
        taken("one", "two", "half");
        append("one\n");
        taken("one", "two", "half", "one");
        stopped(running);

        assertThat(gateway.requests()).extracting(Request::key).doesNotHaveDuplicates();
    }

    @Test
    void aFileThatIsWrittenAnewInItsPlaceIsSentFromItsBeginning() throws Exception {
        Files.writeString(file, "one\ntwo\n");
        CompletableFuture<SendSummary> running = trial.start();
        taken("one", "two");
        // As long as before, then longer.
        Files.writeString(file, "uno\ndos\n");
        taken("one", "two", "uno", "dos");
        Files.writeString(file, "eins\nzwei\ndrei\n");
        taken("one", "two", "uno", "dos", "eins", "zwei", "drei");
        stopped(running);
    }

    @Test
    void aFileThatTakesTheNameIsSentFromItsBeginning() throws Exception {
        Files.writeString(file, "one\ntwo\nlast");
        CompletableFuture<SendSummary> running = trial.start();
        taken("one", "two");
        Path other = Files.writeString(folder.resolve("other"), "one\ntwo\nthree\n");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        Awaitility.await().until(() -> gateway.lines().size() == 6);
        SendSummary summary = stopped(running);

        assertThat(gateway.lines()).containsExactlyInAnyOrder("one", "two", "last", "one", "two", "three");
        assertThat(summary.unread()).isEmpty();
    }

    @Test
    void aFileThatLostItsNameIsReadOnUntilItIsQuiet() throws Exception {
        Files.writeString(file, "one\n");
        CompletableFuture<SendSummary> running = trial.start();
        taken("one");
        Path rotated = folder.resolve("events.jsonl.1");
        Files.move(file, rotated);
        Files.writeString(rotated, "two\n", StandardOpenOption.APPEND);
        taken("one", "two");
        Files.writeString(file, "new\n");
        taken("one", "two", "new");
        stopped(running);

        assertThat(trial.notes).isEmpty();
    }

    @Test
    void aFileMayComeLater() throws Exception {
        CompletableFuture<SendSummary> running = trial.start();
        Awaitility.await().until(() -> !trial.notes.isEmpty());
        assertThat(trial.notes).containsExactly(file + ": there is no such file yet; waiting for it");
        Files.writeString(file, "one\n");
        taken("one");
        stopped(running);
    }

    @Test
    void severalFilesAreFollowed() throws Exception {
        Path second = folder.resolve("second.jsonl");
        trial.file(second);
        Files.writeString(file, "a1\n");
        Files.writeString(second, "b1\n");
        CompletableFuture<SendSummary> running = trial.start();
        Awaitility.await().until(() -> gateway.lines().containsAll(List.of("a1", "b1")));
        Files.writeString(second, "b2\n", StandardOpenOption.APPEND);
        Awaitility.await().until(() -> gateway.lines().contains("b2"));
        append("a2\n");
        Awaitility.await().until(() -> gateway.lines().contains("a2"));
        stopped(running);

        assertThat(gateway.count()).isEqualTo(4);
    }

    @Test
    void whatWasSentBeforeItWasFollowedIsRecognised() throws Exception {
        Files.writeString(file, "one\ntwo\n");
        Trial.to(gateway).file(file).run();
        CompletableFuture<SendSummary> running = trial.start();
        Awaitility.await().until(() -> gateway.requests().size() == 2);
        append("three\n");
        taken("one", "two", "three");
        SendSummary summary = stopped(running);

        assertThat(gateway.requests().get(1).key())
                .isEqualTo(gateway.requests().getFirst().key());
        assertThat(summary.counts().repeated()).isEqualTo(2);
    }

    @Test
    void aCompressedFileIsNotFollowed() throws Exception {
        trial = Trial.to(gateway).file(folder.resolve("x.jsonl.gz")).watch();
        Files.writeString(folder.resolve("x.jsonl.gz"), "");
        SendSummary summary = trial.start().get(30, TimeUnit.SECONDS);

        assertThat(summary.failures()).singleElement().asString().contains("a compressed file can't be followed");
        assertThat(summary.stopped()).isFalse();
    }

    @Test
    void aFileThatGrowsWhileTheGatewayIsAwayIsSentWhenItIsBack() throws Exception {
        gateway.close();
        CompletableFuture<Boolean> open = new CompletableFuture<>();
        try (ScriptedGateway shy = new ScriptedGateway(
                        request -> open.isDone() ? ScriptedGateway.TAKE : ScriptedGateway.status(503));
                Trial other = Trial.to(shy).file(file).watch().parallel(1)) {
            Files.writeString(file, "one\n");
            CompletableFuture<SendSummary> running = other.start();
            Awaitility.await().until(() -> other.retried.size() > 2);
            append("two\nthree\n");
            open.complete(true);
            Awaitility.await().until(() -> shy.lines().size() == 3);
            assertThat(shy.lines()).containsExactly("one", "two", "three");
            other.sending().stop();
            assertThat(running.get(30, TimeUnit.SECONDS).counts().kept()).isZero();
        }
    }

    private void taken(String... lines) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(gateway.lines()).containsExactly(lines));
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private SendSummary stopped(CompletableFuture<SendSummary> running) throws Exception {
        trial.sending().stop();
        return running.get(30, TimeUnit.SECONDS);
    }
}
