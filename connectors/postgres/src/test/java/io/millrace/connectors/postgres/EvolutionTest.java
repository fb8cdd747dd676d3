package io.millrace.connectors.postgres;

import static io.millrace.connectors.postgres.Rows.batch;
import static io.millrace.connectors.postgres.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Batch;
import io.millrace.api.Commit;
import io.millrace.api.Evolution;
import io.millrace.api.FencedException;
import io.millrace.api.Offset;
import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.SinkException;
import io.millrace.api.SinkUnavailableException;
import io.millrace.api.SourceConnector.Problem;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Average;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A table that changes with its pipeline. */
final class EvolutionTest {

    private static final TestServer.Database DATABASE = TestServer.Database.create();

    private static final Set<Evolution> ALL = EnumSet.allOf(Evolution.class);

    @AfterAll
    static void drop() {
        DATABASE.drop();
    }

    @Test
    void columnsThatAreMissingAreAddedAndTheRowsThatAreThereStay() throws Exception {
        DATABASE.execute("CREATE TABLE grown (id bigint); INSERT INTO grown VALUES (1)");
        TableShape shape =
                list(value("id", Type.BIGINT), value("na\"me", Type.VARCHAR), value("at", Type.TIMESTAMP_TZ));

        try (Sink sink = open("grown", Set.of(Evolution.ADD_COLUMNS))) {
            assertThat(sink.prepare(shape))
                    .containsExactly("column na\"me (text) added, column at (timestamp with time zone) added");
            commit(sink, shape, 0, row(2, "b", 0));
            assertThat(sink.prepare(shape)).isEmpty();
        }

        assertThat(DATABASE.rows("SELECT id, \"na\"\"me\" FROM grown ORDER BY id"))
                .containsExactly("1|null", "2|b");
    }

    @Test
    void aTypeIsWidenedWhereNothingCanBeLost() throws Exception {
        DATABASE.execute("CREATE TABLE widened (a integer NOT NULL, b smallint, c numeric(10,4), d varchar(3), e date,"
                + " f real, g integer[], h bigint);"
                + " INSERT INTO widened VALUES (1, 2, 3.1234, 'abc', '2020-02-29', 1.5, '{7}', 8)");
        TableShape shape = list(
                value("a", Type.BIGINT),
                value("b", Type.decimal(6, 2)),
                value("c", Type.decimal(12, 2)),
                value("d", Type.VARCHAR),
                value("e", Type.TIMESTAMP),
                value("f", Type.DOUBLE),
                value("g", Type.array(Type.BIGINT)),
                value("h", Type.decimal(20, 0)));
        DATABASE.execute("ALTER TABLE widened ALTER a DROP NOT NULL");

        try (Sink sink = open("widened", Set.of(Evolution.WIDEN_TYPES))) {
            assertThat(sink.prepare(shape))
                    .singleElement()
                    .asString()
                    .contains("column a widened from integer to bigint");
        }

        assertThat(DATABASE.rows("SELECT * FROM widened"))
                .containsExactly("1|2.00|3.1234|abc|2020-02-29 00:00:00|1.5|{7}|8");
        assertThat(types("widened"))
                .containsExactly(
                        "a bigint",
                        "b numeric(7,2)",
                        "c numeric(14,4)",
                        "d text",
                        "e timestamp without time zone",
                        "f double precision",
                        "g bigint[]",
                        "h numeric(20,0)");
    }

    @Test
    void whatIsNotAllowedOrNotSafeIsToldAtOnceWithTheSqlToRunAndNothingIsDone() {
        DATABASE.execute("CREATE TABLE refused (\"user\" text PRIMARY KEY, \"Total\" bigint, n integer, seen"
                + " timestamptz, extra int NOT NULL); INSERT INTO refused VALUES ('u', 1, 1, now(), 1)");
        TableShape shape = new TableShape(
                List.of(
                        new Col("user", Type.VARCHAR, false, Merge.KEY),
                        new Col("day", Type.DATE, false, Merge.KEY),
                        new Col("total", Type.BIGINT, true, Merge.ADD),
                        new Col("n", Type.BIGINT, true, Merge.ADD),
                        new Col("seen", Type.TIMESTAMP, true, Merge.MAX),
                        new Col("first", Type.BIGINT, false, Merge.MIN),
                        new Col("more", Type.BIGINT, true, Merge.MAX)),
                List.of(),
                Mode.MERGE,
                null);
        List<String> before = types("refused");

        assertThatThrownBy(() -> open("refused", Set.of(Evolution.ADD_COLUMNS)).prepare(shape))
                .hasMessage("""
                        The table public.refused exists and does not fit the pipeline:
                          - column day (date) is missing, and it is of the key, which does not evolve
                          - column total (bigint) is missing, but there is "Total": names keep their case here
                          - column n is integer, and the pipeline writes bigint
                          - column seen is timestamp with time zone, and the pipeline writes timestamp without time zone
                          - column first (bigint) is missing and takes no null, and the table has rows, which have no \
                        value for it: add it as one that may be null, or with NOT NULL and a DEFAULT for them
                          - column extra takes no null and has no default, and the pipeline does not write it
                          - there is no primary key and no unique constraint on exactly (user, day)
                        Change it:
                          ALTER TABLE "public"."refused" ADD COLUMN "day" date;
                          ALTER TABLE "public"."refused" RENAME COLUMN "Total" TO "total";
                          ALTER TABLE "public"."refused" ALTER COLUMN "n" TYPE bigint USING "n"::bigint;
                          ALTER TABLE "public"."refused" ALTER COLUMN "seen" TYPE timestamp without time zone USING \
                        "seen"::timestamp without time zone;
                          ALTER TABLE "public"."refused" ADD COLUMN "first" bigint;
                          ALTER TABLE "public"."refused" ALTER COLUMN "extra" DROP NOT NULL;
                          ALTER TABLE "public"."refused" ADD UNIQUE ("user", "day");
                        or allow what is safe of it (`evolve: [widen_types]` under `into: postgres`), or write to another \
                        table (`table` under `into: postgres`).
                        The next run then does the rest, as `evolve` allows:
                          ALTER TABLE "public"."refused" ADD COLUMN "more" bigint;""");

        assertThat(types("refused")).isEqualTo(before);
    }

    @Test
    void narrowingIsRefused() {
        DATABASE.execute("CREATE TABLE narrow (a bigint, b bigint, c text)");
        TableShape shape = list(value("a", Type.INTEGER), value("b", Type.DOUBLE), value("c", Type.BIGINT));

        assertThatThrownBy(() -> open("narrow", ALL).prepare(shape))
                .isInstanceOf(SinkException.class)
                .hasMessageContaining(
                        "column a is bigint, and the pipeline writes integer, to which it can't be widened without a risk")
                .hasMessageContaining("column b is bigint, and the pipeline writes double precision, to which")
                .hasMessageContaining("column c is text, and the pipeline writes bigint, to which")
                .hasMessageContaining("ALTER COLUMN \"c\" TYPE bigint USING \"c\"::bigint;");
    }

    @Test
    void totalsThatAreAddedBeginAtZeroAndAveragesAreMadeAnew() throws Exception {
        TableShape old = new TableShape(
                List.of(new Col("k", Type.VARCHAR, false, Merge.KEY), new Col("sum", Type.BIGINT, true, Merge.ADD)),
                List.of(),
                Mode.MERGE,
                null);
        TableShape wide = new TableShape(
                List.of(
                        new Col("k", Type.VARCHAR, false, Merge.KEY),
                        new Col("sum", Type.BIGINT, true, Merge.ADD),
                        new Col("n", Type.BIGINT, false, Merge.ADD)),
                List.of(new Average("mean", Type.DOUBLE, 1, 2)),
                Mode.MERGE,
                null);
        TableShape wider = new TableShape(
                List.of(
                        wide.columns().get(0),
                        new Col("sum", Type.decimal(30, 2), true, Merge.ADD),
                        wide.columns().get(2)),
                wide.averages(),
                Mode.MERGE,
                null);
        try (Sink sink = open("averages", ALL)) {
            sink.prepare(old);
            commit(sink, old, 0, row("k", 10), row("l", 1));
        }
        try (Sink sink = open("averages", ALL)) {
            assertThat(sink.prepare(wide)).containsExactly("column n (bigint) added", "average mean added");
            commit(sink, wide, 1, row("k", 10, 2));
        }
        assertThat(DATABASE.rows("SELECT k, sum, n, mean FROM averages ORDER BY k"))
                .containsExactly("k|20|2|10", "l|1|0|null");
        try (Sink sink = open("averages", ALL)) {
            assertThat(sink.prepare(wider))
                    .containsExactly(
                            "average mean taken away to be made anew",
                            "column sum widened from bigint to numeric",
                            "average mean made anew");
            commit(sink, wider, 2, row("k", 150, 1));
        }
        assertThat(DATABASE.rows("SELECT k, sum, n, mean FROM averages ORDER BY k"))
                .containsExactly("k|21.50|3|7.166666666666667", "l|1|0|null");
        assertThat(DATABASE.rows("SELECT reloptions FROM pg_class WHERE relname = 'averages'"))
                .containsExactly("{fillfactor=50}");
    }

    @Test
    void whatUsesAColumnIsNamedAndTheSqlGoesAroundIt() throws Exception {
        DATABASE.execute("CREATE TABLE used (n integer, m integer, twice integer GENERATED ALWAYS AS (m * 2) STORED);"
                + " CREATE VIEW \"the view\" AS SELECT n + 1 AS more FROM used; INSERT INTO used VALUES (1, 2)");
        TableShape shape = list(value("n", Type.BIGINT), value("m", Type.BIGINT));

        String message = "";
        try (Sink sink = open("used", ALL)) {
            sink.prepare(shape);
        } catch (SinkException e) {
            message = String.valueOf(e.getMessage());
        }

        assertThat(message)
                .contains(
                        "column n is integer, and the pipeline writes bigint; its type can't be changed while the view"
                                + " public.\"the view\" uses it")
                .contains("while the generated column twice uses it");
        message.lines().filter(line -> line.endsWith(";")).forEach(DATABASE::execute);
        try (Sink sink = open("used", ALL)) {
            assertThat(sink.prepare(shape)).isEmpty();
        }
        assertThat(DATABASE.rows("SELECT * FROM \"the view\"")).containsExactly("2");
    }

    @Test
    void checkSaysWhatWouldBeAlteredAndAltersNothing() throws Exception {
        DATABASE.execute("CREATE TABLE looked_at (n integer)");
        TableShape shape = list(value("n", Type.BIGINT), value("m", Type.BIGINT));
        List<String> foreseen = new ArrayList<>();

        List<Problem> problems = new PostgresConnector()
                .check(config("looked_at", ALL), shape, false, context("looked_at"), foreseen::add);

        assertThat(problems).isEmpty();
        assertThat(foreseen)
                .containsExactly(
                        "a run would alter the table public.looked_at: column n widened from integer to bigint,"
                                + " column m (bigint) added\n"
                                + "  ALTER TABLE \"public\".\"looked_at\" ALTER COLUMN \"n\" TYPE bigint, ADD COLUMN \"m\" bigint");
        assertThat(types("looked_at")).containsExactly("n integer");
    }

    @Test
    void whoMayNotAlterTheTableIsToldWhatItsOwnerIsToRun() throws Exception {
        String role = DATABASE.name() + "_role";
        DATABASE.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'; CREATE TABLE others (n bigint);"
                + " GRANT ALL ON others TO " + role + "; GRANT CREATE ON DATABASE " + DATABASE.name() + " TO " + role);
        String url = DATABASE.url().replaceFirst("//[^@]*@", "//" + role + ":secret@");
        try {
            List<Problem> problems = new PostgresConnector()
                    .check(
                            new PostgresConfig("others", List.of(), null, ALL, url),
                            list(value("n", Type.BIGINT), value("m", Type.BIGINT)),
                            false,
                            context("others"),
                            change -> {});
            assertThat(problems)
                    .extracting(Problem::message)
                    .anySatisfy(
                            problem -> assertThat(problem)
                                    .contains(
                                            "Have its owner change it:\n  ALTER TABLE \"public\".\"others\" ADD COLUMN \"m\" bigint;"));
        } finally {
            DATABASE.execute("DROP TABLE others; DROP OWNED BY " + role + " CASCADE; DROP ROLE " + role);
        }
    }

    @Test
    void aTableInUseIsNotWaitedForForeverAndOthersAreLetIn() throws Exception {
        DATABASE.execute("CREATE TABLE busy (n bigint)");
        TableShape shape = list(value("n", Type.BIGINT), value("m", Type.BIGINT));
        try (Connection reader = DATABASE.connect();
                Statement statement = reader.createStatement();
                Sink sink = open("busy", ALL)) {
            reader.setAutoCommit(false);
            statement.execute("SELECT * FROM busy");

            assertThatThrownBy(() -> sink.prepare(shape))
                    .isInstanceOf(SinkUnavailableException.class)
                    .hasMessageContaining("others have been at it for");

            reader.rollback();
            assertThat(sink.prepare(shape)).hasSize(1);
        }
    }

    /** An old process goes on beside one that has added a column; each record is loaded once. */
    @Test
    void aProcessThatRunsTheOldShapeGoesOnWhereAColumnWasAddedAndIsFenced() throws Exception {
        TableShape old = list(value("n", Type.BIGINT));
        TableShape grown = list(value("n", Type.BIGINT), value("m", Type.BIGINT));
        try (Sink before = open("shared", Set.of());
                Sink after = open("shared", ALL)) {
            before.prepare(old);
            commit(before, old, 0, row(1));
            after.prepare(grown);
            commit(after, grown, 1, row(2, 20));
            assertThatThrownBy(() -> commit(before, old, 1, row(2))).isInstanceOf(FencedException.class);
            commit(before, old, 2, row(3));
            commit(after, grown, 3, row(4, 40));
        }
        assertThat(DATABASE.rows("SELECT * FROM shared ORDER BY n"))
                .containsExactly("1|null", "2|20", "3|null", "4|40");
    }

    /** A bigint's bytes read as numeric are a number too, and another one. */
    @Test
    void aProcessThatCopiesIntoColumnsOfTheOldTypesFailsAndNothingIsLostOrDoubled() throws Exception {
        TableShape old = list(value("n", Type.BIGINT), value("d", Type.DATE));
        TableShape wide = list(value("n", Type.decimal(20, 0)), value("d", Type.DATE));
        TableShape wider = list(value("n", Type.decimal(20, 0)), value("d", Type.TIMESTAMP));
        try (Sink before = copying("types");
                Sink between = copying("types");
                Sink after = open("types", ALL)) {
            before.prepare(old);
            commit(before, old, 0, row(5, 0));
            after.prepare(wide);
            between.prepare(wide);
            assertThatThrownBy(() -> commit(before, old, 1, row(6, 0)))
                    .isInstanceOf(SinkException.class)
                    .hasMessageContaining("was altered while this process loaded into it")
                    .hasMessageContaining("start the pipeline again");
        }
        try (Sink between = copying("types");
                Sink after = open("types", ALL)) {
            between.prepare(wide);
            after.prepare(wider);
            assertThatThrownBy(() -> commit(between, wide, 1, row(6, 0)))
                    .isInstanceOf(SinkException.class)
                    .isNotInstanceOf(SinkUnavailableException.class)
                    .hasMessageContaining("was altered while this process loaded into it");
            commit(after, wider, 1, row(6, 0));
        }
        assertThat(DATABASE.rows("SELECT n FROM types ORDER BY n")).containsExactly("5", "6");
        // Merged rows go through a staging table of their own types, so that nothing is misread.
        TableShape totals = totals(Type.INTEGER);
        try (Sink before = copying("merged");
                Sink after = open("merged", ALL)) {
            before.prepare(totals);
            commit(before, totals, 0, row("k", 5));
            after.prepare(totals(Type.BIGINT));
            commit(before, totals, 1, row("k", 5));
            commit(after, totals(Type.BIGINT), 2, row("k", 1L << 40));
        }
        assertThat(DATABASE.rows("SELECT * FROM merged")).containsExactly("k|" + (10 + (1L << 40)));
    }

    private static TableShape totals(Type type) {
        return new TableShape(
                List.of(new Col("k", Type.VARCHAR, false, Merge.KEY), new Col("sum", type, true, Merge.ADD)),
                List.of(),
                Mode.MERGE,
                null);
    }

    private static TableShape list(Col... columns) {
        return new TableShape(List.of(columns), List.of(), Mode.APPEND, null);
    }

    private static Col value(String name, Type type) {
        return new Col(name, type, true, Merge.VALUE);
    }

    private static PostgresConfig config(String table, Set<Evolution> evolve) {
        return new PostgresConfig(table, List.of(), null, evolve, DATABASE.url());
    }

    private static SinkConnector.Context context(String pipeline) {
        return new SinkConnector.Context(pipeline, TestServer.HOME, Map.of());
    }

    private static Sink open(String table, Set<Evolution> evolve) throws Exception {
        return new PostgresConnector().open(config(table, evolve), context(table));
    }

    private static Sink copying(String table) throws Exception {
        return Pipeline.openCopying(DATABASE.url(), table, table, Set.of());
    }

    private static void commit(Sink sink, TableShape shape, int from, List<? extends @Nullable Object>... rows)
            throws Exception {
        Batch batch = batch(shape, List.of(rows));
        Sink.Staging staging = sink.stage(shape);
        staging.add(batch);
        @Nullable Offset before = from == 0 ? null : new Offset(Integer.toString(from));
        sink.commit(new Commit(
                "run",
                List.of(staging),
                List.of(new Commit.Move(
                        Pipeline.SPLIT,
                        before,
                        new Offset(Integer.toString(from + 1)),
                        new Commit.Counts(rows.length, rows.length, 0, 0),
                        List.of()))));
    }

    private static List<String> types(String table) {
        return DATABASE.rows(
                "SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid" + " = '"
                        + table + "'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum");
    }
}
