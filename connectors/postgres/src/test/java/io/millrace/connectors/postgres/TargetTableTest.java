package io.millrace.connectors.postgres;

import static io.millrace.connectors.postgres.Rows.batch;
import static io.millrace.connectors.postgres.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Average;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class TargetTableTest {

    private static final TestServer.Database DATABASE = TestServer.Database.create();

    private static final TableShape SHAPE = new TableShape(
            List.of(
                    new Col("user", Type.VARCHAR, false, Merge.KEY),
                    new Col("Day", Type.DATE, false, Merge.KEY),
                    new Col("total", Type.decimal(38, 2), true, Merge.ADD),
                    new Col("n", Type.BIGINT, false, Merge.ADD)),
            List.of(new Average("mean", Type.DOUBLE, 2, 3)),
            Mode.MERGE,
            null);

    @AfterAll
    static void drop() {
        DATABASE.drop();
    }

    @Test
    void aTableIsMadeFromTheShapeWithNamesAsTheyAre() throws Exception {
        try (Pipeline pipeline = Pipeline.into(DATABASE, "my schema.order \"by\"", SHAPE)) {
            pipeline.commit(batch(SHAPE, row("u", 0, 1_000, 4)));
            assertThat(DATABASE.rows("SELECT * FROM \"my schema\".\"order \"\"by\"\"\""))
                    .containsExactly("u|1970-01-01|10.00|4|2.5");
        }
        assertThat(DATABASE.rows("SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute WHERE"
                        + " attrelid = '\"my schema\".\"order \"\"by\"\"\"'::regclass AND attnum > 0 ORDER BY attnum"))
                .containsExactly(
                        "user|text|t", "Day|date|t", "total|numeric|f", "n|bigint|t", "mean|double precision|f");
    }

    @Test
    void aTableThatDoesNotFitIsRefusedWithEveryDifferenceAndWhatToDo() {
        DATABASE.execute(
                "CREATE TABLE misfit (\"user\" varchar(10), day date, total integer NOT NULL, extra int NOT NULL,"
                        + " mean double precision, filled int NOT NULL DEFAULT 1)");

        assertThatThrownBy(() -> Pipeline.into(DATABASE, "misfit", SHAPE))
                .isInstanceOf(SinkException.class)
                .hasMessage("""
                        The table public.misfit exists and does not fit the pipeline:
                          - column user is character varying(10), and the pipeline writes text
                          - column Day (date) is missing, but there is "day": names keep their case here
                          - column total is integer, and the pipeline writes numeric
                          - column total takes no null, and the pipeline may write null
                          - column n (bigint) is missing
                          - column mean is an average and must be generated from its sum and count
                          - column extra takes no null and has no default, and the pipeline does not write it
                          - there is no primary key and no unique constraint on exactly (user, Day)
                        Change it:
                          ALTER TABLE "public"."misfit" ALTER COLUMN "user" TYPE text USING "user"::text;
                          ALTER TABLE "public"."misfit" RENAME COLUMN "day" TO "Day";
                          ALTER TABLE "public"."misfit" ALTER COLUMN "total" TYPE numeric USING "total"::numeric;
                          ALTER TABLE "public"."misfit" ALTER COLUMN "total" DROP NOT NULL;
                          ALTER TABLE "public"."misfit" ADD COLUMN "n" bigint;
                          ALTER TABLE "public"."misfit" DROP COLUMN "mean", ADD COLUMN "mean" double precision \
                        GENERATED ALWAYS AS ("total"::double precision / NULLIF("n", 0)) STORED;
                          ALTER TABLE "public"."misfit" ALTER COLUMN "extra" DROP NOT NULL;
                          ALTER TABLE "public"."misfit" ADD UNIQUE ("user", "Day");
                        or allow what is safe of it (`evolve: [add_columns, widen_types]` under `into: postgres`), or write \
                        to another table (`table` under `into: postgres`).""");
    }

    @Test
    void theRemediesOfARefusalMakeTheTableFit() throws Exception {
        DATABASE.execute("CREATE TABLE mended (\"user\" varchar(10), total integer NOT NULL, mean integer)");
        String message = "";
        try (Pipeline pipeline = Pipeline.into(DATABASE, "mended", SHAPE)) {
            assertThat(pipeline).isNull();
        } catch (SinkException e) {
            message = String.valueOf(e.getMessage());
        }
        message.lines()
                .filter(line -> line.startsWith("  ALTER TABLE"))
                // A generated column can only be added once the columns that it is made from are there.
                .sorted(java.util.Comparator.comparing(line -> line.contains("GENERATED") || line.contains("UNIQUE")))
                .forEach(DATABASE::execute);

        try (Pipeline pipeline = Pipeline.into(DATABASE, "mended", SHAPE)) {
            pipeline.commit(batch(SHAPE, row("u", 0, 250, 1)));
            pipeline.commit(batch(SHAPE, row("u", 0, 250, 1)));
        }
        assertThat(DATABASE.rows("SELECT \"user\", total, n, mean FROM mended")).containsExactly("u|5.00|2|2.5");
    }

    @Test
    void aTableOfTheUsersOwnWithMoreColumnsAndWiderTypesIsTaken() throws Exception {
        DATABASE.execute("CREATE TABLE own (id serial, \"Day\" date, note text, \"user\" varchar, total numeric(40,4),"
                + " n bigint, mean float8 GENERATED ALWAYS AS (1.0) STORED, PRIMARY KEY (\"Day\", \"user\"))");
        DATABASE.execute("CREATE INDEX ON own (total)");
        try (Pipeline pipeline = Pipeline.into(DATABASE, "own", SHAPE)) {
            for (int i = 0; i < 2; i++) {
                pipeline.commit(batch(SHAPE, row("u", 0, 5, 1), row("v", 0, 5, 1)));
            }
        }
        assertThat(DATABASE.rows("SELECT \"user\", total, n FROM own ORDER BY id"))
                .containsExactly("u|0.1000|2", "v|0.1000|2");
    }

    @Test
    void aFirstLoadLeavesAloneWhatHangsOnTheKey() throws Exception {
        DATABASE.execute(
                "CREATE TABLE parent (\"user\" text, \"Day\" date, total numeric, n bigint NOT NULL, mean float8"
                        + " GENERATED ALWAYS AS (1.0) STORED, CONSTRAINT my_key PRIMARY KEY (\"Day\", \"user\"))");
        DATABASE.execute(
                "CREATE TABLE child (u text, d date, FOREIGN KEY (d, u) REFERENCES parent (\"Day\", \"user\"))");
        List<List<Object>> rows = new java.util.ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            rows.add(List.of("u" + i, 0, 1, 1));
        }
        try (Pipeline pipeline = Pipeline.into(DATABASE, "parent", SHAPE)) {
            pipeline.commit(batch(SHAPE, rows));
        }
        assertThat(DATABASE.rows("SELECT count(*) FROM parent")).containsExactly("2000");
        assertThat(DATABASE.rows(
                        "SELECT conname FROM pg_constraint WHERE conrelid = 'parent'::regclass AND contype =" + " 'p'"))
                .containsExactly("my_key");
    }

    @Test
    void whatIsNoTableIsRefused() {
        DATABASE.execute("CREATE VIEW seen AS SELECT 1 AS n");
        assertThatThrownBy(() -> Pipeline.into(DATABASE, "seen", SHAPE))
                .hasMessageContaining("it is not a table")
                .hasMessageContaining("Write to another table");
    }

    @Test
    void aShapeThatNoTableCanHaveIsRefused() {
        TableShape impossible = new TableShape(
                List.of(
                        new Col("x".repeat(64), Type.BIGINT, true, Merge.VALUE),
                        new Col("nested", Type.array(Type.array(Type.BIGINT)), true, Merge.VALUE)),
                List.of(),
                Mode.APPEND,
                null);
        assertThatThrownBy(() -> Pipeline.into(DATABASE, "impossible", impossible))
                .hasMessageContaining("longer than 63 bytes")
                .hasMessageContaining("column nested is an array of arrays");
    }
}
