package io.millrace.connectors.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Commit;
import io.millrace.api.Offset;
import io.millrace.api.RecordIndex;
import io.millrace.api.Sink;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What the ledger says was received against what a source has. */
final class SourceCountTest {

    private static final TestServer.Database DATABASE = TestServer.Database.create();

    private static final TableShape SHAPE =
            new TableShape(List.of(new Col("n", Type.BIGINT, true, Merge.VALUE)), List.of(), Mode.APPEND, null);

    /** A source whose offsets count its records. */
    private record Numbered(boolean fromTheBeginning, long first, long lost, boolean sound) implements RecordIndex {
        @Override
        public boolean knows(String split) {
            return split.equals("s");
        }

        @Override
        public boolean reaches(String split, @Nullable Offset from) {
            return from == null ? fromTheBeginning && first == 0 : number(from) >= first;
        }

        @Override
        public OptionalLong records(String split, @Nullable Offset from, Offset to) {
            return OptionalLong.of(number(to) - (from == null ? 0 : number(from)) - lost);
        }

        @Override
        public boolean sound(String split, @Nullable Offset from, Offset to) {
            return sound;
        }

        private static long number(Offset offset) {
            return Long.parseLong(offset.text());
        }
    }

    @AfterAll
    static void drop() {
        DATABASE.drop();
    }

    private static void receive(Sink sink, String split, @Nullable Integer from, int to) throws Exception {
        long records = (long) to - (from == null ? 0 : from);
        sink.commit(new Commit(
                "run",
                List.of(sink.stage(SHAPE)),
                List.of(new Commit.Move(
                        split,
                        from == null ? null : new Offset(from.toString()),
                        new Offset(Integer.toString(to)),
                        new Commit.Counts(records, 0, records, 0),
                        List.of()))));
    }

    @Test
    void whatWasReceivedIsComparedWithWhatIsStillThere() throws Exception {
        try (PostgresDestination destination = PostgresDestination.open(DATABASE.environment(), TestServer.HOME);
                Sink sink = Pipeline.open(DATABASE.url(), "p", "t")) {
            sink.prepare(SHAPE);
            receive(sink, "s", null, 10);
            receive(sink, "s", 10, 15);
            receive(sink, "s", 15, 40);
            receive(sink, "other", null, 3);

            List<SourceCount> counts = SourceCount.of(destination, "p", new Numbered(true, 0, 0, true));
            assertThat(counts.getFirst())
                    .isInstanceOfSatisfying(
                            SourceCount.NotCompared.class,
                            other -> assertThat(other.why()).contains("none of the pipeline's source"));
            assertThat(counts.get(1)).isEqualTo(new SourceCount.Compared("s", null, new Offset("40"), 40, 40));

            // The beginning is not known, or gone: what came after is compared.
            assertThat(SourceCount.of(destination, "p", new Numbered(false, 0, 0, true)))
                    .contains(new SourceCount.Compared("s", new Offset("10"), new Offset("40"), 30, 30));
            assertThat(SourceCount.of(destination, "p", new Numbered(true, 12, 0, true)))
                    .contains(new SourceCount.Compared("s", new Offset("15"), new Offset("40"), 25, 25));
            assertThat(why(destination, new Numbered(true, 20, 0, true))).contains("gone from the log");

            // What differs is a fault, unless nobody can know what was there.
            assertThat(SourceCount.of(destination, "p", new Numbered(true, 0, 1, true)))
                    .contains(new SourceCount.Compared("s", null, new Offset("40"), 40, 39));
            assertThat(why(destination, new Numbered(true, 0, 1, false))).contains("damaged");
        }
    }

    private static String why(PostgresDestination destination, RecordIndex index) throws Exception {
        return ((SourceCount.NotCompared)
                        SourceCount.of(destination, "p", index).get(1))
                .why();
    }
}
