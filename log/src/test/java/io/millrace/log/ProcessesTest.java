package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one log, and processes that are killed. */
class ProcessesTest {
    @TempDir
    Path folder;

    private Log reading() throws Exception {
        return Log.openForReading(folder, LogOptions.DEFAULTS, InstantSource.system());
    }

    private List<String> everything() throws Exception {
        List<String> found = new ArrayList<>();
        try (Log log = reading()) {
            for (PartitionName partition : log.partitions("s")) {
                found.addAll(Records.all(log, partition));
                assertThat(log.verify(partition).damages()).isEmpty();
            }
        }
        return found;
    }

    /** Every record once, and those of each thread in order. */
    private static void assertHolds(List<String> found, Set<String> acknowledged) {
        assertThat(found).doesNotHaveDuplicates();
        assertThat(new HashSet<>(found)).containsAll(acknowledged);
        Map<String, Integer> next = new HashMap<>();
        for (String record : found) {
            int space = record.lastIndexOf(' ');
            int number = Integer.parseInt(record.substring(space + 1));
            assertThat(number).isEqualTo(next.getOrDefault(record.substring(0, space), 0));
            next.put(record.substring(0, space), number + 1);
        }
    }

    @Test
    void whateverAProcessAcknowledgedBeforeItWasKilledIsThere() throws Exception {
        Random random = new Random(42);
        Set<String> acknowledged = new HashSet<>();
        for (int round = 0; round < 8; round++) {
            try (Child child = new Child(folder, "round " + round)) {
                assertThat(child.slot())
                        .as("the killed process holds it no more")
                        .isZero();
                child.awaitAcknowledgements(1 + random.nextInt(3000));
                acknowledged.addAll(child.kill());
            }
            // What nobody has opened for writing again is there too.
            assertHolds(everything(), acknowledged);
        }
        assertThat(acknowledged).hasSizeGreaterThan(1000);
    }

    @Test
    void eachProcessWritesToItsSlotAndAllReadAll() throws Exception {
        Set<String> acknowledged = new HashSet<>();
        try (Child first = new Child(folder, "first");
                Child second = new Child(folder, "second")) {
            assertThat(List.of(first.slot(), second.slot())).containsExactly(0, 1);
            try (Log log = reading()) {
                assertThat(log.mayGrow(new PartitionName("s", 1, 0))).isTrue();
                assertThat(log.mayGrow(new PartitionName("s", 2, 0))).isFalse();
            }
            first.awaitAcknowledgements(200);
            second.awaitAcknowledgements(200);
            try (Log log = reading()) {
                assertThat(log.streams()).containsExactly("s");
                assertThat(log.partitions("s"))
                        .containsExactly(
                                new PartitionName("s", 0, 0),
                                new PartitionName("s", 0, 1),
                                new PartitionName("s", 1, 0),
                                new PartitionName("s", 1, 1));
                for (PartitionName partition : log.partitions("s")) {
                    assertThat(log.describe(partition).records()).isPositive();
                    assertThat(log.verify(partition).damages()).isEmpty();
                }
            }
            acknowledged.addAll(first.kill());
            try (Log log = reading()) {
                assertThat(log.mayGrow(new PartitionName("s", 0, 0)))
                        .as("its process is gone")
                        .isFalse();
            }
            try (Child third = new Child(folder, "third")) {
                assertThat(third.slot()).isZero();
                third.awaitAcknowledgements(200);
                acknowledged.addAll(third.kill());
            }
            second.awaitAcknowledgements(200);
            acknowledged.addAll(second.kill());
        }
        assertHolds(everything(), acknowledged);
    }

    @Test
    void twoLogsInOneProcessHaveSlotsOfTheirOwnThatAreFreeAfterwards() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (Log first = Log.openForWriting(folder, LogOptions.DEFAULTS, InstantSource.system(), new Events());
                    Log second =
                            Log.openForWriting(folder, LogOptions.DEFAULTS, InstantSource.system(), new Events())) {
                assertThat(first.slot()).hasValue(0);
                assertThat(second.slot()).hasValue(1);
                assertThat(first.id()).isEqualTo(second.id());
                // The lock of the first must have survived that the second looked for a free slot.
                try (Child child = new Child(folder, "child " + i)) {
                    assertThat(child.slot()).isEqualTo(2);
                }
            }
        }
    }

    @Test
    void aFolderWithoutALogIsNotRead(@TempDir Path empty) {
        assertThat(Log.isLog(empty)).isFalse();
        assertThatThrownBy(() -> Log.openForReading(empty, LogOptions.DEFAULTS, InstantSource.system()))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("no event log");
    }

    @Test
    void aLogOpenForReadingWritesNothing() throws Exception {
        try (Log log = Log.openForWriting(folder, LogOptions.DEFAULTS, InstantSource.system(), new Events())) {
            assertThat(log.partitions("none")).isEmpty();
            assertThatThrownBy(() -> log.writer("../s", 1)).isInstanceOf(IllegalArgumentException.class);
        }
        try (Log log = reading()) {
            assertThat(log.slot()).isEmpty();
            assertThatThrownBy(() -> log.writer("s", 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("reading only");
        }
        String[] files = folder.toFile().list();
        assertThat(files).isNotNull();
        assertThat(Arrays.asList(files)).containsExactlyInAnyOrder("log.id", ".slots");
    }
}
