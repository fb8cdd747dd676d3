package io.millrace.log;

import static io.millrace.log.Records.FIRST;
import static io.millrace.log.Records.append;
import static io.millrace.log.Records.flip;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many records lie between two offsets. */
class RecordCountTest {

    private static final String RECORD = "{\"n\":1}";

    private static final int RECORD_BYTES = RECORD.length() + 1;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    private Log log(int segmentBytes) throws Exception {
        return Log.openForWriting(folder, LogOptions.DEFAULTS.withSegmentBytes(segmentBytes), clock, new Events());
    }

    /** Between any two records, whether they begin a chunk or a segment or lie inside of one. */
    @Property(tries = 30)
    void recordsAreCountedBetweenAnyTwoOfThem(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 6) Integer> appends) throws Exception {
        Path own = Folders.create();
        LogOptions small = LogOptions.DEFAULTS.withSegmentBytes(60);
        try (Log log = Log.openForWriting(own, small, InstantSource.system(), event -> {});
                StreamWriter writer = log.writer("s", 1)) {
            int records = 0;
            for (int append : appends) {
                append(writer, Stream.generate(() -> RECORD).limit(append).toArray(String[]::new));
                records += append;
            }
            for (int from = 0; from <= records; from++) {
                for (int to = from; to <= records; to++) {
                    assertThat(log.records(FIRST, (long) from * RECORD_BYTES, (long) to * RECORD_BYTES))
                            .hasValue(to - from);
                }
            }
            assertThat(log.records(FIRST, 0, (records + 1L) * RECORD_BYTES)).isEmpty();
            assertThat(log.records(FIRST, RECORD_BYTES, 0)).isEmpty();
        } finally {
            Folders.delete(own);
        }
    }

    @Test
    void whatIsGoneIsNotCounted() throws Exception {
        try (Log log = log(20);
                StreamWriter writer = log.writer("s", 1)) {
            assertThat(log.first(FIRST)).isZero();
            assertThat(log.records(FIRST, 0, 0)).hasValue(0);
            for (int i = 0; i < 10; i++) {
                append(writer, RECORD);
            }
            clock.advance(Duration.ofDays(2));
            append(writer, RECORD);
            log.retain(new Retention(Duration.ofDays(1), Long.MAX_VALUE), Map.of());
            long first = log.first(FIRST);
            long end = 11L * RECORD_BYTES;
            assertThat(first).isPositive();
            assertThat(log.records(FIRST, 0, end)).isEmpty();
            assertThat(log.records(FIRST, first, end)).hasValue((end - first) / RECORD_BYTES);
        }
    }

    @Test
    void whatADamagedIndexTellsIsNotCounted() throws Exception {
        try (Log log = log(1000);
                StreamWriter writer = log.writer("s", 1)) {
            for (int i = 0; i < 3; i++) {
                append(writer, RECORD);
            }
        }
        flip(Records.index(folder, FIRST, 0), IndexEntry.BYTES + 10);
        try (Log log = log(1000)) {
            List<OptionalLong> counts = new ArrayList<>();
            for (int from = 0; from < 3; from++) {
                counts.add(log.records(FIRST, (long) from * RECORD_BYTES, 3L * RECORD_BYTES));
            }
            assertThat(counts).containsExactly(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(1));
        }
    }
}
