package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.PartitionName;
import io.millrace.server.Needs.Need;
import io.millrace.server.ops.Notice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries of two processes, with a clock that is set. */
class NeedsTest {

    private static final PartitionName FIRST = new PartitionName("events", 0, 0);
    private static final PartitionName SECOND = new PartitionName("events", 1, 0);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private final List<Notice> notices = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");

    @SuppressWarnings("NullAway.Init") // set before each test
    private Needs one;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Needs two;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path file;

    @BeforeEach
    void open() throws IOException {
        one = new Needs(folder, 0, () -> now, notices::add);
        two = new Needs(folder, 1, () -> now, notices::add);
        file = Files.writeString(folder.resolve("p.yaml"), "");
    }

    private Need need(String id, long read) {
        return new Need(id, "p", file, "events", Map.of("0-0", read));
    }

    @Test
    void whatOneLeavesTheOtherSeesAndAPartitionThatIsNotNamedIsNeededWhole() throws Exception {
        one.leave(List.of(need("p-1", 7)));

        assertThat(one.others(List.of(need("p-1", 7)))).isEmpty();
        assertThat(two.others(List.of())).singleElement().satisfies(need -> {
            assertThat(need.of(FIRST)).isEqualTo(7);
            assertThat(need.of(SECOND)).isZero();
            assertThat(need.of(new PartitionName("orders", 0, 0))).isEqualTo(Long.MAX_VALUE);
        });
    }

    @Test
    void anEntryGoesWhenItsFileIsMissingTwiceAndNobodyWritesItAnyMore() throws Exception {
        one.leave(List.of(need("p-1", 7)));
        Files.delete(file);
        assertThat(two.others(List.of())).hasSize(1);
        assertThat(two.others(List.of())).as("somebody runs it").hasSize(1);

        now = now.plus(Needs.GONE);
        assertThat(two.others(List.of())).hasSize(1);
        Files.writeString(file, "");
        assertThat(two.others(List.of())).as("an editor has written it anew").hasSize(1);
        Files.delete(file);
        assertThat(two.others(List.of())).hasSize(1);
        assertThat(two.others(List.of())).isEmpty();
    }

    @Test
    void anEntryWhoseFileIsThereStaysForEverAndIsToldOnce() throws Exception {
        one.leave(List.of(need("p-1", 7)));
        for (int day = 0; day < 30; day++) {
            now = now.plus(Duration.ofDays(1));
            assertThat(two.others(List.of())).hasSize(1);
        }
        assertThat(notices)
                .singleElement()
                .satisfies(notice -> assertThat(notice.message())
                        .contains(
                                file.toString(),
                                folder.resolve(".readers/p-1.json").toString()));
    }

    @Test
    void aFileThatSaysSomethingElseNowHasOneEntry() throws Exception {
        one.leave(List.of(need("p-1", 7)));
        one.leave(List.of(need("p-2", 0)));

        assertThat(two.others(List.of())).extracting(Need::id).containsExactly("p-2");
    }

    @Test
    void aFileThatCouldNotBeUsedBeforeARestartHoldsNothingWhenItRuns() throws Exception {
        one.leave(List.of(Need.unknown(file)));
        assertThat(two.others(List.of()))
                .singleElement()
                .satisfies(need -> assertThat(need.of(FIRST)).isZero());

        now = now.plus(Needs.GONE);
        two.leave(List.of(need("p-1", 7)));
        assertThat(two.others(List.of(need("p-1", 7)))).isEmpty();
    }
}
