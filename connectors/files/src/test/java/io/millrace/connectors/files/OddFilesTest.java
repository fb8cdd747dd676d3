package io.millrace.connectors.files;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Offset;
import io.millrace.api.Rejection;
import io.millrace.api.SourceException;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.connectors.files.FilesConfig.Compressed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are unusual in what they hold. */
class OddFilesTest {
    @TempDir
    private Path folder = Path.of("");

    private Path file(String name) {
        return folder.resolve(name);
    }

    @Test
    void anEmptyFileHasNoSplits() throws Exception {
        Files.createFile(file("a.jsonl"));
        Pipe pipe = new Pipe(folder, "a.jsonl");

        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.splits).isEmpty();
        assertThat(pipe.remarks).isEmpty();
    }

    @Test
    void aFileOfOneByte() throws Exception {
        for (String content : List.of("\n", "1", " ", "\u0000")) {
            Files.writeString(file("a.jsonl"), content);
            Pipe pipe = new Pipe(folder, "a.jsonl");
            assertThat(pipe.run()).hasSize(content.isBlank() ? 0 : 1);
            assertThat(pipe.run()).isEmpty();
            assertThat(pipe.splits).isEmpty();
        }
        Files.writeString(file("a.jsonl"), "{");
        Pipe pipe = new Pipe(folder, "a.jsonl");
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.remarks).singleElement().asString().contains("byte 0");
    }

    @Test
    void byteOrderMarkAndCarriageReturnsAreNoPartOfRecords() throws Exception {
        Files.writeString(file("a.jsonl"), "\ufeff" + Texts.lines(0, 40).replace("\n", "\r\n"), StandardCharsets.UTF_8);
        Pipe pipe = new Pipe(folder, "a.jsonl");

        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(0, 40));
        assertThat(pipe.rejected).isEmpty();
    }

    @Test
    void aLineOf50MegabytesIsRejectedOnceAndItsNeighboursAreRead() throws Exception {
        int length = 50_000_000;
        byte[] piece = new byte[1_000_000];
        Arrays.fill(piece, (byte) 'x');
        try (OutputStream out = Files.newOutputStream(file("a.jsonl"))) {
            out.write(Texts.lines(0, 2).getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < length / piece.length; i++) {
                out.write(piece);
            }
            out.write(("\r\n" + Texts.lines(2, 4)).getBytes(StandardCharsets.UTF_8));
        }
        Pipe pipe = new Pipe(folder, "a.jsonl");
        pipe.sizes = Sizes.of(16 << 20);

        pipe.run();

        assertThat(pipe.splits).containsExactly("a.jsonl#0", "a.jsonl#1", "a.jsonl#2");
        assertThat(pipe.rejected).hasSize(1);
        Rejection rejection = pipe.rejected.getFirst();
        assertThat(rejection.code()).isEqualTo("record_too_large");
        assertThat(rejection.position()).isEqualTo("20");
        assertThat(rejection.message()).contains("50000000 bytes long").contains("begins at byte 20 of a.jsonl");
        assertThat(rejection.raw()).hasSize(Rejection.MAX_RAW_BYTES).startsWith(Arrays.copyOf(piece, 1000));
        pipe.records.removeIf(r -> r.startsWith("x"));
        assertThat(pipe.records).containsExactlyInAnyOrderElementsOf(Texts.records(0, 4));
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.splits).isEmpty();
    }

    @Test
    void theLongestRecordThatIsTakenDoesNotDependOnWhatIsAroundIt() throws Exception {
        for (int before = 0; before < 40; before++) {
            StringBuilder text = new StringBuilder("{}\n".repeat(before));
            for (int length : new int[] {98, 99, 100, 101, 102, 250, 100}) {
                text.append("{\"v\":\"").append("x".repeat(length - 8)).append("\"}\n");
            }
            Files.writeString(file("a.jsonl"), text);
            Pipe pipe = new Pipe(folder, new FilesConfig("a.jsonl", null, null, Compressed.AUTO, 100));
            pipe.sizes = new Sizes(64, 64, 100);

            pipe.run();

            assertThat(pipe.records).hasSize(before + 7);
            assertThat(pipe.rejected)
                    .extracting(Rejection::message)
                    .hasSize(3)
                    .allMatch(m -> m.matches("the record is (101|102|250) bytes long.*"));
        }
    }

    @Test
    void theRestOfARecordThatWasTooLongIsNoOtherRecord() throws Exception {
        Files.writeString(file("a.jsonl"), "{}\n" + "x".repeat(500));
        Pipe pipe = new Pipe(folder, "a.jsonl");
        pipe.sizes = new Sizes(64, 64, 100);
        pipe.run();
        assertThat(pipe.rejected).hasSize(1);
        assertThat(pipe.run()).isEmpty();

        Files.writeString(file("a.jsonl"), "x".repeat(500), APPEND);
        assertThat(pipe.run()).isEmpty();
        Files.writeString(file("a.jsonl"), "{}\n" + Texts.lines(0, 3), APPEND);
        assertThat(pipe.run()).containsExactlyElementsOf(Texts.records(0, 3));
        assertThat(pipe.run()).isEmpty();
    }

    @Test
    void binaryGarbageIsRejectedLineByLineAndCostsNothingElse() throws Exception {
        byte[] garbage = new byte[10_000];
        new java.util.Random(3).nextBytes(garbage);
        try (OutputStream out = Files.newOutputStream(file("a.jsonl"))) {
            out.write(Texts.lines(0, 5).getBytes(StandardCharsets.UTF_8));
            out.write(garbage);
            out.write(("\n" + Texts.lines(5, 9)).getBytes(StandardCharsets.UTF_8));
        }
        Pipe pipe = new Pipe(folder, "a.jsonl");
        pipe.run();

        long lines = new String(garbage, StandardCharsets.ISO_8859_1)
                        .chars()
                        .filter(c -> c == '\n')
                        .count()
                + 1;
        assertThat(pipe.records).containsAll(Texts.records(0, 9));
        assertThat(pipe.rejected).hasSize((int) lines);
    }

    @Test
    void aQueryForAColumnThatCsvHasNotIsAnError() throws IOException {
        Files.writeString(file("a.csv"), "a,b\n1,2\n");

        assertThatThrownBy(() -> new Pipe(folder, "a.csv").run())
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("a.csv: there is no column v; the columns are a, b");
    }

    @Test
    void progressOfAnotherKindOfSourceIsAnError() throws IOException {
        Files.writeString(file("a.jsonl"), "{}\n");
        for (String text :
                new String[] {"", "12", "x:y:z", "1:2:", "::", "1:00000000000000aa:", "1:00000000000000aa:z5"}) {
            Pipe pipe = new Pipe(folder, "a.jsonl");
            pipe.progress.put("a.jsonl#0", new Offset(text));
            assertThatThrownBy(pipe::run)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("The progress kept for split a.jsonl#0");
        }
        Pipe pipe = new Pipe(folder, "a.jsonl");
        pipe.progress.put("orders/partition-3", new Offset("17"));
        assertThat(pipe.progress).hasSize(1);
    }

    @Test
    void anInterruptedReaderSaysSo() throws Exception {
        Files.writeString(file("a.jsonl"), Texts.lines(0, 10));
        Pipe pipe = new Pipe(folder, "a.jsonl");
        try (FilesSource source = pipe.source()) {
            Split split = source.splits(pipe.progress).getFirst();
            try (SplitReader reader = source.open(split, null, Pipe.ONE_FIELD)) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(reader::next).isInstanceOf(InterruptedException.class);
            }
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void manyLanesReadOneFileAtOnce() throws Exception {
        Files.writeString(file("a.jsonl"), Texts.lines(0, 3000));
        Pipe whole = new Pipe(folder, "a.jsonl");
        try (FilesSource source = whole.source();
                var lanes = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            List<Split> splits = source.splits(whole.progress);
            List<java.util.concurrent.Future<List<String>>> read = splits.stream()
                    .map(split -> lanes.submit(() -> {
                        Pipe lane = new Pipe(folder, "a.jsonl");
                        lane.read(source, split, new AtomicInteger(Integer.MAX_VALUE));
                        return lane.records;
                    }))
                    .toList();
            for (var records : read) {
                whole.records.addAll(records.get());
            }
        }
        assertThat(whole.records).containsExactlyInAnyOrderElementsOf(Texts.records(0, 3000));
    }
}
