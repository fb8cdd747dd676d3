package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Column;
import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Source;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.api.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What every source promises: each record is read once, whatever the batch after which reading stopped and went on from
 * the committed offset. A connector's test extends this and tells how to put records where its source finds them.
 */
public abstract class SourceContract {

    /** The one field of every record. */
    protected static final Projection NUMBER =
            new Projection(List.of(new Projection.Field(List.of("n"), Type.BIGINT, false, false)));

    /** Adds records {@code {"n": N}} to what there is. */
    protected abstract void add(List<Long> numbers) throws Exception;

    /** Opens the source on what there is. */
    protected abstract Source open() throws Exception;

    @Test
    void everyRecordIsReadOnce() throws Exception {
        add(numbers(0, 10_000));
        assertThat(readAll(new HashMap<>(), Integer.MAX_VALUE)).containsExactlyInAnyOrderElementsOf(numbers(0, 10_000));
    }

    @Test
    void readingGoesOnAfterAnyBatchWithoutAGapOrARepeat() throws Exception {
        add(numbers(0, 20_000));
        Map<String, Offset> progress = new HashMap<>();
        List<Long> seen = new ArrayList<>();
        List<Long> part;
        do {
            part = readAll(progress, 1);
            seen.addAll(part);
        } while (!part.isEmpty());
        assertThat(seen).containsExactlyInAnyOrderElementsOf(numbers(0, 20_000));
    }

    @Test
    void whatIsReadIsNotReadAgainAndWhatCameLaterIs() throws Exception {
        Map<String, Offset> progress = new HashMap<>();
        add(numbers(0, 100));
        assertThat(readAll(progress, Integer.MAX_VALUE)).hasSize(100);
        assertThat(readAll(progress, Integer.MAX_VALUE)).isEmpty();
        add(numbers(100, 150));
        assertThat(readAll(progress, Integer.MAX_VALUE)).containsExactlyInAnyOrderElementsOf(numbers(100, 150));
    }

    @Test
    void theBytesAndThePlaceOfARowAreKnown() throws Exception {
        add(numbers(0, 10));
        try (Source source = open()) {
            Split split = source.splits(Map.of()).getFirst();
            try (SplitReader reader = source.open(split, null, NUMBER)) {
                RecordBatch batch = Objects.requireNonNull(reader.next());
                assertThat(new String(batch.origin().raw(0), java.nio.charset.StandardCharsets.UTF_8))
                        .contains("0");
                assertThat(batch.origin().position(0))
                        .isNotEqualTo(batch.origin().position(1));
            }
        }
    }

    /** Reads at most so many batches, moving the progress on as a commit after each would. */
    private List<Long> readAll(Map<String, Offset> progress, int batches) throws Exception {
        List<Long> seen = new ArrayList<>();
        int left = batches;
        try (Source source = open()) {
            for (Split split : source.splits(Map.copyOf(progress))) {
                try (SplitReader reader = source.open(split, progress.get(split.id()), NUMBER)) {
                    RecordBatch batch;
                    while (left > 0 && (batch = reader.next()) != null) {
                        left--;
                        assertThat(batch.rejected()).isEmpty();
                        Column.Longs column = (Column.Longs) batch.rows().column(0);
                        for (int row = 0; row < column.size(); row++) {
                            seen.add(column.values()[row]);
                        }
                        progress.put(split.id(), batch.end());
                    }
                }
            }
        }
        return seen;
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }
}
