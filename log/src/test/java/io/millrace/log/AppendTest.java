package io.millrace.log;

import static io.millrace.log.Records.FIRST;
import static io.millrace.log.Records.all;
import static io.millrace.log.Records.append;
import static io.millrace.log.Records.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.log.AppendResult.Busy;
import io.millrace.log.AppendResult.Stored;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendTest {
    @TempDir
    Path folder;

    private final BrakedDisk disk = new BrakedDisk();

    private Log open(LogOptions options) throws Exception {
        return Log.openForWriting(folder, options, InstantSource.system(), new Events(), disk);
    }

    @Test
    void dataFilesHoldNothingButTheLines() throws Exception {
        try (Log log = open(LogOptions.DEFAULTS);
                StreamWriter writer = log.writer("s", 1)) {
            assertThat(append(writer, "{\"a\":1}", "{\"a\":2}")).isZero();
            assertThat(append(writer, "{\"a\":3}")).isEqualTo(16);
            assertThat(Files.readString(folder.resolve("s/0-0/00000000000000000000.ndjson")))
                    .isEqualTo("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
        }
    }

    @Test
    void rangesAreStoredOneAfterTheOther() throws Exception {
        byte[] bytes = "xxoneyytwozz".getBytes(StandardCharsets.UTF_8);
        byte[] newline = {'\n'};
        Lines ranges = new Lines();
        ranges.add(bytes, 2, 5)
                .add(newline, 0, 1)
                .add(bytes, 7, 10)
                .add(newline, 0, 1)
                .add(bytes, 3, 3)
                .records(2);
        try (Log log = open(LogOptions.DEFAULTS);
                StreamWriter writer = log.writer("s", 1)) {
            writer.append(0, "c", null, ranges);
            assertThat(all(log, FIRST)).containsExactly("one", "two");
        }
    }

    @Test
    void whatIsNoCompleteLineIsRefused() throws Exception {
        try (Log log = open(LogOptions.DEFAULTS.withMaxWaitingBytes(100));
                StreamWriter writer = log.writer("s", 1)) {
            assertThatThrownBy(() -> writer.append(0, "c", null, Lines.of("half".getBytes(StandardCharsets.UTF_8), 1)))
                    .hasMessageContaining("no newline");
            assertThatThrownBy(() -> writer.append(0, "c", null, new Lines())).hasMessageContaining("0 records");
            assertThatThrownBy(() -> writer.append(0, "c", null, lines("x".repeat(100))))
                    .hasMessageContaining("maxWaitingBytes");
            assertThatThrownBy(() -> writer.append(0, "two\nlines", null, lines("x")))
                    .hasMessageContaining("control characters");
            assertThat(append(writer, "whole")).isZero();
        }
    }

    @Test
    void appendsDuringAForceAreForcedTogetherAndNeighboursOfAClientAreOneChunk() throws Exception {
        try (Log log = open(LogOptions.DEFAULTS);
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "first");
            int before = disk.forces();
            disk.hold();
            List<Thread> threads = new ArrayList<>();
            threads.add(appendLater(writer, "c", "second"));
            disk.awaitHeld();
            for (String client : List.of("a", "a", "a", "b", "a")) {
                Thread thread = appendLater(writer, client, client);
                threads.add(thread);
                await().until(() -> thread.getState() == Thread.State.WAITING);
            }
            disk.release();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(disk.forces() - before).as("data and index, twice").isEqualTo(4);
            assertThat(all(log, FIRST)).containsExactly("first", "second", "a", "a", "a", "b", "a");
            assertThat(log.describe(FIRST).segments().getFirst().chunks()).isEqualTo(5);
            assertThat(log.describe(FIRST).records()).isEqualTo(7);
        }
    }

    private static Thread appendLater(StreamWriter writer, String client, String record) {
        return Thread.ofPlatform().start(() -> {
            try {
                writer.append(0, client, null, lines(record));
            } catch (LogException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void anAppendBeyondTheBoundWaitsForSpaceOrIsBusy() throws Exception {
        try (Log log = open(LogOptions.DEFAULTS.withMaxWaitingBytes(20));
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "0");
            disk.hold();
            Thread first = appendLater(writer, "c", "123456789012345");
            disk.awaitHeld();
            assertThat(writer.append(0, "c", null, lines("abcdef"), Duration.ofMillis(5)))
                    .isEqualTo(new Busy());
            assertThat(writer.append(
                            List.of(new StreamWriter.Part(0, lines("abcdef"))), "c", "key", Duration.ofMillis(5)))
                    .containsExactly(new Busy());
            Thread second = appendLater(writer, "c", "abcdef");
            await().until(() -> second.getState() == Thread.State.TIMED_WAITING);
            disk.release();
            first.join();
            second.join();
            assertThat(all(log, FIRST)).containsExactly("0", "123456789012345", "abcdef");
        }
    }

    @Test
    void anAppendInterruptedOnItsWayToTheDiskTellsItsOutcomeAndStaysInterrupted() throws Exception {
        try (Log log = open(LogOptions.DEFAULTS);
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "0");
            disk.hold();
            AtomicReference<Object> outcome = new AtomicReference<>();
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    AppendResult result = writer.append(0, "c", null, lines("x"));
                    outcome.set(List.of(result, Thread.currentThread().isInterrupted()));
                } catch (LogException | InterruptedException e) {
                    outcome.set(e);
                }
            });
            disk.awaitHeld();
            thread.interrupt();
            disk.release();
            thread.join();
            assertThat(outcome.get()).isEqualTo(List.of(new Stored(FIRST, 2), true));
        }
    }

    @Test
    void anAppendInterruptedBeforeThereIsSpaceStoresNothing() throws Exception {
        try (Log log = open(LogOptions.DEFAULTS.withMaxWaitingBytes(10));
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "0");
            disk.hold();
            Thread first = appendLater(writer, "c", "12345678");
            disk.awaitHeld();
            AtomicReference<Object> outcome = new AtomicReference<>();
            Thread second = Thread.ofVirtual().start(() -> {
                try {
                    outcome.set(writer.append(0, "c", "k", lines("never")));
                } catch (LogException | InterruptedException e) {
                    outcome.set(e);
                }
            });
            await().until(() -> second.getState() == Thread.State.TIMED_WAITING);
            second.interrupt();
            second.join();
            disk.release();
            first.join();
            assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
            assertThat(writer.append(0, "c", "k", lines("later"))).isInstanceOf(Stored.class);
            assertThat(all(log, FIRST)).containsExactly("0", "12345678", "later");
        }
    }

    @Test
    void partsGoToTheirPartitionsTogether() throws Exception {
        try (Log log = open(LogOptions.DEFAULTS);
                StreamWriter writer = log.writer("s", 3)) {
            writer.append(1, "c", null, lines("before"));
            List<AppendResult> results = writer.append(
                    List.of(new StreamWriter.Part(2, lines("two")), new StreamWriter.Part(1, lines("one"))),
                    "c",
                    null,
                    null);
            assertThat(results)
                    .containsExactly(
                            new Stored(new PartitionName("s", 0, 2), 0), new Stored(new PartitionName("s", 0, 1), 7));
            assertThat(all(log, new PartitionName("s", 0, 1))).containsExactly("before", "one");
            assertThat(all(log, new PartitionName("s", 0, 2))).containsExactly("two");
            assertThatThrownBy(() -> writer.append(
                            List.of(new StreamWriter.Part(1, lines("a")), new StreamWriter.Part(1, lines("b"))),
                            "c",
                            null,
                            null))
                    .hasMessageContaining("same partition");
        }
    }

    @Test
    void closingEndsWhatIsUnderWayAndRefusesTheRest() throws Exception {
        try (Log log = open(LogOptions.DEFAULTS)) {
            StreamWriter writer = log.writer("s", 1);
            append(writer, "0");
            disk.hold();
            Thread first = appendLater(writer, "c", "1");
            disk.awaitHeld();
            Thread closing = Thread.ofPlatform().start(() -> {
                try {
                    writer.close();
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
            });
            await().until(() -> closing.getState() == Thread.State.WAITING);
            disk.release();
            closing.join();
            first.join();
            assertThat(all(log, FIRST)).containsExactly("0", "1");
            assertThatThrownBy(() -> append(writer, "2"))
                    .isInstanceOf(LogException.class)
                    .hasMessageContaining("closed");
            try (StreamWriter again = log.writer("s", 1)) {
                assertThat(append(again, "2")).isEqualTo(4);
            }
        }
    }

    @Test
    void segmentsAreEndedBySizeAndAge() throws Exception {
        SettableClock clock = new SettableClock();
        LogOptions options = LogOptions.DEFAULTS.withSegmentBytes(10).withSegmentAge(Duration.ofMinutes(5));
        try (Log log = Log.openForWriting(folder, options, clock, new Events());
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "123");
            append(writer, "456");
            append(writer, "789");
            clock.advance(Duration.ofMinutes(6));
            append(writer, "a");
            append(writer, "larger than a segment");
            assertThat(log.describe(FIRST).segments())
                    .extracting(SegmentInfo::start)
                    .containsExactly(0L, 8L, 12L, 14L);
            assertThat(all(log, FIRST)).containsExactly("123", "456", "789", "a", "larger than a segment");
        }
    }
}
