package io.millrace.cli.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.send.ScriptedGateway.Page;
import io.millrace.cli.send.ScriptedGateway.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VerificationTest {

    private static final String PROGRESS = "/liveEvent/_progress";
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void itWaitsUntilEveryPipelineHasEverything() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = gateway(request -> switch (request.number()) {
            case 1 -> pipelines("{\"pipeline\":\"a\",\"committed\":{}},{\"pipeline\":\"b\",\"committed\":{\"0-0\":8}}");
            case 2 -> new Reply.Status(503, Map.of(), "");
            case 3 ->
                pipelines(
                        "{\"pipeline\":\"a\",\"committed\":{\"0-0\":7}},{\"pipeline\":\"b\",\"committed\":{\"0-0\":8}}");
            default ->
                pipelines(
                        "{\"pipeline\":\"a\",\"committed\":{\"0-0\":8}},{\"pipeline\":\"b\",\"committed\":{\"0-0\":8}}");
        })) {
            Verdict verdict = verify(gateway, LONG);

            assertThat(gateway.requests(PROGRESS)).isEqualTo(4);
            assertThat(verdict).isInstanceOfSatisfying(Verdict.Reached.class, reached -> {
                assertThat(reached.pipelines()).containsExactly("a", "b");
                assertThat(reached.waited()).isBetween(Duration.ofMillis(140), LONG);
            });
        }
    }

    @Test
    void aPipelineThatLagsIsNamedWhenTheTimeIsUp() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = gateway(request -> pipelines(
                "{\"pipeline\":\"a\",\"committed\":{\"0-0\":3}},{\"pipeline\":\"b\",\"committed\":{\"0-0\":8}}"))) {
            assertThat(verify(gateway, Duration.ofMillis(100)))
                    .isInstanceOfSatisfying(
                            Verdict.Missed.class,
                            missed -> assertThat(missed.reasons())
                                    .containsExactly("pipeline a is 5 bytes of the log behind"));
        }
    }

    @Test
    void aPipelineThatHasFailedIsNotWaitedFor() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = gateway(request ->
                pipelines("{\"pipeline\":\"a\",\"committed\":{\"0-0\":3},\"failure\":\"the table is gone\"}"))) {
            assertThat(verify(gateway, LONG))
                    .isInstanceOfSatisfying(
                            Verdict.Missed.class,
                            missed -> assertThat(missed.reasons())
                                    .containsExactly("pipeline a has failed: the table is gone"));
        }
    }

    @Test
    void aGatewayThatKnowsNoProgressIsNotWaitedFor() throws IOException, InterruptedException {
        for (Reply.Status answer :
                List.of(new Reply.Status(404, Map.of(), ""), new Reply.Status(200, Map.of(), "x"), pipelines(""))) {
            try (ScriptedGateway gateway = gateway(request -> answer)) {
                assertThat(verify(gateway, LONG)).isInstanceOf(Verdict.Missed.class);
            }
        }
    }

    @Test
    void nothingSentIsNothingToWaitFor() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = gateway(request -> new Reply.Status(500, Map.of(), ""));
                Trial trial = Trial.to(gateway).file(Files.createFile(folder.resolve("empty")))) {
            SendSummary summary = trial.sending().run();

            assertThat(trial.sending().verify(summary, LONG)).isEqualTo(new Verdict.Reached(List.of(), Duration.ZERO));
            assertThat(gateway.requests(PROGRESS)).isZero();
        }
    }

    @Test
    void theUserNeedNotWait() throws Exception {
        try (ScriptedGateway gateway = gateway(request -> pipelines("{\"pipeline\":\"a\",\"committed\":{}}"));
                Trial trial = Trial.to(gateway).file(events())) {
            SendSummary summary = trial.sending().run();
            CompletableFuture<Verdict> verdict = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    verdict.complete(trial.sending().verify(summary, LONG));
                } catch (IOException | InterruptedException e) {
                    verdict.completeExceptionally(e);
                }
            });
            Awaitility.await().until(() -> gateway.requests(PROGRESS) > 1);
            trial.sending().stop();

            assertThat(verdict.get(10, TimeUnit.SECONDS)).isInstanceOf(Verdict.Stopped.class);
        }
    }

    private Verdict verify(ScriptedGateway gateway, Duration limit) throws IOException, InterruptedException {
        try (Trial trial = Trial.to(gateway).file(events())) {
            SendSummary summary = trial.sending().run();
            assertThat(summary.positions()).isEqualTo(Map.of("0-0", 8L));
            return trial.sending().verify(summary, limit);
        }
    }

    /** Events of eight bytes. */
    private Path events() throws IOException {
        return Files.writeString(folder.resolve("events.jsonl"), "[1]\n[2]\n");
    }

    private static ScriptedGateway gateway(Page progress) throws IOException {
        return ScriptedGateway.taking().with(PROGRESS, progress);
    }

    private static Reply.Status pipelines(String inside) {
        return new Reply.Status(200, Map.of(), "{\"pipelines\":[" + inside + "]}");
    }
}
