package io.millrace.connectors.files;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.SourceException;
import io.millrace.api.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that grow, are cut, replaced and rotated between runs and during them. */
class ChangingFilesTest {
    @TempDir
    private Path folder = Path.of("");

    private Path file(String name) {
        return folder.resolve(name);
    }

    @Test
    void ofAFileThatGrewOnlyTheNewLinesAreRead() throws Exception {
        Files.writeString(file("a.jsonl"), Texts.lines(0, 50));
        Pipe pipe = new Pipe(folder, "a.jsonl");
        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(0, 50));
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.splits).isEmpty();

        Files.writeString(file("a.jsonl"), Texts.lines(50, 70), APPEND);

        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(50, 70));
        assertThat(pipe.remarks).isEmpty();
    }

    @Test
    void aLastLineWithoutNewlineIsTakenAndItsNewlineComesLater() throws Exception {
        Files.writeString(file("a.jsonl"), "{\"v\":\"0\"}");
        Pipe pipe = new Pipe(folder, "a.jsonl");
        assertThat(pipe.run()).containsExactly("{\"v\":\"0\"}");
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.splits).isEmpty();

        Files.writeString(file("a.jsonl"), "\r\n", APPEND);
        assertThat(pipe.run()).isEmpty();
        Files.writeString(file("a.jsonl"), "{\"v\":\"1\"}", APPEND);
        assertThat(pipe.run()).containsExactly("{\"v\":\"1\"}");
        Files.writeString(file("a.jsonl"), "\n{\"v\":\"2\"}\n", APPEND);
        assertThat(pipe.run()).containsExactly("{\"v\":\"2\"}");
    }

    @Test
    void whatIsWrittenToATakenLineWithoutNewlineIsNotLost() throws Exception {
        // The record reaches beyond its range, so that no other range would look for what follows on its line.
        String longRecord = "{\"v\":\"" + "x".repeat(100) + "\"}";
        Files.writeString(file("a.jsonl"), longRecord);
        Pipe pipe = new Pipe(folder, "a.jsonl");
        pipe.run();

        Files.writeString(file("a.jsonl"), "{\"v\":\"1\"}\n{\"v\":\"2\"}\n", APPEND);

        assertThat(pipe.run()).containsExactlyInAnyOrder("{\"v\":\"1\"}", "{\"v\":\"2\"}");
    }

    @Test
    void aTornLastLineIsLeftAndToldOfUntilItsRestArrives() throws Exception {
        Files.writeString(file("a.jsonl"), Texts.lines(0, 3) + "{\"v\":\"3");
        Pipe pipe = new Pipe(folder, "a.jsonl");

        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(0, 3));
        assertThat(pipe.remarks).singleElement().asString().contains("a.jsonl").contains("byte 30");
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.remarks).hasSize(1);

        Files.writeString(file("a.jsonl"), "3\"}\n", APPEND);
        assertThat(pipe.run()).containsExactly("{\"v\":\"33\"}");
        assertThat(pipe.remarks).isEmpty();
    }

    @Test
    void ofAFileThatWasCutNothingIsReadAgain() throws Exception {
        for (int left : new int[] {10, 15, 100, 137, 300, 999}) {
            Path cut = file("cut" + left + ".jsonl");
            Files.writeString(cut, Texts.lines(0, 200));
            Pipe pipe = new Pipe(folder, cut.getFileName().toString());
            pipe.run();

            byte[] all = Files.readAllBytes(cut);
            Files.write(cut, Arrays.copyOf(all, left));

            assertThat(pipe.run()).isEmpty();
            assertThat(pipe.remarks).singleElement().asString().contains("shorter than what was read");
            assertThat(pipe.run()).isEmpty();
            assertThat(pipe.remarks).isEmpty();
            Files.writeString(cut, "\n" + Texts.lines(500, 510), APPEND);
            assertThat(pipe.run().stream().filter(r -> r.length() == 11))
                    .containsExactlyElementsOf(Texts.records(500, 510));
            assertThat(pipe.run()).isEmpty();
        }
    }

    @Test
    void aFileThatWasCutBeforeAllOfItWasReadIsReadToItsEnd() throws Exception {
        Files.writeString(file("a.jsonl"), Texts.lines(0, 100));
        Pipe pipe = new Pipe(folder, "a.jsonl");
        pipe.sizes = new Sizes(1 << 20, 64, 1 << 20);
        pipe.run(10);
        assertThat(pipe.records).hasSize(30);

        Files.write(file("a.jsonl"), Arrays.copyOf(Files.readAllBytes(file("a.jsonl")), 500));
        pipe.run();

        assertThat(pipe.records)
                .doesNotHaveDuplicates()
                .startsWith(Texts.records(0, 40).toArray(new String[0]));
    }

    @Test
    void aReplacedFileIsReadFromItsBeginningAsAnotherGeneration() throws Exception {
        for (int lines : new int[] {1, 3, 20, 1000}) {
            String name = "r" + lines + ".jsonl";
            Files.writeString(file(name), Texts.lines(0, 20));
            Pipe pipe = new Pipe(folder, name);
            pipe.run();

            Files.writeString(file(name), Texts.lines(5000, 5000 + lines));

            assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(5000, 5000 + lines));
            assertThat(pipe.splits).first().isEqualTo(name + "~2#0");
            assertThat(pipe.remarks)
                    .singleElement()
                    .asString()
                    .contains(name + " was replaced")
                    .contains(name + "~2");
            assertThat(pipe.run()).isEmpty();
            assertThat(pipe.remarks).isEmpty();
        }
    }

    @Test
    void oneLineThatIsReplacedByAShorterOneIsRead() throws Exception {
        Files.writeString(file("a.jsonl"), "{\"v\":\"same\",\"w\":98}\n");
        Pipe pipe = new Pipe(folder, "a.jsonl");
        pipe.run();

        Files.writeString(file("a.jsonl"), "{\"v\":\"same\",\"w\":9}\n");

        assertThat(pipe.run()).containsExactly("{\"v\":\"same\",\"w\":9}");
    }

    @Test
    void aReplacedFileThatComesBackIsKnown() throws Exception {
        Files.writeString(file("a.jsonl"), Texts.lines(0, 20));
        Pipe pipe = new Pipe(folder, "a.jsonl");
        pipe.run();
        Files.writeString(file("a.jsonl"), Texts.lines(100, 110));
        pipe.run();

        Files.writeString(file("a.jsonl"), Texts.lines(0, 21));

        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(20, 21));
        assertThat(pipe.remarks).isEmpty();
    }

    @Test
    void anEmptiedFileIsToldOfAndWhatIsWrittenToItIsNew() throws Exception {
        Files.writeString(file("a.jsonl"), Texts.lines(0, 20));
        Pipe pipe = new Pipe(folder, "a.jsonl");
        pipe.run();

        Files.writeString(file("a.jsonl"), "");
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.remarks).singleElement().asString().contains("a.jsonl is empty now");

        Files.writeString(file("a.jsonl"), Texts.lines(20, 22));
        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(20, 22));
    }

    @Test
    void aRotatedFileGoesOnUnderItsOldNameAndTheNewOneIsAnotherGeneration() throws Exception {
        Files.writeString(file("events.jsonl"), Texts.lines(0, 50));
        Pipe pipe = new Pipe(folder, "events.jsonl*");
        pipe.run();

        for (int round = 1; round <= 3; round++) {
            // Lines that were written between the last run and the rotation.
            Files.writeString(file("events.jsonl"), Texts.lines(100 * round, 100 * round + 5), APPEND);
            for (int i = round - 1; i >= 1; i--) {
                Files.move(file("events.jsonl." + i), file("events.jsonl." + (i + 1)));
            }
            Files.move(file("events.jsonl"), file("events.jsonl.1"));
            Files.writeString(file("events.jsonl"), Texts.lines(100 * round + 5, 100 * round + 50));

            assertThat(pipe.run()).containsExactlyInAnyOrderElementsOf(Texts.records(100 * round, 100 * round + 50));
            assertThat(pipe.progress.keySet()).allMatch(id -> id.matches("events\\.jsonl(~[234])?#[0-9]+"));
            assertThat(pipe.remarks).singleElement().asString().contains("was renamed to events.jsonl.1");
            assertThat(pipe.run()).isEmpty();
        }
    }

    @Test
    void aFileThatIsCopiedAndThenEmptiedIsKnownAsWell() throws Exception {
        Files.writeString(file("events.jsonl"), Texts.lines(0, 50));
        Pipe pipe = new Pipe(folder, "events*");
        pipe.run();

        Files.copy(file("events.jsonl"), file("events-2026-11-21.jsonl"));
        Files.writeString(file("events.jsonl"), Texts.lines(50, 53));

        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(50, 53));
    }

    @Test
    void equalFilesOfOtherNamesCountEachEvenIfTheFirstIsGone() throws Exception {
        Files.writeString(file("monday.jsonl"), Texts.lines(0, 5));
        Pipe pipe = new Pipe(folder, "*.jsonl");
        pipe.run();
        Files.writeString(file("tuesday.jsonl"), Texts.lines(0, 5));
        assertThat(pipe.run()).hasSize(5);

        Files.writeString(file("wednesday.jsonl"), Texts.lines(0, 5));
        Files.delete(file("monday.jsonl"));

        assertThat(pipe.run()).hasSize(5);
    }

    @Test
    void deliveriesOfLikeNamesCountEachEvenIfEqual() throws Exception {
        Pipe pipe = new Pipe(folder, "*");
        for (String name :
                new String[] {"part-1.jsonl", "part-10.jsonl", "day-20261120", "day-20261121", "a.1.jsonl", "a.2.jsonl"
                }) {
            Files.writeString(file("new"), Texts.lines(0, 5));
            Files.move(file("new"), file(name));
            assertThat(pipe.run()).hasSize(5);
            Files.copy(file(name), file(".kept" + name));
            Files.delete(file(name));
        }
    }

    @Test
    void aRenamedFileThatIsTheOnlyOneIsKnown() throws Exception {
        Files.writeString(file("in.jsonl"), Texts.lines(0, 5));
        Pipe pipe = new Pipe(folder, "*.jsonl");
        pipe.run();

        Files.move(file("in.jsonl"), file("done.jsonl"));

        assertThat(pipe.run()).isEmpty();
    }

    @Test
    void aFileThatGrowsWhileItIsReadIsReadToTheEndOfTheLineItHadThen() throws Exception {
        Files.writeString(file("a.jsonl"), Texts.lines(0, 20) + "{\"v\":");
        Pipe pipe = new Pipe(folder, "a.jsonl");
        try (FilesSource source = pipe.source()) {
            List<Split> splits = source.splits(pipe.progress);
            Files.writeString(file("a.jsonl"), "\"20\"}\n" + Texts.lines(21, 40), APPEND);
            for (Split split : splits) {
                pipe.read(source, split, new AtomicInteger(Integer.MAX_VALUE));
            }
            assertThat(source.remarks()).isEmpty();
        }

        assertThat(pipe.records).containsExactlyElementsOf(Texts.records(0, 21));
        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(21, 40));
    }

    @Test
    void aFileThatIsGoneCutOrReplacedSinceItWasListedIsAnError() throws Exception {
        assertThatThrownBy(() -> readAfter(() -> Files.delete(file("a.jsonl"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("a.jsonl")
                .hasMessageContaining("is gone now");
        assertThatThrownBy(() -> readAfter(() -> Files.writeString(file("a.jsonl"), "{}\n")))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("was cut while it was read: it had 90 bytes when the run began and has 3 now");
        assertThatThrownBy(() -> readAfter(() -> {
                    Files.writeString(file("b"), Texts.lines(0, 50));
                    Files.move(file("b"), file("a.jsonl"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("was replaced by other content while it was read");
    }

    private interface Change {
        void make() throws IOException;
    }

    private void readAfter(Change change) throws Exception {
        Files.writeString(file("a.jsonl"), Texts.lines(0, 9));
        Pipe pipe = new Pipe(folder, "a.jsonl");
        pipe.sizes = new Sizes(1 << 20, 256, 1 << 20);
        try (FilesSource source = pipe.source()) {
            List<Split> splits = source.splits(pipe.progress);
            change.make();
            pipe.read(source, splits.getFirst(), new AtomicInteger(Integer.MAX_VALUE));
        }
    }
}
