package io.millrace.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTest {

    /** What came out of a stream, and how it ended. */
    private record Outcome(byte[] bytes, @Nullable DamagedInputException damage) {
        boolean truncated() {
            return damage != null && damage.truncated();
        }
    }

    private static final byte[] TEXT = text();

    private static byte[] text() {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40_000; i++) {
            text.append("{\"userId\":\"user").append(random.nextInt(1000)).append("\"}\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] compress(Compression compression, byte[] plain) throws IOException {
        return switch (compression) {
            case NONE -> plain;
            case ZSTD -> Zstd.compress(plain);
            case GZIP -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                    gzip.write(plain);
                }
                yield out.toByteArray();
            }
        };
    }

    private static Outcome read(Compression compression, byte[] compressed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InputStream in = compression.open(new ByteArrayInputStream(compressed))) {
            byte[] buffer = new byte[7000];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (DamagedInputException e) {
            return new Outcome(out.toByteArray(), e);
        }
        return new Outcome(out.toByteArray(), null);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasCompressedIsReadBack(Compression compression) throws IOException {
        Outcome outcome = read(compression, compress(compression, TEXT));
        assertThat(outcome.damage()).isNull();
        assertThat(outcome.bytes()).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void severalPiecesInARowAreOneInput(Compression compression) throws IOException {
        byte[] empty = compress(compression, new byte[0]);
        byte[] piece = compress(compression, TEXT);
        Outcome outcome = read(compression, join(empty, piece, empty, piece));
        assertThat(outcome.damage()).isNull();
        assertThat(outcome.bytes()).isEqualTo(join(TEXT, TEXT));
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void aTruncatedInputGivesItsBytesAndThenSaysSo(Compression compression) throws IOException {
        byte[] compressed = compress(compression, TEXT);
        byte[] cut = Arrays.copyOf(compressed, compressed.length * 3 / 4);
        Outcome outcome = read(compression, cut);
        assertThat(outcome.damage()).hasMessageContaining("ends too early, after byte " + cut.length);
        assertThat(outcome.truncated()).isTrue();
        assertThat(outcome.bytes()).hasSizeGreaterThan(TEXT.length / 2);
        assertThat(Arrays.copyOf(TEXT, outcome.bytes().length)).isEqualTo(outcome.bytes());
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void everyPlaceToCutShortInputIsFound(Compression compression) throws IOException {
        byte[] compressed = compress(compression, "{\"a\":1}\n".getBytes(StandardCharsets.UTF_8));
        for (int length = 0; length < compressed.length; length++) {
            Outcome outcome = read(compression, Arrays.copyOf(compressed, length));
            assertThat(outcome.damage()).as("%d bytes", length).isNotNull();
            assertThat(outcome.truncated()).as("%d bytes", length).isTrue();
            // A second piece that is cut is found just so.
            Outcome second = read(compression, join(compressed, Arrays.copyOf(compressed, length)));
            assertThat(second.damage() != null).as("%d more bytes", length).isEqualTo(length > 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void aDamagedInputGivesWhatCameBefore(Compression compression) throws IOException {
        byte[] compressed = compress(compression, TEXT);
        byte[] damaged = join(Arrays.copyOf(compressed, compressed.length / 2), new byte[200], compressed);
        Outcome outcome = read(compression, damaged);
        assertThat(outcome.damage()).hasMessageContaining("damaged near byte");
        assertThat(outcome.truncated()).isFalse();
        assertThat(outcome.bytes()).hasSizeGreaterThan(TEXT.length / 4);
        int sound = TEXT.length / 4;
        assertThat(Arrays.copyOf(outcome.bytes(), sound)).isEqualTo(Arrays.copyOf(TEXT, sound));
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void whatFollowsThatIsNotCompressedIsNotPassedOver(Compression compression) throws IOException {
        byte[] compressed = compress(compression, TEXT);
        Outcome outcome = read(compression, join(compressed, "garbage".getBytes(StandardCharsets.UTF_8)));
        assertThat(outcome.bytes()).isEqualTo(TEXT);
        assertThat(outcome.damage()).isNotNull();
    }

    @Test
    void aWrongChecksumIsFound() throws IOException {
        byte[] compressed = compress(Compression.GZIP, TEXT);
        compressed[compressed.length - 6] ^= 1;
        Outcome outcome = read(Compression.GZIP, compressed);
        assertThat(outcome.bytes()).isEqualTo(TEXT);
        assertThat(outcome.damage()).hasMessageContaining("checksum");
    }

    @Test
    void zerosAfterGzipArePadding() throws IOException {
        Outcome outcome = read(Compression.GZIP, join(compress(Compression.GZIP, TEXT), new byte[512]));
        assertThat(outcome.damage()).isNull();
        assertThat(outcome.bytes()).isEqualTo(TEXT);
    }

    @Test
    void headersWithEveryPartAreRead() throws IOException {
        byte[] plain = compress(Compression.GZIP, TEXT);
        byte[] header = {0x1f, (byte) 0x8b, 8, 4 + 8 + 16, 0, 0, 0, 0, 0, 0, 2, 0, 'x', 'y', 'n', 0, 'c', 'c', 0};
        Outcome outcome = read(Compression.GZIP, join(header, Arrays.copyOfRange(plain, 10, plain.length)));
        assertThat(outcome.damage()).isNull();
        assertThat(outcome.bytes()).isEqualTo(TEXT);
    }

    @Test
    void theFirstBytesTellTheCompressionAndOtherwiseTheName() throws IOException {
        byte[] json = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        byte[] gzip = Arrays.copyOf(compress(Compression.GZIP, json), Compression.MAGIC_BYTES);
        byte[] zstd = Arrays.copyOf(compress(Compression.ZSTD, json), Compression.MAGIC_BYTES);
        assertThat(Compression.of("events.jsonl", json)).isEqualTo(Compression.NONE);
        assertThat(Compression.of("events.jsonl", gzip)).isEqualTo(Compression.GZIP);
        assertThat(Compression.of("events.jsonl", zstd)).isEqualTo(Compression.ZSTD);
        assertThat(Compression.of("events.jsonl.gz", new byte[0])).isEqualTo(Compression.GZIP);
        assertThat(Compression.of("EVENTS.ZST", json)).isEqualTo(Compression.ZSTD);
        assertThatThrownBy(() -> Compression.of("a.gz", json)
                        .open(new ByteArrayInputStream(json))
                        .read())
                .isInstanceOf(DamagedInputException.class)
                .hasMessageContaining("it is not gzip");
    }
}
