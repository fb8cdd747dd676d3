package io.millrace.cli.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsentTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void theFileIsNamedAfterTheInput() {
        assertThat(Stream.of("a/events.jsonl.gz", "events.ndjson", "events", "x.json.zst", ".jsonl")
                        .map(input -> UnsentFile.beside(Path.of(input)).toString()))
                .containsExactly(
                        "a/events.unsent.jsonl",
                        "events.unsent.jsonl",
                        "events.unsent.jsonl",
                        "x.unsent.jsonl",
                        "input.unsent.jsonl");
    }

    @Test
    void reasonsAreListedFromTheMostFrequentAndNotWithoutEnd() throws IOException {
        try (Unsent unsent = new Unsent(null)) {
            for (int line = 1; line <= 200; line++) {
                unsent.keep(record(line), Reason.of("reason " + Math.max(100, line), false));
            }
            List<Kept.Because> reasons = unsent.kept().getFirst().reasons();

            assertThat(reasons).hasSizeBetween(50, 51);
            assertThat(reasons.getFirst()).isEqualTo(new Kept.Because("reason 100", 100, "lines 1-100", false));
            assertThat(reasons.get(1)).isEqualTo(new Kept.Because("other reasons", 51, "lines 150-200", false));
            assertThat(reasons.stream().mapToLong(Kept.Because::events).sum()).isEqualTo(200);
            assertThat(unsent.events()).isEqualTo(200);
        }
        assertThat(Files.readAllLines(folder.resolve("x.unsent.jsonl"))).hasSize(200);
    }

    @Test
    void anOverlongRecordThatIsNotWholeIsNotKept() throws IOException {
        try (Unsent unsent = new Unsent(null)) {
            OutputStream half = unsent.keepOverlong(origin(), 1, Reason.of("long", false));
            half.write("half".getBytes(StandardCharsets.UTF_8));
            unsent.keep(record(2), Reason.of("other", false));
        }

        assertThat(folder.resolve("x.unsent.jsonl")).hasContent("2\n");
    }

    private Origin origin() {
        return new Origin("x", "x", folder.resolve("x.unsent.jsonl"), true);
    }

    private Batch record(int line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        return new Batch(origin(), bytes, new int[] {bytes.length}, new long[] {line}, new long[] {0, 1});
    }
}
