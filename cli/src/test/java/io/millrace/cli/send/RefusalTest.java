package io.millrace.cli.send;

import static io.millrace.cli.send.ScriptedGateway.TAKE;
import static io.millrace.cli.send.ScriptedGateway.answering;
import static io.millrace.cli.send.ScriptedGateway.problem;
import static io.millrace.cli.send.ScriptedGateway.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.send.ScriptedGateway.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway does not take. */
@Timeout(60)
class RefusalTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 404, 409, 413, 415, 422, 501})
    void aFinalRefusalKeepsTheEventAndTheRestIsSent(int status) throws IOException, InterruptedException {
        try (ScriptedGateway gateway = answering(problem(status, "No", "it is not so"))) {
            Path file = events(30);
            SendSummary summary =
                    Trial.to(gateway).file(file).single().parallel(1).run();

            List<String> lines = Files.readAllLines(file);
            assertThat(gateway.requests()).hasSize(30);
            assertThat(gateway.lines()).isEqualTo(lines.subList(1, 30));
            Kept kept = summary.kept().getFirst();
            assertThat(kept.file()).isEqualTo(folder.resolve("events.unsent.jsonl"));
            assertThat(kept.file()).hasContent(lines.getFirst() + "\n");
            assertThat(kept.reasons()).singleElement().satisfies(because -> {
                assertThat(because.reason()).contains(status + "", "No: it is not so");
                assertThat(because.lines()).isEqualTo("line 1");
                assertThat(because.passing()).isFalse();
            });
            assertThat(summary.counts()).isEqualTo(new SendSummary.Counts(Files.size(file), 30, 29, 0, 1, 1, 30, 0));
        }
    }

    @Test
    void anEventThatIsTooLargeByItselfIsKept() throws IOException, InterruptedException {
        try (ScriptedGateway gateway =
                new ScriptedGateway(request -> request.body().contains("user7\"") ? status(413) : TAKE)) {
            Path file = events(20);
            SendSummary summary = Trial.to(gateway).file(file).run();

            assertThat(gateway.count()).isEqualTo(19);
            assertThat(folder.resolve("events.unsent.jsonl"))
                    .hasContent(Files.readAllLines(file).get(7) + "\n");
            assertThat(summary.kept().getFirst().reasons().getFirst().lines()).isEqualTo("line 8");
        }
    }

    @Test
    void linesThatAContractRefusesAreKeptAsTheyWere() throws IOException, InterruptedException {
        try (ScriptedGateway gateway =
                new ScriptedGateway(request -> request.number() == 2 ? new Reply.Take(List.of(1, 3)) : TAKE)) {
            Path file = folder.resolve("events.jsonl");
            Files.writeString(file, "\n{\"n\":0}\n{\"n\":1}\n\n{\"n\":2} \r\n{\"n\":3}\n{\"n\":4}\n{\"n\":5}");
            SendSummary summary =
                    Trial.to(gateway).file(file).batch(3).parallel(1).run();

            assertThat(gateway.lines()).containsExactly("{\"n\":0}", "{\"n\":1}", "{\"n\":2} ", "{\"n\":4}");
            assertThat(folder.resolve("events.unsent.jsonl")).hasContent("{\"n\":3}\n{\"n\":5}\n");
            assertThat(summary.kept().getFirst().reasons())
                    .containsExactly(new Kept.Because("wrong_type in value: it is no number", 2, "lines 6, 8", false));
            assertThat(summary.counts().refused()).isEqualTo(2);
            assertThat(summary.counts().accepted()).isEqualTo(4);
        }
    }

    @Test
    void whatIsKeptIsPrivateAndNothingIsOverwritten() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = new ScriptedGateway(request -> status(400))) {
            Path file = events(2);
            Path old = Files.writeString(folder.resolve("events.unsent.jsonl"), "old\n");
            Trial.to(gateway).file(file).run();
            Trial.to(gateway).file(file).run();

            assertThat(old).hasContent("old\n");
            for (String name : new String[] {"events.unsent-2.jsonl", "events.unsent-3.jsonl"}) {
                assertThat(folder.resolve(name)).hasSameTextualContentAs(file);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void aFileThatWasNamedIsAppendedTo() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = new ScriptedGateway(request -> status(400))) {
            Path file = events(2);
            Path other = Files.writeString(folder.resolve("other.jsonl"), "x\ny\n");
            Path unsent = Files.writeString(folder.resolve("all.txt"), "old");
            SendSummary summary = Trial.to(gateway)
                    .file(file)
                    .file(other)
                    .parallel(1)
                    .unsent(unsent)
                    .run();

            assertThat(unsent).hasContent("old\n" + Files.readString(file) + "x\ny\n");
            assertThat(summary.kept()).extracting(Kept::input).containsExactly(file.toString(), other.toString());
            assertThat(summary.kept()).extracting(Kept::file).containsOnly(unsent);
        }
    }

    @Test
    void whatCanNotBeKeptIsSaidAndNothingMoreIsSent() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = new ScriptedGateway(request -> status(400))) {
            SendSummary summary = Trial.to(gateway)
                    .file(events(20))
                    .batch(5)
                    .parallel(1)
                    .unsent(folder.resolve("missing/all.txt"))
                    .run();

            assertThat(gateway.requests()).hasSize(1);
            assertThat(summary.failures())
                    .singleElement()
                    .asString()
                    .contains("events.jsonl, lines 1-5: not all of it was sent, and it could not be kept", "missing");
            assertThat(summary.unread())
                    .containsExactly(new SendSummary.Unread(
                            folder.resolve("events.jsonl").toString(), 6));
        }
    }

    @Test
    void anEventThatIsLongerThanMemoryAllowsIsKept() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = ScriptedGateway.taking()) {
            Path file = folder.resolve("events.jsonl");
            String longest = "{\"x\":\"" + "x".repeat(3 << 20) + "\"}";
            Files.writeString(file, "{\"a\":1}\n" + longest + "\n{\"b\":1}\n");
            SendSummary summary = Trial.to(gateway).file(file).run();

            assertThat(gateway.lines()).containsExactly("{\"a\":1}", "{\"b\":1}");
            assertThat(folder.resolve("events.unsent.jsonl")).hasContent(longest + "\n");
            assertThat(summary.kept().getFirst().reasons())
                    .containsExactly(new Kept.Because("longer than 1 MiB, which is too long", 1, "line 2", false));
        }
    }

    @Test
    void nothingOfARecordIsInWhatIsSaid() throws IOException, InterruptedException {
        try (ScriptedGateway gateway = new ScriptedGateway(
                request -> problem(422, "No", "Jane.Doe@example.com is no" + " number, nor is 1234"))) {
            Path file = Files.writeString(
                    folder.resolve("events.jsonl"), "{\"mail\":\"jane.doe@example.com\",\"n\":1234}\n");
            SendSummary summary = Trial.to(gateway).file(file).run();

            assertThat(summary.kept().getFirst().reasons().getFirst().reason())
                    .isEqualTo("the gateway answers 422 (unprocessable content): No: ….…@….… is no number, nor is …");
        }
    }

    @Test
    void twoDoNotWriteToOneFile() throws IOException {
        Path path = folder.resolve("unsent.jsonl");
        try (UnsentFile held = UnsentFile.append(path)) {
            assertThatThrownBy(() -> UnsentFile.append(path)).hasMessageContaining("another process is writing to it");
            assertThat(held.path()).isEqualTo(path);
        }
        try (UnsentFile free = UnsentFile.append(path)) {
            assertThat(free.path()).isEqualTo(path);
        }
    }

    private Path events(int count) throws IOException {
        Stream<String> events = IntStream.range(0, count).mapToObj(i -> "{\"userId\":\"user" + i + "\"}");
        return Files.write(folder.resolve("events.jsonl"), events.toList());
    }
}
