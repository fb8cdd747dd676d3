package io.millrace.log;

import static io.millrace.log.Records.FIRST;
import static io.millrace.log.Records.all;
import static io.millrace.log.Records.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.AppendResult.Conflict;
import io.millrace.log.AppendResult.Repeated;
import io.millrace.log.AppendResult.Stored;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencyTest {
    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final Events events = new Events();
    private final BrakedDisk disk = new BrakedDisk();
    private LogOptions options = LogOptions.DEFAULTS;

    private Log open() throws Exception {
        return Log.openForWriting(folder, options, clock, events, disk, clock::nanoTime);
    }

    @Test
    void whatComesAgainUnderItsKeyIsAcknowledgedWithTheFirstOffset() throws Exception {
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1)) {
            assertThat(writer.append(0, "c", null, lines("0"))).isEqualTo(new Stored(FIRST, 0));
            assertThat(writer.append(0, "c", "key", lines("1"))).isEqualTo(new Stored(FIRST, 2));
            assertThat(writer.append(0, "c", "key", lines("1"))).isEqualTo(new Repeated(FIRST, 2));
            assertThat(writer.append(0, "c", "key", lines("2"))).isEqualTo(new Conflict(FIRST, 2));
            assertThat(writer.append(0, "d", "key", lines("2"))).isEqualTo(new Stored(FIRST, 4));
            assertThat(all(log, FIRST)).containsExactly("0", "1", "2");
        }
    }

    @Test
    void keysAreRememberedOverARestartForTheirTime() throws Exception {
        try (Log log = open();
                StreamWriter writer = log.writer("s", 2)) {
            writer.append(0, "c", "early", lines("a"));
            clock.advance(Duration.ofMinutes(30));
            writer.append(1, "c", "late", lines("b"));
        }
        try (Log log = open();
                StreamWriter writer = log.writer("s", 2)) {
            assertThat(writer.rememberedKeys()).isEqualTo(2);
            clock.advance(Duration.ofMinutes(31));
            assertThat(writer.append(1, "c", "late", lines("b")))
                    .isEqualTo(new Repeated(new PartitionName("s", 0, 1), 0));
            assertThat(writer.rememberedKeys()).isEqualTo(1);
            assertThat(writer.append(1, "c", "late", lines("b")))
                    .isEqualTo(new Repeated(new PartitionName("s", 0, 1), 0));
            assertThat(writer.append(1, "c", "late", lines("other")))
                    .isEqualTo(new Conflict(new PartitionName("s", 0, 1), 0));
            assertThat(writer.append(0, "c", "early", lines("a"))).isEqualTo(new Stored(FIRST, 2));
        }
    }

    @Test
    void whatIsRepeatedAfterAnOutageLongerThanTheWindowIsRecognised() throws Exception {
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1)) {
            writer.append(0, "c", "key", lines("a"));
        }
        clock.advance(Duration.ofHours(20));
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1)) {
            assertThat(writer.append(0, "c", "key", lines("a"))).isEqualTo(new Repeated(FIRST, 0));
        }
    }

    @Test
    void aClockThatIsSetMakesNoKeyBeForgottenBeforeItsTimeNorKeptForEver() throws Exception {
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1)) {
            int number = 0;
            for (Duration by : List.of(Duration.ofHours(5), Duration.ofHours(-9), Duration.ofHours(4))) {
                String key = "key " + number++;
                writer.append(0, "c", key, lines("a"));
                clock.set(by);
                assertThat(writer.append(0, "c", key, lines("a"))).isInstanceOf(Repeated.class);
            }
            assertThat(writer.rememberedKeys()).isEqualTo(3);
            clock.advance(Duration.ofMinutes(61));
            assertThat(writer.append(0, "c", "another", lines("a"))).isInstanceOf(Stored.class);
            assertThat(writer.rememberedKeys()).isEqualTo(1);
        }
    }

    @Test
    void aClockThatIsSetWhileNobodyIsThereMakesNoKeyBeForgotten() throws Exception {
        for (Duration by : List.of(Duration.ofHours(5), Duration.ofHours(-9))) {
            String key = "before " + by;
            Stored stored;
            try (Log log = open();
                    StreamWriter writer = log.writer("s", 1)) {
                stored = (Stored) writer.append(0, "c", key, lines("a"));
            }
            clock.set(by);
            try (Log log = open();
                    StreamWriter writer = log.writer("s", 1)) {
                assertThat(writer.append(0, "c", key, lines("a"))).isEqualTo(new Repeated(FIRST, stored.offset()));
            }
        }
    }

    @Test
    void aKeyIsKnownInWhateverPartitionItWasUsed() throws Exception {
        try (Log log = open();
                StreamWriter writer = log.writer("s", 3)) {
            writer.append(2, "c", "key", lines("a"));
            PartitionName last = new PartitionName("s", 0, 2);
            assertThat(writer.append(0, "c", "key", lines("a"))).isEqualTo(new Repeated(last, 0));
            assertThat(writer.append(1, "c", "key", lines("other"))).isEqualTo(new Conflict(last, 0));
            List<StreamWriter.Part> both =
                    List.of(new StreamWriter.Part(0, lines("a")), new StreamWriter.Part(1, lines("b")));
            assertThat(writer.append(both, "c", "key", null)).containsOnly(new Conflict(last, 0));
            assertThat(writer.append(0, "c", "free", lines("x"))).isEqualTo(new Stored(FIRST, 0));
        }
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1)) {
            assertThat(writer.append(0, "c", "key", lines("a")))
                    .isEqualTo(new Repeated(new PartitionName("s", 0, 2), 0));
            assertThat(writer.append(0, "c", "key", lines("b")))
                    .isEqualTo(new Conflict(new PartitionName("s", 0, 2), 0));
        }
    }

    @Test
    void keysAreRememberedOverSeveralSegments() throws Exception {
        options = options.withSegmentBytes(1);
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1)) {
            for (int i = 0; i < 5; i++) {
                writer.append(0, "c", "key " + i, lines("" + i));
                clock.advance(Duration.ofMinutes(20));
            }
        }
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1)) {
            assertThat(writer.rememberedKeys())
                    .as("those of the last hour before")
                    .isEqualTo(4);
            assertThat(writer.append(0, "c", "key 1", lines("1"))).isEqualTo(new Repeated(FIRST, 2));
            assertThat(writer.append(0, "c", "key 0", lines("0"))).isEqualTo(new Stored(FIRST, 10));
        }
    }

    @Test
    void whatAnotherSlotTookBeforeTheStreamWasOpenedIsKnown() throws Exception {
        try (Log first = open();
                StreamWriter writer = first.writer("s", 1)) {
            writer.append(0, "c", "key", lines("a"));
            try (Log second = open();
                    StreamWriter other = second.writer("s", 1)) {
                assertThat(second.slot()).hasValue(1);
                assertThat(other.append(0, "c", "key", lines("a"))).isEqualTo(new Repeated(FIRST, 0));
            }
        }
    }

    @Test
    void whileTheFirstIsUnderWayTheOthersWaitForItsOutcome() throws Exception {
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1);
                ExecutorService threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            writer.append(0, "c", null, lines("0"));
            disk.hold();
            Callable<AppendResult> append = () -> writer.append(0, "c", "key", lines("x"));
            Future<AppendResult> first = threads.submit(append);
            disk.awaitHeld();
            List<Future<AppendResult>> others = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                others.add(threads.submit(append));
            }
            assertThat(writer.append(0, "c", "key", lines("x"), Duration.ofMillis(5)))
                    .isEqualTo(new AppendResult.Busy());
            disk.release();
            assertThat(first.get()).isEqualTo(new Stored(FIRST, 2));
            for (Future<AppendResult> other : others) {
                assertThat(other.get()).isEqualTo(new Repeated(FIRST, 2));
            }
            assertThat(all(log, FIRST)).containsExactly("0", "x");
        }
    }

    @Test
    void whenTheFirstFailsTheNextIsTheFirst() throws Exception {
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1);
                ExecutorService threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            writer.append(0, "c", null, lines("0"));
            disk.hold();
            disk.failNextForce(".ndjson");
            Callable<AppendResult> append = () -> writer.append(0, "c", "key", lines("x"));
            Future<AppendResult> first = threads.submit(append);
            disk.awaitHeld();
            Future<AppendResult> second = threads.submit(append);
            Future<AppendResult> third = threads.submit(append);
            disk.release();
            assertThatThrownBy(first::get).hasCauseInstanceOf(LogException.class);
            assertThat(List.of(second.get(), third.get()))
                    .containsExactlyInAnyOrder(new Stored(FIRST, 4), new Repeated(FIRST, 4));
            assertThat(all(log, FIRST)).containsExactly("0", "x");
        }
    }

    @Test
    void theOldestKeysAreForgottenEarlyBeyondTheBoundAndThatIsTold() throws Exception {
        options = options.withIdempotency(Duration.ofHours(1), 3);
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1)) {
            for (int i = 0; i < 5; i++) {
                writer.append(0, "c", "key " + i, lines("" + i));
            }
            assertThat(writer.rememberedKeys()).isEqualTo(3);
            assertThat(writer.forgottenKeys()).isEqualTo(2);
            assertThat(events.of(LogEvent.KeysForgotten.class)).containsExactly(new LogEvent.KeysForgotten("s", 1));
            assertThat(writer.append(0, "c", "key 2", lines("2"))).isInstanceOf(Repeated.class);
            assertThat(writer.append(0, "c", "key 1", lines("1"))).isInstanceOf(Stored.class);
        }
    }

    @Test
    void partsThatAreKnownAreNotStoredAgainAndAConflictStoresNothing() throws Exception {
        try (Log log = open();
                StreamWriter writer = log.writer("s", 3)) {
            StreamWriter.Part zero = new StreamWriter.Part(0, lines("zero"));
            StreamWriter.Part one = new StreamWriter.Part(1, lines("one"));
            StreamWriter.Part two = new StreamWriter.Part(2, lines("two"));
            PartitionName second = new PartitionName("s", 0, 1);
            writer.append(List.of(zero), "c", "key", null);
            assertThat(writer.append(List.of(one, zero), "c", "key", null))
                    .containsExactly(new Stored(second, 0), new Repeated(FIRST, 0));
            assertThat(writer.append(List.of(two, new StreamWriter.Part(1, lines("other"))), "c", "key", null))
                    .containsExactly(new Conflict(second, 0), new Conflict(second, 0));
            assertThat(all(log, new PartitionName("s", 0, 2))).isEmpty();
        }
    }
}
