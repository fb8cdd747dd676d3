package io.millrace.tests;

import io.millrace.api.Projection;
import io.millrace.engine.yaml.Problems;
import io.millrace.engine.yaml.ScalarType;
import io.millrace.engine.yaml.Yaml;
import io.millrace.formats.Compression;
import io.millrace.formats.Csv;
import io.millrace.formats.Decoder;
import io.millrace.formats.Ndjson;
import io.millrace.tests.Given.Form;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gathers the records of one test. */
final class GivenRecords {

    /** What a mapping says of a record that is not in it, by the names that the query has for it. */
    private static final Set<String> SURROUNDINGS = Set.of("_received_at", "_source", "_offset", "_client");

    private static final Form JSON = new Form(new Ndjson(), new byte[0], false);

    private record Span(int start, int end) {}

    private final TestFile.@Nullable Csv csv;
    private final Problems problems;
    private final List<Given> records = new ArrayList<>();
    private final Set<List<@Nullable String>> offsets = new HashSet<>();

    /** @param csv how CSV files are written; null for the usual */
    GivenRecords(TestFile.@Nullable Csv csv, Problems problems) {
        this.csv = csv;
        this.problems = problems;
    }

    List<Given> all() {
        return records;
    }

    /** A text is a record a line; anything else is one record. */
    void add(Yaml given) {
        switch (given) {
            case Yaml.Scalar scalar ->
                scalar.text().lines().forEach(line -> addLine(line.getBytes(StandardCharsets.UTF_8)));
            case Yaml.Sequence list -> addLine(GivenJson.of(list).getBytes(StandardCharsets.UTF_8));
            case Yaml.Mapping mapping -> addMapping(mapping);
        }
    }

    private void addMapping(Yaml.Mapping mapping) {
        List<Yaml.Entry> fields = mapping.entries().stream()
                .filter(entry -> !SURROUNDINGS.contains(entry.key().text()))
                .toList();
        String source = text(mapping, "_source");
        String offset = text(mapping, "_offset");
        Yaml.Entry at = mapping.entry("_received_at");
        if (offset != null && !offsets.add(Arrays.asList(source, offset))) {
            problems.add(mapping.offset(), "_offset: there is another record at " + offset + " of the same _source");
        }
        records.add(new Given(
                records.size() + 1,
                GivenJson.object(fields).getBytes(StandardCharsets.UTF_8),
                JSON,
                at == null ? null : instant(at.value()),
                source,
                offset,
                text(mapping, "_client")));
    }

    private @Nullable String text(Yaml.Mapping mapping, String key) {
        Yaml.Entry entry = mapping.entry(key);
        if (entry == null || (entry.value() instanceof Yaml.Scalar nothing && nothing.isNull())) {
            return null;
        }
        if (entry.value() instanceof Yaml.Scalar scalar) {
            return scalar.text();
        }
        problems.add(
                entry.value().offset(),
                key + ": expected text, found " + entry.value().kind());
        return null;
    }

    private @Nullable Instant instant(Yaml value) {
        ScalarType type = Objects.requireNonNull(ScalarType.of(Instant.class));
        Object parsed = value instanceof Yaml.Scalar scalar ? type.parser().apply(scalar.text()) : null;
        if (parsed == null) {
            problems.add(value.offset(), "_received_at: expected " + type.expected() + ", found " + value.kind());
        }
        return (Instant) parsed;
    }

    /** Adds the records of a file byte for byte. */
    void addFile(Path file, int place) {
        try {
            byte[] bytes = bytes(file);
            String name = bareName(file);
            if (name.endsWith(".csv") || name.endsWith(".tsv")) {
                addCsv(bytes, name.endsWith(".tsv") ? '\t' : ',');
            } else {
                addLines(bytes);
            }
        } catch (NoSuchFileException e) {
            problems.add(place, "files: there is no file " + file);
        } catch (IOException | IllegalArgumentException e) {
            problems.add(place, "files: " + file + " can't be read: " + e.getMessage());
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(Compression.MAGIC_BYTES);
        }
        try (InputStream in = Compression.of(file.toString(), head).open(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    private static String bareName(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|gzip|zst|zstd)$", "");
    }

    private void addLines(byte[] bytes) {
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '\n') {
                addLine(Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
        }
    }

    /** A blank line is no record. */
    private void addLine(byte[] line) {
        if (!new String(line, StandardCharsets.ISO_8859_1).isBlank()) {
            add(line, JSON);
        }
    }

    private void addCsv(byte[] bytes, char usual) {
        TestFile.Csv says = csv == null ? new TestFile.Csv(null, true, List.of()) : csv;
        Csv format = new Csv(says.delimiter() == null ? usual : says.delimiter(), '"', says.header(), says.columns());
        int at = Math.max(0, format.headerLength(bytes, bytes.length, true));
        byte[] header = Arrays.copyOf(bytes, at);
        Form form = new Form(format, header, true);
        Decoder decoder = format.decoder(new Projection(List.of()), header);
        while (at < bytes.length) {
            int next = decoder.decode(bytes, at, bytes.length, true);
            Stream<Span> rows = IntStream.range(0, decoder.batch().rows())
                    .mapToObj(row -> new Span(decoder.start(row), decoder.end(row)));
            Stream<Span> malformed = decoder.malformed().stream().map(record -> new Span(record.start(), record.end()));
            Stream.concat(rows, malformed)
                    .sorted(Comparator.comparingInt(Span::start))
                    .forEach(span -> add(Arrays.copyOfRange(bytes, span.start(), span.end()), form));
            if (next == at) {
                // The beginning of a row that never ends.
                add(Arrays.copyOfRange(bytes, at, bytes.length), form);
                return;
            }
            at = next;
        }
    }

    private void add(byte[] record, Form form) {
        records.add(new Given(records.size() + 1, record, form, null, null, null, null));
    }
}
