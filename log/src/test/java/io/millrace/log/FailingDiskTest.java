package io.millrace.log;

import static io.millrace.log.Records.FIRST;
import static io.millrace.log.Records.all;
import static io.millrace.log.Records.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailingDiskTest {
    @TempDir
    Path folder;

    private final BrakedDisk disk = new BrakedDisk();
    private final Events events = new Events();
    private Log log;
    private StreamWriter writer;

    @BeforeEach
    void open() throws Exception {
        log = Log.openForWriting(folder, LogOptions.DEFAULTS, InstantSource.system(), events, disk);
        writer = log.writer("s", 1);
        append(writer, "first");
    }

    @AfterEach
    void close() throws Exception {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {".ndjson", ".index"})
    void afterAFailedForceNothingIsAppendedToThatSegmentAndNoOffsetIsUsedAgain(String file) throws Exception {
        disk.failForce(file);
        assertThatThrownBy(() -> append(writer, "lost"))
                .isInstanceOf(LogException.class)
                .isNotInstanceOf(LogFullException.class)
                .hasMessageContaining("nothing was stored");
        disk.failForce(null);
        assertThat(append(writer, "second")).isEqualTo(6 + 5);
        assertThat(log.describe(FIRST).segments())
                .extracting(SegmentInfo::start)
                .containsExactly(0L, 11L);
        assertThat(all(log, FIRST)).containsExactly("first", "second");
        assertThat(log.verify(FIRST).damages()).isEmpty();
        assertThat(events.of(LogEvent.WriteFailed.class)).singleElement().satisfies(failed -> {
            assertThat(failed.partition()).isEqualTo(FIRST);
            assertThat(failed.repaired()).isFalse();
        });
        // The same for a process that opens the log afterwards, and for one that only reads.
        log.close();
        open();
        try (Log reading = Log.openForReading(folder, LogOptions.DEFAULTS, InstantSource.system())) {
            assertThat(all(reading, FIRST)).containsExactly("first", "second", "first");
        }
    }

    @Test
    void aReaderThatFollowsGoesOnAfterAFailedForce() throws Exception {
        try (PartitionReader reader = log.reader(FIRST, new Start.Latest());
                Log reading = Log.openForReading(folder, LogOptions.DEFAULTS, InstantSource.system());
                PartitionReader other = reading.reader(FIRST, new Start.Latest())) {
            disk.failForce(".ndjson");
            assertThatThrownBy(() -> append(writer, "lost")).isInstanceOf(LogException.class);
            disk.failForce(null);
            assertThat(Records.rest(other, 100)).isEmpty();
            append(writer, "second");
            append(writer, "third");
            assertThat(Records.rest(reader, 100)).containsExactly("second", "third");
            // It can't tell where the new segment begins, and looks at all names once in a while.
            Stretch found = (Stretch) other.next(100, Duration.ofSeconds(30));
            assertThat(Records.lines(found)).containsExactly("second", "third");
        }
    }

    @Test
    void asLongAsWhatIsWrongCantBeCutOffEveryAppendIsRefused() throws Exception {
        disk.failForce(".index");
        disk.failTruncate(".index");
        assertThatThrownBy(() -> append(writer, "lost")).isInstanceOf(LogException.class);
        disk.failForce(null);
        assertThatThrownBy(() -> append(writer, "refused"))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("Input/output error");
        disk.failTruncate(null);
        append(writer, "second");
        assertThat(all(log, FIRST)).containsExactly("first", "second");
        assertThat(log.verify(FIRST).damages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aFullDiskAtTheDataIsToldAndCutOffAndTheSegmentGoesOn(int written) throws Exception {
        disk.failWrite(".ndjson", written);
        assertThatThrownBy(() -> append(writer, "does not fit"))
                .isInstanceOf(LogFullException.class)
                .hasMessageContaining("No space left");
        assertThat(Files.readString(Records.data(folder, FIRST, 0))).isEqualTo("first\n");
        disk.failWrite(null, 0);
        assertThat(append(writer, "second")).isEqualTo(6);
        assertThat(all(log, FIRST)).containsExactly("first", "second");
        assertThat(events.of(LogEvent.WriteFailed.class))
                .singleElement()
                .extracting(LogEvent.WriteFailed::repaired)
                .isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63})
    void aFullDiskAtTheIndexIsToldAndCutOffAndLeavesNoEmptySegmentsBehind(int written) throws Exception {
        disk.failWrite(".index", written);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> append(writer, "does not fit")).isInstanceOf(LogFullException.class);
        }
        disk.failWrite(null, 0);
        append(writer, "second");
        append(writer, "third");
        assertThat(all(log, FIRST)).containsExactly("first", "second", "third");
        assertThat(log.verify(FIRST).damages()).isEmpty();
        assertThat(log.describe(FIRST).segments()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void theNameOfANewClientThatDoesNotFitIsToldAndComesAgain() throws Exception {
        disk.failWrite(".clients", 4);
        assertThatThrownBy(() -> writer.append(0, "new", null, Records.lines("x")))
                .isInstanceOf(LogFullException.class);
        disk.failWrite(null, 0);
        writer.append(0, "new", null, Records.lines("x"));
        try (PartitionReader reader = log.reader(FIRST, new Start.At(6))) {
            Stretch stretch = (Stretch) reader.next(100, Duration.ZERO);
            assertThat(stretch.client(0)).isEqualTo("new");
        }
    }

    @Test
    void aKeyWhoseAppendFailedIsFreeAgain() throws Exception {
        disk.failWrite(".ndjson", 0);
        assertThatThrownBy(() -> writer.append(0, "c", "key", Records.lines("x")))
                .isInstanceOf(LogFullException.class);
        disk.failWrite(null, 0);
        assertThat(writer.append(0, "c", "key", Records.lines("other bytes"))).isInstanceOf(AppendResult.Stored.class);
    }
}
