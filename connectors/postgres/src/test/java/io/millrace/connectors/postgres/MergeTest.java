package io.millrace.connectors.postgres;

import static io.millrace.connectors.postgres.Rows.batch;
import static io.millrace.connectors.postgres.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Batch;
import io.millrace.api.Commit;
import io.millrace.api.Offset;
import io.millrace.api.Sink;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MergeTest {

    private static final TestServer.Database DATABASE = TestServer.Database.create();

    private static final TableShape REVENUE = new TableShape(
            List.of(
                    new Col("user_id", Type.VARCHAR, false, Merge.KEY),
                    new Col("revenue", Type.decimal(38, 2), true, Merge.ADD),
                    new Col("events", Type.BIGINT, false, Merge.ADD),
                    new Col("least", Type.VARCHAR, true, Merge.MIN),
                    new Col("most", Type.BIGINT, true, Merge.MAX)),
            List.of(new TableShape.Average("mean", Type.decimal(38, 6), 1, 2)),
            Mode.MERGE,
            null);

    @AfterAll
    static void drop() {
        DATABASE.drop();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void partialsOfOneKeyAreMergedWithinACommitAndWithWhatIsThere(boolean copied) throws Exception {
        String table = "totals_" + copied;
        try (Pipeline pipeline = Pipeline.into(DATABASE, table, REVENUE, copied)) {
            pipeline.commit(
                    batch(REVENUE, row("a", 100, 1, "x", 5), row("b", 250, 2, null, null)),
                    batch(REVENUE, row("a", 1, 1, "B", null), row("ä", null, 1, "z", 1)));
            pipeline.commit(
                    batch(REVENUE, row("a", -102, 3, "y", 9), row("ä", null, 0, null, 2), row("c", 7, 1, null, 0)));

            assertThat(DATABASE.rows("SELECT user_id, revenue, events, \"least\", most, mean FROM " + table
                            + " ORDER BY user_id COLLATE \"C\""))
                    .containsExactly(
                            "a|-0.01|5|B|9|-0.002000",
                            "b|2.50|2|null|null|1.250000",
                            "c|0.07|1|null|0|0.070000",
                            "ä|null|1|z|2|null");
        }
    }

    @Test
    void largeCommitsGiveTheSameWhetherTheTableIsEmptyOrNotAndWhetherKeysRepeatOrNot() throws Exception {
        int keys = 20_000;
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            rows.add(List.of("user" + i, i, 1, "m" + i % 7, i));
        }
        Batch once = batch(REVENUE, rows);
        for (boolean repeated : List.of(false, true)) {
            String table = "large_" + repeated;
            try (Pipeline pipeline = Pipeline.into(DATABASE, table, REVENUE)) {
                for (int i = 0; i < 3; i++) {
                    if (repeated) {
                        pipeline.commit(once, once);
                    } else {
                        pipeline.commit(once);
                    }
                }
            }
            int times = repeated ? 6 : 3;
            assertThat(DATABASE.rows("SELECT count(*), sum(revenue) * 100, sum(events), min(\"least\"), max(most) FROM "
                            + table))
                    .containsExactly(keys + "|" + (long) keys * (keys - 1) / 2 * times + ".00|" + keys * times + "|m0|"
                            + (keys - 1));
            assertThat(DATABASE.rows("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p'"
                            + " AND conrelid = '" + table + "'::regclass"))
                    .containsExactly(table + "_pkey|PRIMARY KEY (user_id)");
        }
    }

    @Test
    void progressAndLedgerMoveWithTheRows() throws Exception {
        try (Pipeline pipeline = Pipeline.into(DATABASE, "counted", REVENUE)) {
            assertThat(pipeline.sink().progress()).isEmpty();
            Sink.Staging staging = pipeline.sink().stage(REVENUE);
            staging.add(batch(REVENUE, row("a", 1, 1, null, null)));
            pipeline.sink()
                    .commit(new Commit(
                            "run-1",
                            List.of(staging),
                            List.of(
                                    new Commit.Move(
                                            "f1", null, new Offset("10"), new Commit.Counts(3, 1, 2, 0), List.of()),
                                    new Commit.Move("f0", null, new Offset("7"), Commit.Counts.NONE, List.of()))));
            assertThat(pipeline.sink().progress())
                    .isEqualTo(java.util.Map.of("f0", new Offset("7"), "f1", new Offset("10")));
            assertThat(DATABASE.rows("SELECT split, run, from_offset, to_offset, received, loaded, filtered,"
                            + " quarantined FROM millrace.ledger WHERE pipeline = 'counted' ORDER BY split"))
                    .containsExactly("f0|run-1|null|7|0|0|0|0", "f1|run-1|null|10|3|1|2|0");
        }
    }
}
