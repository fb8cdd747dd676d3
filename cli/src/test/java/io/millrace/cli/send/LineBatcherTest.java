package io.millrace.cli.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.send.LineBatcher.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LineBatcherTest {

    private static final Limits WIDE = new Limits(1000, 1_000_000, 1_000_000);

    /** What came of some bytes. */
    private static final class Cut implements LineBatcher.Taker {

        private final List<Batch> batches = new ArrayList<>();
        private final List<String> overlong = new ArrayList<>();

        static Cut of(String text, Limits limits) throws IOException, InterruptedException {
            return of(text, limits, Integer.MAX_VALUE);
        }

        /** With the bytes handed over in chunks of that size. */
        static Cut of(String text, Limits limits, int chunkBytes) throws IOException, InterruptedException {
            Cut cut = new Cut();
            LineBatcher batcher = new LineBatcher(new Origin("x", "x", Path.of("x"), true), limits, cut);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int from = 0; from < bytes.length; from += chunkBytes) {
                byte[] chunk = Arrays.copyOfRange(bytes, from, (int) Math.min(bytes.length, (long) from + chunkBytes));
                batcher.accept(chunk, chunk.length);
                if (from + (long) chunkBytes >= bytes.length) {
                    break;
                }
            }
            batcher.finish();
            return cut;
        }

        @Override
        public void take(Batch batch) {
            batches.add(batch);
        }

        @Override
        public OutputStream takeOverlong(Origin origin, long line) {
            return new ByteArrayOutputStream() {
                @Override
                public void close() {
                    overlong.add(line + ":" + toString(StandardCharsets.UTF_8));
                }
            };
        }

        List<List<String>> records() {
            return batches.stream()
                    .map(batch -> new String(batch.bytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList())
                    .toList();
        }
    }

    @Test
    void linesBecomeBatchesOfSoManyRecords() throws IOException, InterruptedException {
        Cut cut = Cut.of("a\nb\nc\nd\ne\n", new Limits(2, 100, 100));

        assertThat(cut.records()).containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));
        assertThat(cut.batches.get(1).lines()).containsExactly(3, 4);
        assertThat(cut.batches.get(1).positions()).containsExactly(4, 6, 8);
    }

    @Test
    void aBatchIsNotLargerThanAllowedUnlessOneRecordIs() throws IOException, InterruptedException {
        Cut cut = Cut.of("12\n34\n56\n1234567890\n78\n", new Limits(100, 6, 100));

        assertThat(cut.records())
                .containsExactly(List.of("12", "34"), List.of("56"), List.of("1234567890"), List.of("78"));
    }

    @Test
    void endsOfLinesAndBlankLinesAreNotSent() throws IOException, InterruptedException {
        Cut cut = Cut.of("\ufeff{\"a\":1}\r\n\r\n \t\n{\"b\":2}\r\n\n{\"c\":3}", WIDE);

        assertThat(cut.records()).containsExactly(List.of("{\"a\":1}", "{\"b\":2}", "{\"c\":3}"));
        assertThat(cut.batches.getFirst().lines()).containsExactly(1, 4, 6);
    }

    @Test
    void aByteOrderMarkInTheMiddleStays() throws IOException, InterruptedException {
        assertThat(Cut.of("a\n\ufeffb\n", WIDE).records()).containsExactly(List.of("a", "\ufeffb"));
    }

    @Test
    void anEmptyInputGivesNothing() throws IOException, InterruptedException {
        assertThat(Cut.of("", WIDE).batches).isEmpty();
        assertThat(Cut.of("\n\r\n  ", WIDE).batches).isEmpty();
    }

    @Test
    void anOverlongRecordGoesAnotherWay() throws IOException, InterruptedException {
        String text = "a\n" + "x".repeat(50) + "\nb\n" + "y".repeat(11) + "\r\n" + "z".repeat(10);
        for (int chunk : new int[] {1, 3, 64, 1000}) {
            Cut cut = Cut.of(text, new Limits(2, 1000, 10), chunk);

            assertThat(cut.records()).containsExactly(List.of("a", "b"), List.of("z".repeat(10)));
            assertThat(cut.overlong).containsExactly("2:" + "x".repeat(50), "4:" + "y".repeat(11) + "\r");
        }
    }

    @Test
    void whatIsFlushedIsNotSentAgain() throws IOException, InterruptedException {
        Cut cut = new Cut();
        LineBatcher batcher = new LineBatcher(new Origin("x", "x", Path.of("x"), true), WIDE, cut);
        accept(batcher, "a\nb");
        batcher.flush();
        batcher.flush();
        assertThat(cut.records()).containsExactly(List.of("a"));
        assertThat(batcher.firstHeldLine()).isEqualTo(2);
        assertThat(batcher.incomplete()).isTrue();

        accept(batcher, "c\nd\n");
        batcher.finish();
        assertThat(cut.records()).containsExactly(List.of("a"), List.of("bc", "d"));
        assertThat(cut.batches.get(1).positions()).containsExactly(2, 5, 7);
        assertThat(batcher.incomplete()).isFalse();
    }

    @Property(tries = 500)
    void nothingDependsOnHowTheBytesCome(
            @ForAll @Size(max = 30) List<@StringLength(max = 12) @CharRange(from = 'a', to = 'e') String> lines,
            @ForAll @IntRange(min = 1, max = 5) int records,
            @ForAll @IntRange(min = 1, max = 40) int bytes,
            @ForAll @IntRange(min = 1, max = 20) int chunkBytes,
            @ForAll long seed)
            throws IOException, InterruptedException {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append(random.nextBoolean() ? "\n" : "\r\n"));
        Limits limits = new Limits(records, bytes, 8);

        Cut whole = Cut.of(text.toString(), limits);
        Cut pieces = Cut.of(text.toString(), limits, chunkBytes);

        assertThat(pieces.records()).isEqualTo(whole.records());
        assertThat(pieces.overlong).isEqualTo(whole.overlong);
        assertThat(whole.records().stream().flatMap(List::stream).toList())
                .isEqualTo(IntStream.range(0, lines.size())
                        .filter(i -> whole.overlong.stream().noneMatch(it -> it.startsWith(i + 1 + ":")))
                        .mapToObj(lines::get)
                        .filter(line -> !line.isEmpty())
                        .toList());
    }

    private static void accept(LineBatcher batcher, String text) throws IOException, InterruptedException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        batcher.accept(bytes, bytes.length);
    }
}
