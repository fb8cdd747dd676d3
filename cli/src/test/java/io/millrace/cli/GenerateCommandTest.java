package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void aFileHoldsTheSameBytesAsTheStandardOutput() throws IOException {
        Captured printed = generate("-");
        Captured written = generate(folder.resolve("events.jsonl").toString());

        assertThat(written.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(written.err()).contains("1,000 events");
        assertThat(folder.resolve("events.jsonl")).hasContent(printed.out());
        assertThat(printed.err()).isEmpty();
        assertThat(files()).containsExactly("events.jsonl");
    }

    @Test
    void theNameChoosesCompressionAndFormat() throws IOException {
        String json = generate("-").out();
        generate(folder.resolve("e.jsonl.gz").toString());
        generate(folder.resolve("e.jsonl.zst").toString());
        generate(folder.resolve("e.csv.gz").toString());

        try (InputStream gzip = new GZIPInputStream(Files.newInputStream(folder.resolve("e.jsonl.gz")));
                InputStream zstd = new ZstdInputStream(Files.newInputStream(folder.resolve("e.jsonl.zst")));
                InputStream csv = new GZIPInputStream(Files.newInputStream(folder.resolve("e.csv.gz")))) {
            assertThat(gzip).hasContent(json);
            assertThat(zstd).hasContent(json);
            assertThat(csv.readAllBytes()).asString().startsWith("userId,name,value\nuser");
        }
    }

    @Test
    void formatWinsOverTheName() throws IOException {
        Path file = folder.resolve("events.txt");
        Captured.of("generate", "revenue", "--events", "3", "--format", "csv", "--out", file.toString());

        assertThat(Files.readAllLines(file)).hasSize(4).first().isEqualTo("userId,name,value");
    }

    @Test
    void anOldFileIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("events.jsonl"), "old\n".repeat(100_000));
        generate(file.toString());

        assertThat(file).hasContent(generate("-").out());
    }

    @Test
    void aFolderThatDoesNotExistIsNamed() {
        Captured wrong = generate(folder.resolve("missing/events.jsonl").toString());

        assertThat(wrong.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(wrong.err()).contains("missing/events.jsonl: its folder does not exist");
    }

    @Test
    void aFolderIsNotWrittenTo() {
        Captured wrong = generate(folder.toString());

        assertThat(wrong.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(wrong.err()).contains("is a folder");
    }

    private static Captured generate(String out) {
        return Captured.of("generate", "revenue", "--events", "1000", "--users", "50", "--seed", "9", "--out", out);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
