package io.millrace.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Commit;
import io.millrace.api.Commit.Account;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Commit.Move;
import io.millrace.api.Offset;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.Schema;
import io.millrace.api.Sink;
import io.millrace.api.Type;
import io.millrace.sql.exec.Aggregator;
import io.millrace.testkit.Rows;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SuspectsTest {

    /** Three records, of which the second has no row and the first has two, of the same key. */
    private static final int[] PARENTS = {0, 0, 2};

    private static final RecordBatch.Origin ORIGIN = new RecordBatch.Origin() {
        @Override
        public String position(int row) {
            return "at" + row;
        }

        @Override
        public byte[] raw(int row) {
            return new byte[] {(byte) row};
        }
    };

    private final Sink.Staging every =
            new MemorySink(new MemorySink.Server(), "p", "t").stage(RefusedRowsTest.EVERY_SHAPE);

    @Test
    void theRowsOfARecordAreOneSuspect() {
        Suspects suspects = new Suspects(every, null);
        suspects.add(screened(rows(RefusedRowsTest.EVERY_SHAPE.schema(), "u", "u", "u"), PARENTS), "a");
        suspects.add(screened(rows(RefusedRowsTest.EVERY_SHAPE.schema(), "v"), null), "b");
        assertThat(firstRows(suspects)).containsExactly(0, 2, 3, 4);
    }

    @Test
    void aRowWithAWeightIsAsOftenThereAsItSays() {
        Batch plain = rows(RefusedRowsTest.EVERY_SHAPE.schema(), "u", "u", "u");
        Batch weighted = new Batch(plain.schema(), plain.columns(), plain.rows(), new int[] {1, 1, 1});
        Suspects suspects = new Suspects(every, null);
        suspects.add(screened(weighted, PARENTS), "a");
        assertThat(firstRows(suspects)).containsExactly(0, 2, 3);
    }

    @Test
    void whatIsAddedUpIsAddedUpWithinARecord() {
        Sink.Staging staging = new MemorySink(new MemorySink.Server(), "p", "t").stage(RunTest.SHAPE);
        Suspects suspects = new Suspects(staging, new Aggregator(RunTest.TOTALS));
        // As the query gives them: the key, what is summed, what is counted.
        Schema terms = new Schema(List.of(
                new Schema.Field("user", Type.VARCHAR, false),
                new Schema.Field("n", Type.BIGINT, false),
                new Schema.Field("one", Type.BIGINT, false)));
        Column user = Rows.column(Type.VARCHAR, "u", "u", "u");
        Column n = Rows.column(Type.BIGINT, 1L, 2L, 3L);
        Batch three = new Batch(terms, new Column[] {user, n, n}, 3, null);
        suspects.add(screened(three, PARENTS), "a");
        assertThat(firstRows(suspects)).containsExactly(0, 1, 2);
    }

    @Test
    void aRefusedRecordIsQuarantinedInItsOwnSplit() {
        Suspects suspects = new Suspects(every, null);
        suspects.add(screened(rows(RefusedRowsTest.EVERY_SHAPE.schema(), "u", "u", "u"), PARENTS), "a");
        suspects.add(screened(rows(RefusedRowsTest.EVERY_SHAPE.schema(), "v"), null), "b");
        Account all = new Account(List.of(move("a", 3, 2), move("b", 1, 1)), List.of());
        Suspects.Sifted sifted = Objects.requireNonNull(suspects.sifted(all));

        Account account = sifted.without(
                List.of(new Commit.Refused(0, "c", "n", "is refused"), new Commit.Refused(2, "c", "n", "is refused")));

        assertThat(sifted.refusedRows()).isEqualTo(3);
        assertThat(account.moves())
                .extracting(Move::counts)
                .containsExactly(new Counts(3, 1, 1, 1), new Counts(1, 0, 0, 1));
        assertThat(account.moves().getFirst().rejected())
                .extracting(Rejection::position)
                .containsExactly("at0");
        assertThat(account.moves().getLast().rejected())
                .extracting(Rejection::stage)
                .containsExactly(Rejection.Stage.LOAD);
    }

    private static Move move(String split, long received, long loaded) {
        return new Move(split, null, new Offset("9"), new Counts(received, loaded, received - loaded, 0), List.of());
    }

    private static List<Integer> firstRows(Suspects suspects) {
        Commit.Sifting sifted = Objects.requireNonNull(suspects.sifted(new Account(List.of(), List.of())));
        return IntStream.rangeClosed(0, sifted.records())
                .mapToObj(sifted::firstRow)
                .toList();
    }

    private static Batch rows(Schema schema, String... users) {
        Object[] numbers =
                IntStream.range(0, users.length).mapToObj(i -> (long) i).toArray();
        return new Batch(
                schema,
                new Column[] {Rows.column(Type.VARCHAR, (Object[]) users), Rows.column(Type.BIGINT, numbers)},
                users.length,
                null);
    }

    private static Screening.Screened screened(Batch rows, int @Nullable [] parents) {
        return new Screening.Screened(
                new RecordRows(rows, parents), rows.rows(), ORIGIN, new BitSet(), Counts.NONE, List.of());
    }
}
