package io.millrace.log;

import static io.millrace.log.Records.FIRST;
import static io.millrace.log.Records.append;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader has not read yet. */
class BacklogTest {

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void whatWaitsIsCountedWithItsAge() throws Exception {
        try (Log log = Log.openForWriting(folder, LogOptions.DEFAULTS, clock, event -> {});
                StreamWriter writer = log.writer("s", 1)) {
            Backlog backlog = log.backlog(FIRST);
            assertThat(backlog.after(0)).isEqualTo(new Backlog.Size(0, 0, null));

            append(writer, "{\"n\":1}", "{\"n\":2}");
            Instant first = clock.instant();
            clock.advance(Duration.ofSeconds(5));
            append(writer, "{\"n\":3}");
            assertThat(backlog.after(0)).isEqualTo(new Backlog.Size(24, 3, first));
            assertThat(backlog.after(16)).isEqualTo(new Backlog.Size(8, 1, first.plusSeconds(5)));
            assertThat(backlog.after(24)).isEqualTo(new Backlog.Size(0, 0, null));
        }
    }

    @Test
    void aReaderThatBeginsAnewIsCountedAnew() throws Exception {
        try (Log log = Log.openForWriting(folder, LogOptions.DEFAULTS, clock, event -> {});
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "{\"n\":1}");
            append(writer, "{\"n\":2}");
            Backlog backlog = log.backlog(FIRST);
            assertThat(backlog.after(16).records()).isZero();
            assertThat(backlog.after(8).records()).isEqualTo(1);
            assertThat(backlog.after(0).records()).isEqualTo(2);
        }
    }

    @Test
    void segmentsThatRetentionHasDroppedDoNotCount() throws Exception {
        LogOptions small = LogOptions.DEFAULTS.withSegmentBytes(20);
        try (Log log = Log.openForWriting(folder, small, clock, event -> {});
                StreamWriter writer = log.writer("s", 1)) {
            for (int i = 0; i < 10; i++) {
                append(writer, "{\"n\":" + i + "}");
            }
            Backlog backlog = log.backlog(FIRST);
            assertThat(backlog.after(0).records()).isEqualTo(10);
            assertThat(log.bytes(FIRST)).isEqualTo(10 * (8 + IndexEntry.BYTES));
            clock.advance(Duration.ofDays(2));
            append(writer, "{\"n\":10}");
            assertThat(log.retain(new Retention(Duration.ofDays(1), Long.MAX_VALUE), Map.of()))
                    .isNotEmpty();
            assertThat(backlog.after(0).records()).isLessThan(11).isGreaterThan(0);
            assertThat(backlog.after(89)).isEqualTo(new Backlog.Size(0, 0, null));
        }
    }

    /** Whatever is appended and however far the reader comes in between, the count is what it would be from nothing. */
    @Property(tries = 30)
    void countingOnIsCountingAnew(@ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 9) Integer> appends)
            throws Exception {
        Path own = Folders.create();
        LogOptions small = LogOptions.DEFAULTS.withSegmentBytes(60);
        try (Log log = Log.openForWriting(own, small, InstantSource.system(), event -> {});
                StreamWriter writer = log.writer("s", 1)) {
            Backlog kept = log.backlog(FIRST);
            List<Long> ends = new ArrayList<>(List.of(0L));
            List<Integer> counts = new ArrayList<>();
            int read = 0;
            for (int records : appends) {
                String[] lines = new String[records];
                java.util.Arrays.fill(lines, "{}");
                ends.add(append(writer, lines) + 3L * records);
                counts.add(records);
                read = Math.min(counts.size(), read + records % 3);
                long position = ends.get(read);
                long expected = counts.subList(read, counts.size()).stream()
                        .mapToLong(Integer::longValue)
                        .sum();
                assertThat(kept.after(position).records()).isEqualTo(expected);
                assertThat(kept.after(position).bytes()).isEqualTo(3 * expected);
                assertThat(log.backlog(FIRST).after(position)).isEqualTo(kept.after(position));
            }
        } finally {
            Folders.delete(own);
        }
    }
}
