package io.millrace.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Offset;
import io.millrace.api.RecordBatch;
import io.millrace.api.RecordIndex;
import io.millrace.api.Source;
import io.millrace.api.SourceConnector;
import io.millrace.api.SourceException;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.log.Lines;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.StreamWriter;
import io.millrace.testkit.SourceContract;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpContractTest extends SourceContract {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    private static HttpConfig config(String start) {
        return new HttpConfig("/numbers", 1, null, start);
    }

    private Log log() throws Exception {
        return Log.openForWriting(
                HttpConnector.folder(home), LogOptions.DEFAULTS, InstantSource.fixed(NOW), event -> {});
    }

    private static void post(StreamWriter stream, String client, List<String> lines) throws Exception {
        byte[] bytes = lines.stream()
                .map(line -> line + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
        stream.append(0, client, null, Lines.of(bytes, lines.size()));
    }

    @Override
    protected void add(List<Long> numbers) throws Exception {
        try (Log log = log();
                StreamWriter stream = log.writer(config("earliest").stream(), 1)) {
            post(stream, "test", numbers.stream().map(n -> "{\"n\": " + n + "}").toList());
        }
    }

    @Override
    protected Source open() throws Exception {
        return open("earliest");
    }

    private Source open(String start) throws Exception {
        return new HttpConnector().open(config(start), new SourceConnector.Context("contract", home, home));
    }

    @Test
    void withoutALogItIsSaidHowThereWillBeOne() {
        assertThatThrownBy(() -> open())
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("Nothing has been posted to /numbers yet")
                .hasMessageContaining("millrace up");
    }

    @Test
    void eachRowKnowsWhenItWasReceivedAndFromWhom() throws Exception {
        try (Log log = log();
                StreamWriter stream = log.writer("numbers", 1)) {
            post(stream, "ann", List.of("{\"n\":1}", "{\"n\":2}"));
            post(stream, "bob", List.of("{\"n\":3}", "x", "{\"n\":4}"));
        }
        try (Source source = open();
                SplitReader reader = source.open(source.splits(Map.of()).getFirst(), null, NUMBER)) {
            RecordBatch batch = Objects.requireNonNull(reader.next());
            RecordBatch.Origin origin = batch.origin();
            assertThat(batch.rows().rows()).isEqualTo(4);
            assertThat(List.of(
                            String.valueOf(origin.client(3)),
                            String.valueOf(origin.client(0)),
                            String.valueOf(origin.client(1)),
                            String.valueOf(origin.client(2))))
                    .containsExactly("bob", "ann", "ann", "bob");
            assertThat(origin.receivedAtMicros(2)).isEqualTo(NOW.getEpochSecond() * 1_000_000 + 123_456);
            assertThat(origin.position(2)).isEqualTo("16");
            assertThat(batch.rejected()).singleElement().satisfies(r -> {
                assertThat(r.position()).isEqualTo("24");
                assertThat(r.raw()).containsExactly('x');
            });
        }
    }

    @Test
    void aPipelineBeginsWhereItSays() throws Exception {
        add(List.of(1L, 2L));
        try (Source source = open("latest");
                SplitReader reader = source.open(source.splits(Map.of()).getFirst(), null, NUMBER)) {
            assertThat(reader.next()).isNull();
        }
        try (Source source = open("2026-11-21T09:00:00Z");
                SplitReader reader = source.open(source.splits(Map.of()).getFirst(), null, NUMBER)) {
            assertThat(Objects.requireNonNull(reader.next()).received()).isEqualTo(2);
        }
        try (Source source = open("2026-11-21T11:00:00Z");
                SplitReader reader = source.open(source.splits(Map.of()).getFirst(), null, NUMBER)) {
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void aReaderThatFollowsIsWokenByWhatIsPosted() throws Exception {
        try (Log log = log();
                StreamWriter stream = log.writer("numbers", 1);
                Source source = HttpConnector.follow(config("earliest"), log, remark -> {})) {
            assertThat(source.live()).isTrue();
            Split split = source.splits(Map.of()).getFirst();
            try (SplitReader reader = source.open(split, null, NUMBER)) {
                assertThat(reader.next()).isNull();
                Thread poster = Thread.ofVirtual().start(() -> {
                    try {
                        post(stream, "ann", List.of("{\"n\":1}"));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
                reader.await(Duration.ofSeconds(30));
                RecordBatch batch = Objects.requireNonNull(reader.next());
                assertThat(batch.end()).isEqualTo(new Offset("8"));
                assertThat(reader.next()).isNull();
                poster.join();
            }
        }
    }

    @Test
    void aDamagedChunkIsRejectedWithItsPlaceAndItsNeighboursAreRead() throws Exception {
        try (Log log = log();
                StreamWriter stream = log.writer("numbers", 1)) {
            post(stream, "ann", List.of("{\"n\":1}"));
            post(stream, "bob", List.of("{\"n\":2}"));
            post(stream, "ann", List.of("{\"n\":3}"));
        }
        Path data = HttpConnector.folder(home).resolve("numbers/0-0/00000000000000000000.ndjson");
        assertThat(Files.size(data)).isEqualTo(24);
        try (FileChannel channel = FileChannel.open(data, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'7'}), 13);
        }
        try (Source source = open();
                SplitReader reader = source.open(source.splits(Map.of()).getFirst(), null, NUMBER)) {
            assertThat(Objects.requireNonNull(reader.next()).received()).isEqualTo(1);
            RecordBatch damaged = Objects.requireNonNull(reader.next());
            assertThat(damaged.rejected()).singleElement().satisfies(r -> {
                assertThat(r.code()).isEqualTo("log_damaged");
                assertThat(r.position()).isEqualTo("8");
                assertThat(r.message()).contains("CRC-32C").contains("there should be 1 records");
            });
            assertThat(damaged.end()).isEqualTo(new Offset("16"));
            assertThat(Objects.requireNonNull(reader.next()).end()).isEqualTo(new Offset("24"));
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void theLogTellsHowManyRecordsItHasUpToAnOffset() throws Exception {
        try (Log log = log();
                StreamWriter stream = log.writer("numbers", 1)) {
            post(stream, "ann", List.of("{\"n\":1}", "{\"n\":2}"));
            post(stream, "bob", List.of("{\"n\":3}"));
        }
        Offset end = new Offset("24");
        try (Source source = open();
                Source late = open("latest")) {
            RecordIndex index = Objects.requireNonNull(source.index());
            String split = source.splits(Map.of()).getFirst().id();
            assertThat(index.knows(split)).isTrue();
            assertThat(index.knows("01234567/numbers/0-0")).isFalse();
            assertThat(index.knows("numbers.jsonl#0")).isFalse();
            assertThat(index.knows(split.replace("0-0", "0-7"))).isFalse();
            assertThat(index.reaches(split, null)).isTrue();
            assertThat(index.records(split, null, end)).hasValue(3);
            assertThat(index.records(split, new Offset("8"), new Offset("16"))).hasValue(1);
            assertThat(index.sound(split, null, end)).isTrue();
            assertThat(Objects.requireNonNull(late.index()).reaches(split, null))
                    .isFalse();
            assertThat(Objects.requireNonNull(late.index()).reaches(split, new Offset("8")))
                    .isTrue();

            damage(8);
            assertThat(index.records(split, null, end)).hasValue(3);
            assertThat(index.sound(split, null, end)).isFalse();
            assertThat(index.sound(split, new Offset("16"), end)).isTrue();
        }
    }

    private void damage(long offset) throws Exception {
        Path data = HttpConnector.folder(home).resolve("numbers/0-0/00000000000000000000.ndjson");
        try (FileChannel channel = FileChannel.open(data, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'7'}), offset);
        }
    }

    @Test
    void whatIsWrongWithTheSettingsIsSaid() {
        HttpConnector connector = new HttpConnector();
        assertThat(connector.lint(config("earliest"))).isEmpty();
        assertThat(connector.lint(new HttpConfig("live event", 0, " ", "yesterday")))
                .extracting(SourceConnector.Problem::key)
                .containsExactly("path", "partitions", "key", "start");
        assertThat(connector.lint(new HttpConfig("/oauth2/token", 1, null, "latest")))
                .extracting(SourceConnector.Problem::key)
                .containsExactly("path");
    }
}
