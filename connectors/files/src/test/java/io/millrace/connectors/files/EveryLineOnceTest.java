package io.millrace.connectors.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.files.FilesConfig.Compressed;
import io.millrace.formats.Decoder;
import io.millrace.formats.Ndjson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Whatever the lines, the ranges and the moments at which reading stops: every record is read exactly once. */
class EveryLineOnceTest {
    private Path folder = Path.of("");

    @BeforeProperty
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("files");
    }

    @AfterProperty
    void deleteFolder() throws IOException {
        Texts.delete(folder);
    }

    @Property(tries = 600)
    void rangesShareOutTheLines(
            @ForAll("lines") List<String> lines,
            @ForAll boolean lastNewline,
            @ForAll @IntRange(min = 1, max = 200) int range,
            @ForAll @IntRange(min = 1, max = 64) int buffer)
            throws Exception {
        Path file = folder.resolve("a.jsonl");
        String text = String.join("\n", lines) + (lastNewline ? "\n" : "");
        Files.writeString(file, text);
        Pipe pipe = new Pipe(folder, "a.jsonl");
        pipe.sizes = new Sizes(range, buffer, 1 << 20);

        pipe.run();

        assertThat(pipe.records).containsExactlyInAnyOrderElementsOf(records(text));
        assertThat(pipe.run()).isEmpty();
    }

    @Property(tries = 600)
    void growthIsReadOnceWhereverReadingStops(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Path file = folder.resolve("a.jsonl");
        Files.deleteIfExists(file);
        Files.createFile(file);
        Pipe pipe = new Pipe(folder, random.nextBoolean() ? "a.jsonl" : "*.jsonl");
        pipe.sizes = new Sizes(1 + random.nextInt(300), 1 + random.nextInt(100), 1 << 20);
        pipe.rowsPerBatch = 1 + random.nextInt(5);
        StringBuilder written = new StringBuilder();
        for (int step = 0; step < 8; step++) {
            String more = growth(random, written);
            written.append(more);
            Files.writeString(file, more, StandardOpenOption.APPEND);
            pipe.run(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(10));
        }
        Files.writeString(file, "\n", StandardOpenOption.APPEND);
        pipe.run();

        assertThat(pipe.records).containsExactlyInAnyOrderElementsOf(records(written + "\n"));
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.splits).isEmpty();
    }

    @Property(tries = 200)
    void rotationIsFollowedWhereverReadingStops(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Path logs = Files.createTempDirectory(folder, "logs");
        Path events = logs.resolve("events.jsonl");
        Files.createFile(events);
        Pipe pipe = new Pipe(logs, "events.jsonl*");
        pipe.sizes = new Sizes(1 + random.nextInt(300), 1 + random.nextInt(100), 1 << 20);
        List<String> written = new ArrayList<>();
        int rotated = 0;
        for (int step = 0; step < 12; step++) {
            List<String> more = Texts.records(step * 1000, step * 1000 + 1 + random.nextInt(30));
            Files.writeString(events, String.join("\n", more) + "\n", StandardOpenOption.APPEND);
            written.addAll(more);
            if (random.nextInt(3) == 0) {
                for (int i = rotated++; i >= 1; i--) {
                    for (String end : List.of("", ".gz")) {
                        Path old = logs.resolve("events.jsonl." + i + end);
                        Path next = logs.resolve("events.jsonl." + (i + 1) + ".gz");
                        if (Files.exists(old) && end.isEmpty()) {
                            Files.write(next, Texts.gzip(Files.readString(old)));
                            Files.delete(old);
                        } else if (Files.exists(old)) {
                            Files.move(old, next);
                        }
                    }
                }
                Files.move(events, logs.resolve("events.jsonl.1"));
                Files.createFile(events);
            }
            pipe.run(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(12));
        }
        pipe.run();

        assertThat(pipe.records).containsExactlyInAnyOrderElementsOf(written);
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.splits).isEmpty();
    }

    @Property(tries = 200)
    void compressedFilesAreReadOnceWhereverReadingStops(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Path file = folder.resolve("a.jsonl.gz");
        Files.deleteIfExists(file);
        Pipe pipe = new Pipe(folder, "a.jsonl.gz");
        pipe.sizes = new Sizes(64, 1 + random.nextInt(100), 1 << 20);
        pipe.rowsPerBatch = 1 + random.nextInt(5);
        StringBuilder written = new StringBuilder();
        for (int member = 0; member < 4; member++) {
            StringBuilder more = new StringBuilder();
            for (int i = random.nextInt(200); i >= 0; i--) {
                more.append(json(random)).append('\n');
            }
            written.append(more);
            Files.write(file, Texts.gzip(more.toString()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            pipe.run(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(30));
        }
        pipe.run();

        assertThat(pipe.records).containsExactlyElementsOf(records(written.toString()));
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.splits).isEmpty();
    }

    @Property(tries = 200)
    void csvIsReadOnceWhereverReadingStops(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        Path file = folder.resolve("a.csv");
        Files.writeString(file, "v,w\r\n");
        boolean quoted = random.nextBoolean();
        FilesConfig.Csv csv = new FilesConfig.Csv(null, quoted ? "\"" : "", true, null);
        Pipe pipe = new Pipe(folder, new FilesConfig("a.csv", null, csv, Compressed.AUTO, 1 << 20));
        pipe.sizes = new Sizes(16 + random.nextInt(100), 1 + random.nextInt(100), 1 << 20);
        List<String> rows = new ArrayList<>();
        for (int step = 0; step < 5; step++) {
            StringBuilder more = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                String row = quoted && random.nextInt(3) == 0
                        ? "\"a\n" + random.nextInt() + "\",x"
                        : "a" + random.nextInt() + "," + "y".repeat(random.nextInt(20));
                rows.add(row);
                more.append(row).append(random.nextBoolean() ? "\n" : "\r\n");
            }
            Files.writeString(file, more.toString(), StandardOpenOption.APPEND);
            pipe.run(random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(3));
        }
        pipe.run();

        assertThat(pipe.records).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(pipe.run()).isEmpty();
        assertThat(pipe.splits).isEmpty();
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> line = Arbitraries.oneOf(
                Arbitraries.of("", "\r", "\r\r", "{}", "{}\r", "1", "\t", "\u00e9", "{\"v\":\"\u20ac\"}"),
                Arbitraries.strings().withChars("{}[]\",:v \\\r\u00e9").ofMaxLength(12),
                Arbitraries.integers().between(0, 300).map(n -> "{\"v\":\"" + "x".repeat(n) + "\"}"));
        return line.list().ofMaxSize(30);
    }

    /** More text: whole lines, half lines, line ends. A line is never added to after it could be taken as a record. */
    private static String growth(Random random, StringBuilder written) {
        StringBuilder more = new StringBuilder();
        String all = written.toString();
        String open = all.substring(all.lastIndexOf('\n') + 1);
        if (!open.isEmpty()) {
            more.append(open.endsWith("}") ? random.nextBoolean() ? "\n" : "\r\n" : "cut\"}\n");
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            more.append(json(random)).append(random.nextInt(4) == 0 ? "\r\n" : "\n");
        }
        return switch (random.nextInt(4)) {
            case 0 -> more + json(random);
            case 1 -> more + "{\"v\":\"" + random.nextInt() + " ";
            default -> more.toString();
        };
    }

    private static String json(Random random) {
        int length = random.nextInt(random.nextInt(20) == 0 ? 500 : 20);
        return random.nextInt(8) == 0 ? "" : "{\"v\":\"" + random.nextInt() + "z".repeat(length) + "\"}";
    }

    /** What are records: the lines with something in them, without their ends, and without a torn one at the end. */
    private static List<String> records(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        String last = lines.removeLast();
        List<String> records = new ArrayList<>();
        lines.forEach(line -> records.add(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line));
        if (!torn(last)) {
            records.add(last);
        }
        records.removeIf(String::isBlank);
        return records;
    }

    /** What the decoder of the format says about it. */
    private static boolean torn(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        Decoder decoder = new Ndjson().decoder(Pipe.ONE_FIELD, new byte[0]);
        decoder.decode(bytes, 0, bytes.length, true);
        return decoder.torn();
    }
}
