package io.millrace.connectors.files;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.SourceException;
import io.millrace.connectors.files.FilesConfig.Compressed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gzip and zstd. */
class CompressedFilesTest {
    @TempDir
    private Path folder = Path.of("");

    private Path file(String name) {
        return folder.resolve(name);
    }

    @Test
    void theContentTellsTheCompressionWhateverTheName() throws Exception {
        Files.write(file("a.jsonl.gz"), Texts.gzip(Texts.lines(0, 10)));
        Files.write(file("b.jsonl"), Texts.gzip(Texts.lines(10, 20)));
        Files.write(file("c.jsonl.zst"), Texts.zstd(Texts.lines(20, 30)));
        Files.write(file("d"), Texts.zstd(Texts.lines(30, 40)));
        Pipe pipe = new Pipe(folder, "*");

        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(0, 40));
        assertThat(pipe.progress).containsOnlyKeys("a.jsonl.gz#all", "b.jsonl#all", "c.jsonl.zst#all", "d#all");
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.splits).isEmpty();
    }

    @Test
    void membersThatAreAppendedAreRead() throws Exception {
        Files.write(file("a.gz"), Texts.gzip(Texts.lines(0, 10)));
        Pipe pipe = new Pipe(folder, "a.gz");
        pipe.run();

        Files.write(file("a.gz"), Texts.gzip(Texts.lines(10, 20)), APPEND);

        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(10, 20));
        assertThat(pipe.splits).containsExactly("a.gz#all");
    }

    @Test
    void aReplacedArchiveIsAnotherGeneration() throws Exception {
        Files.write(file("a.gz"), Texts.gzip(Texts.lines(0, 10)));
        Pipe pipe = new Pipe(folder, "a.gz");
        pipe.run();

        Files.write(file("a.gz"), Texts.gzip(Texts.lines(50, 55)));

        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(50, 55));
        assertThat(pipe.splits).containsExactly("a.gz~2#all");
        assertThat(pipe.remarks).singleElement().asString().contains("replaced");
    }

    @Test
    void aRenamedArchiveIsKnown() throws Exception {
        Files.write(file("a.1.gz"), Texts.gzip(Texts.lines(0, 10)));
        Pipe pipe = new Pipe(folder, "*.gz");
        pipe.run();

        Files.move(file("a.1.gz"), file("a.2.gz"));

        assertThat(pipe.run()).isEmpty();
    }

    @Test
    void ofACutArchiveTheRecordsBeforeTheCutAreReadAndTheRestWhenItIsWhole() throws Exception {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            text.append("{\"v\":\"").append(random.nextLong()).append("\"}\n");
        }
        for (byte[] whole : new byte[][] {Texts.gzip(text.toString()), Texts.zstd(text.toString())}) {
            Path archive = Files.createTempFile(folder, "a", ".jsonl");
            Files.write(archive, Arrays.copyOf(whole, whole.length / 2));
            Pipe pipe = new Pipe(folder, archive.getFileName().toString());
            pipe.sizes = new Sizes(64, 1 << 16, 1 << 20);
            pipe.rowsPerBatch = 1000;

            for (int run = 0; run < 2; run++) {
                assertThatThrownBy(pipe::run)
                        .isInstanceOf(SourceException.class)
                        .hasMessageContaining(archive.getFileName().toString())
                        .hasMessageContaining("ends too early, after byte " + whole.length / 2)
                        .hasMessageContaining("run again");
            }
            // Half of a block of zstd, of up to 128 KiB, can't be unpacked.
            assertThat(pipe.records).hasSizeGreaterThan(15_000);

            Files.write(archive, whole);
            pipe.run();
            assertThat(pipe.records)
                    .containsExactlyElementsOf(text.toString().lines().toList());
        }
    }

    @Test
    void anArchiveThatIsNoneIsAnError() throws Exception {
        Files.writeString(file("a.jsonl.gz"), Texts.lines(0, 3));

        assertThatThrownBy(() -> new Pipe(folder, "a.jsonl.gz").run())
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("a.jsonl.gz")
                .hasMessageContaining("it is not gzip");
        assertThat(new Pipe(folder, new FilesConfig("a.jsonl.gz", null, null, Compressed.NONE, 1 << 20)).run())
                .hasSize(3);
    }

    @Test
    void csvInAnArchiveHasItsHeaderWhereverReadingStops() throws Exception {
        StringBuilder text = new StringBuilder("\ufeffw,v\n");
        for (int i = 0; i < 100; i++) {
            text.append("x,").append(i).append('\n');
        }
        Files.write(file("a.csv.gz"), Texts.gzip(text.toString()));
        Pipe pipe = new Pipe(folder, "a.csv.gz");
        for (int i = 0; i < 40; i++) {
            pipe.run(1);
        }

        assertThat(pipe.rejected).isEmpty();
        assertThat(pipe.records)
                .containsExactlyElementsOf(text.toString().lines().skip(1).toList());
    }

    @Test
    void aFileThatIsCompressedWhenItIsRotatedGoesOnUnderItsOldName() throws Exception {
        for (int range : new int[] {64, 1 << 20}) {
            for (int batches : new int[] {5, 1000}) {
                Path logs = Files.createTempDirectory(folder, "logs");
                Files.writeString(logs.resolve("events.jsonl"), Texts.lines(0, 100));
                Pipe pipe = new Pipe(logs, "events.jsonl*");
                pipe.sizes = new Sizes(range, 100, 1 << 20);
                pipe.run(batches);

                String rotated = Texts.lines(0, 105);
                Files.write(logs.resolve("events.jsonl.1.gz"), Texts.gzip(rotated));
                Files.writeString(logs.resolve("events.jsonl"), Texts.lines(200, 210));

                pipe.run(3);
                pipe.run();
                assertThat(pipe.records)
                        .doesNotHaveDuplicates()
                        .containsAll(Texts.records(0, 105))
                        .containsAll(Texts.records(200, 210))
                        .hasSize(115);
                assertThat(pipe.progress.keySet())
                        .allMatch(id -> id.startsWith("events.jsonl#") || id.startsWith("events.jsonl~2#"));
                assertThat(pipe.run()).isEmpty();
                assertThat(pipe.splits).isEmpty();
                assertThat(pipe.remarks).isEmpty();

                Files.move(logs.resolve("events.jsonl.1.gz"), logs.resolve("events.jsonl.2.gz"));
                assertThat(pipe.run()).isEmpty();
                assertThat(pipe.splits).isEmpty();
            }
        }
    }

    @Test
    void aLongLineAcrossRangesOfAFileThatWasCompressedSinceIsReadOnce() throws Exception {
        String text = Texts.lines(0, 3) + "{\"v\":\"" + "x".repeat(300) + "\"}\n" + Texts.lines(3, 40);
        for (int batches = 1; batches < 25; batches++) {
            Path logs = Files.createTempDirectory(folder, "logs");
            Files.writeString(logs.resolve("events.jsonl"), text);
            Pipe pipe = new Pipe(logs, "events.jsonl*");
            pipe.run(batches);
            Files.write(logs.resolve("events.jsonl.1.gz"), Texts.gzip(text + Texts.lines(40, 45)));
            Files.delete(logs.resolve("events.jsonl"));

            pipe.run();

            assertThat(pipe.records).doesNotHaveDuplicates().hasSize(46);
            assertThat(pipe.run()).isEmpty();
        }
    }

    @Test
    void aCompressedCopyIsPassedOverWhileTheFileItselfIsThere() throws Exception {
        Files.writeString(file("events.jsonl.1"), Texts.lines(0, 20_000));
        Pipe pipe = new Pipe(folder, "events.jsonl*");
        pipe.sizes = new Sizes(1 << 20, 1 << 16, 1 << 20);
        pipe.rowsPerBatch = 1000;
        pipe.run();

        byte[] whole = Texts.gzip(Texts.lines(0, 20_000));
        for (int length : new int[] {11, 2000, whole.length}) {
            Files.write(file("events.jsonl.1.gz"), Arrays.copyOf(whole, length));
            assertThat(pipe.run()).isEmpty();
            assertThat(pipe.remarks)
                    .singleElement()
                    .asString()
                    .startsWith("events.jsonl.1.gz is a compressed copy of events.jsonl.1");
        }
        Files.delete(file("events.jsonl.1"));

        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.remarks).isEmpty();
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.splits).isEmpty();
    }
}
