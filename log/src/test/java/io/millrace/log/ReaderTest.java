package io.millrace.log;

import static io.millrace.log.Records.FIRST;
import static io.millrace.log.Records.all;
import static io.millrace.log.Records.append;
import static io.millrace.log.Records.lines;
import static io.millrace.log.Records.rest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReaderTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final SettableClock clock = new SettableClock();

    private Log open(Path folder) throws Exception {
        return Log.openForWriting(folder, LogOptions.DEFAULTS.withSegmentBytes(20), clock, new Events());
    }

    @Test
    void aStretchTellsForEachChunkWhenItCameAndFromWhom(@TempDir Path folder) throws Exception {
        try (Log log = open(folder);
                StreamWriter writer = log.writer("s", 1)) {
            Instant start = clock.instant();
            writer.append(0, "alice", null, lines("a", "b"));
            clock.advance(Duration.ofSeconds(1));
            writer.append(0, "bob", null, lines("c"));
            try (PartitionReader reader = log.reader(FIRST, new Start.Earliest())) {
                Stretch stretch = (Stretch) reader.next(100, Duration.ZERO);
                assertThat(stretch.offset()).isZero();
                assertThat(stretch.end()).isEqualTo(6);
                assertThat(stretch.chunks()).isEqualTo(2);
                assertThat(stretch.chunkEnd(0) - stretch.from()).isEqualTo(4);
                assertThat(stretch.chunkEnd(1)).isEqualTo(stretch.to());
                assertThat(stretch.client(0)).isEqualTo("alice");
                assertThat(stretch.client(1)).isEqualTo("bob");
                assertThat(SegmentInfo.instant(stretch.receivedMicros(0))).isEqualTo(start);
                assertThat(SegmentInfo.instant(stretch.receivedMicros(1))).isEqualTo(start.plusSeconds(1));
            }
            try (PartitionReader reader = log.reader(FIRST, new Start.At(2))) {
                Stretch stretch = (Stretch) reader.next(3, Duration.ZERO);
                assertThat(lines2(stretch)).containsExactly("b");
                assertThat(stretch.client(0)).isEqualTo("alice");
                stretch = (Stretch) reader.next(3, Duration.ZERO);
                assertThat(lines2(stretch)).containsExactly("c");
                assertThat(stretch.chunks()).isEqualTo(1);
                assertThat(stretch.client(0)).isEqualTo("bob");
            }
        }
    }

    private static List<String> lines2(Stretch stretch) {
        return Records.lines(stretch);
    }

    @Property(tries = 40)
    void fromEveryLineAndWithEverySizeTheRestIsReadOnceInOrder(
            @ForAll @Size(min = 1, max = 8) List<@Size(min = 1, max = 4) List<@IntRange(max = 12) Integer>> appends,
            @ForAll @IntRange(min = 1, max = 60) int maxBytes)
            throws Exception {
        Path folder = Folders.create();
        try (Log log = open(folder);
                StreamWriter writer = log.writer("s", 1)) {
            List<String> written = new ArrayList<>();
            for (List<Integer> lengths : appends) {
                List<String> records = lengths.stream()
                        .map(length -> length + "x".repeat(length))
                        .toList();
                append(writer, records.toArray(String[]::new));
                written.addAll(records);
            }
            long offset = 0;
            for (int i = 0; i <= written.size(); i++) {
                assertThat(all(log, FIRST, new Start.At(offset), maxBytes))
                        .isEqualTo(written.subList(i, written.size()));
                offset += i < written.size() ? written.get(i).length() + 1 : 0;
            }
            assertThat(log.verify(FIRST).records()).isEqualTo(written.size());
        } finally {
            Folders.delete(folder);
        }
    }

    @Test
    void anOffsetInsideALineOrAfterTheEndIsRefused(@TempDir Path folder) throws Exception {
        try (Log log = open(folder);
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "abc");
            try (PartitionReader reader = log.reader(FIRST, new Start.At(2))) {
                assertThatThrownBy(() -> reader.next(10, Duration.ZERO))
                        .isInstanceOf(LogException.class)
                        .hasMessageContaining("inside a line");
            }
            assertThatThrownBy(() -> log.reader(FIRST, new Start.At(5)))
                    .isInstanceOf(LogException.class)
                    .hasMessageContaining("ends at 4");
            assertThatThrownBy(() -> log.reader(new PartitionName("s", 0, 7), new Start.Earliest()))
                    .isInstanceOf(LogException.class)
                    .hasMessageContaining("no partition");
        }
    }

    @Test
    void startsAtTheFirstChunkReceivedAtOrAfterAnInstant(@TempDir Path folder) throws Exception {
        try (Log log = open(folder);
                StreamWriter writer = log.writer("s", 1)) {
            Instant start = clock.instant();
            List<String> written = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String record = "record " + i;
                append(writer, record);
                written.add(record);
                clock.advance(Duration.ofSeconds(10));
            }
            for (int second = -5; second <= 130; second += 5) {
                int first = Math.clamp((second + 9) / 10, 0, 12);
                assertThat(all(log, FIRST, new Start.Since(start.plusSeconds(second)), 100))
                        .as("since second %d", second)
                        .isEqualTo(written.subList(first, 12));
            }
            assertThat(all(log, FIRST, new Start.Latest(), 100)).isEmpty();
        }
    }

    @Test
    void aReaderAtTheEndIsWokenByAnAppendOfTheSameProcess(@TempDir Path folder) throws Exception {
        try (Log log = open(folder);
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "before");
            try (PartitionReader reader = log.reader(FIRST, new Start.Latest())) {
                for (int i = 0; i < 20; i++) {
                    AtomicReference<Thread> thread = new AtomicReference<>();
                    CompletableFuture<List<String>> next = new CompletableFuture<>();
                    Thread.ofVirtual().start(() -> {
                        thread.set(Thread.currentThread());
                        try {
                            next.complete(Records.lines((Stretch) reader.next(100, LONG)));
                        } catch (Exception e) {
                            next.completeExceptionally(e);
                        }
                    });
                    await().until(() -> thread.get() != null && thread.get().getState() == Thread.State.TIMED_WAITING);
                    append(writer, "record " + i);
                    assertThat(next.get()).containsExactly("record " + i);
                }
            }
        }
    }

    @Test
    void aReaderOfAnotherProcessFollows(@TempDir Path folder) throws Exception {
        try (Log log = open(folder);
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "before");
            try (Log reading = Log.openForReading(folder, LogOptions.DEFAULTS, clock);
                    PartitionReader reader = reading.reader(FIRST, new Start.Latest())) {
                for (int i = 0; i < 10; i++) {
                    append(writer, "record " + i);
                    assertThat(Records.lines((Stretch) reader.next(100, LONG))).containsExactly("record " + i);
                }
            }
        }
    }

    @Test
    void aReaderThatWaitsAsForeignerFollowsTheWriterOfItsOwnProcess(@TempDir Path folder) throws Exception {
        try (Log log = open(folder)) {
            try (StreamWriter writer = log.writer("s", 1)) {
                append(writer, "first");
            }
            try (PartitionReader reader = log.reader(FIRST, new Start.Earliest())) {
                assertThat(rest(reader, 100)).containsExactly("first");
                try (StreamWriter writer = log.writer("s", 1)) {
                    append(writer, "second");
                    assertThat(rest(reader, 100)).containsExactly("second");
                    append(writer, "third");
                }
                assertThat(rest(reader, 100)).containsExactly("third");
            }
        }
    }

    @Test
    void closingWakesAReaderThatWaits(@TempDir Path folder) throws Exception {
        try (Log log = open(folder);
                StreamWriter writer = log.writer("s", 1);
                Log reading = Log.openForReading(folder, LogOptions.DEFAULTS, clock)) {
            append(writer, "before");
            for (Log from : List.of(log, reading)) {
                PartitionReader reader = from.reader(FIRST, new Start.Latest());
                CompletableFuture<Reading> next = new CompletableFuture<>();
                Thread thread = Thread.ofPlatform().start(() -> {
                    try {
                        next.complete(reader.next(100, LONG));
                    } catch (Exception e) {
                        next.completeExceptionally(e);
                    }
                });
                await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
                reader.close();
                assertThat(next.get()).isEqualTo(new Reading.Closed());
                assertThat(reader.next(100, LONG)).isEqualTo(new Reading.Closed());
            }
        }
    }

    @Test
    void anInterruptEndsTheWaitAndTheReaderGoesOnAfterwards(@TempDir Path folder) throws Exception {
        try (Log log = open(folder);
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "before");
            try (PartitionReader reader = log.reader(FIRST, new Start.Earliest())) {
                CompletableFuture<List<String>> after = new CompletableFuture<>();
                Thread thread = Thread.ofPlatform().start(() -> {
                    try {
                        Thread.currentThread().interrupt();
                        assertThatThrownBy(() -> reader.next(100, LONG)).isInstanceOf(InterruptedException.class);
                        after.complete(rest(reader, 100));
                    } catch (Throwable e) {
                        after.completeExceptionally(e);
                    }
                });
                thread.join();
                assertThat(after.get()).containsExactly("before");
            } catch (ExecutionException e) {
                throw new AssertionError(e.getCause());
            }
        }
    }

    @Test
    void whatIsNotOnDiskYetIsNotHandedOut(@TempDir Path folder) throws Exception {
        BrakedDisk disk = new BrakedDisk();
        try (Log log = Log.openForWriting(folder, LogOptions.DEFAULTS, clock, new Events(), disk);
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "before");
            disk.hold();
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    append(writer, "under way");
                } catch (LogException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            disk.awaitHeld();
            assertThat(all(log, FIRST)).containsExactly("before");
            disk.release();
            thread.join();
            assertThat(all(log, FIRST)).containsExactly("before", "under way");
        }
    }
}
