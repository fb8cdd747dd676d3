package io.millrace.log;

import static io.millrace.log.Records.FIRST;
import static io.millrace.log.Records.all;
import static io.millrace.log.Records.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.log.Retention.Dropped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final Retention TWO_MINUTES = new Retention(Duration.ofMinutes(2), Long.MAX_VALUE);
    private static final int SEGMENT = 4 + IndexEntry.BYTES;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private Log log;
    private StreamWriter writer;

    /** Segments at 0, 4, 8, 12 and 16, a minute apart. */
    @BeforeEach
    void write() throws Exception {
        log = Log.openForWriting(folder, LogOptions.DEFAULTS.withSegmentBytes(1), clock, new Events());
        writer = log.writer("s", 1);
        for (String record : List.of("aaa", "bbb", "ccc", "ddd", "eee")) {
            append(writer, record);
            clock.advance(Duration.ofMinutes(1));
        }
    }

    @AfterEach
    void close() throws Exception {
        log.close();
    }

    @Test
    void dropsSegmentsWhoseLastChunkIsTooOld() throws Exception {
        assertThat(log.retain(TWO_MINUTES, Map.of()))
                .containsExactly(new Dropped(FIRST, 0, 12, 3 * SEGMENT, OptionalLong.empty()));
        assertThat(all(log, FIRST)).containsExactly("ddd", "eee");
        assertThat(log.retain(TWO_MINUTES, Map.of())).isEmpty();
    }

    @Test
    void ageNeverDropsWhatAReaderStillNeeds() throws Exception {
        assertThat(log.retain(TWO_MINUTES, Map.of(FIRST, 6L)))
                .containsExactly(new Dropped(FIRST, 0, 4, SEGMENT, OptionalLong.empty()));
        assertThat(all(log, FIRST)).containsExactly("bbb", "ccc", "ddd", "eee");
    }

    @Test
    void sizeDropsWhatIsNeededAndSaysSo() throws Exception {
        Retention small = new Retention(Duration.ofDays(1), 2 * SEGMENT);
        assertThat(log.retain(small, Map.of(FIRST, 6L)))
                .containsExactly(new Dropped(FIRST, 0, 12, 3 * SEGMENT, OptionalLong.of(6)));
    }

    @Test
    void theSegmentThatIsWrittenIsNeverDroppedButEndedWhenItIsOldAndDroppedNextTime() throws Exception {
        clock.advance(Duration.ofDays(1));
        log.retain(new Retention(Duration.ofMinutes(1), 0), Map.of());
        assertThat(all(log, FIRST)).containsExactly("eee");
        await().until(() -> Files.exists(Records.data(folder, FIRST, 20)));
        assertThat(log.retain(TWO_MINUTES, Map.of()))
                .containsExactly(new Dropped(FIRST, 16, 20, SEGMENT, OptionalLong.empty()));
        assertThat(all(log, FIRST)).isEmpty();
        assertThat(append(writer, "fff")).isEqualTo(20);
        assertThat(all(log, FIRST)).containsExactly("fff");
    }

    @Test
    void offsetsGoOnAfterAllThatWasWrittenIsDroppedAndTheLogIsOpenedAgain() throws Exception {
        clock.advance(Duration.ofDays(1));
        log.retain(TWO_MINUTES, Map.of());
        await().until(() -> Files.exists(Records.data(folder, FIRST, 20)));
        log.retain(TWO_MINUTES, Map.of());
        log.close();
        log = Log.openForWriting(folder, LogOptions.DEFAULTS, clock, new Events());
        writer = log.writer("s", 1);
        assertThat(append(writer, "fff")).isEqualTo(20);
        assertThat(all(log, FIRST, new Start.At(20), 10)).containsExactly("fff");
    }

    @Test
    void aReaderAtAnOffsetThatIsGoneIsToldAndGoesOnWithTheFirstThereIs() throws Exception {
        try (PartitionReader slow = log.reader(FIRST, new Start.Earliest())) {
            assertThat(slow.next(1, Duration.ZERO)).isInstanceOf(Stretch.class);
            log.retain(TWO_MINUTES, Map.of());
            assertThat(Records.rest(slow, 10)).containsExactly("?4-12", "ddd", "eee");
        }
        assertThat(all(log, FIRST, new Start.At(8), 10)).containsExactly("?8-12", "ddd", "eee");
        assertThat(log.verify(FIRST).records()).isEqualTo(2);
    }
}
