package io.millrace.connectors.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Commit;
import io.millrace.api.Rejection;
import io.millrace.api.RowsRefusedException;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import io.millrace.testkit.SiftedRecords;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the owner of a table may ask of its rows, and what becomes of records that do not have it. */
class RefusedByTableTest {

    private static final TableShape EVENTS = new TableShape(
            List.of(
                    new Col("id", Type.BIGINT, false, Merge.VALUE),
                    // Names that a function in the server might use itself.
                    new Col("found", Type.VARCHAR, true, Merge.VALUE),
                    new Col("arrival", Type.BIGINT, true, Merge.VALUE)),
            List.of(),
            Mode.APPEND,
            null);

    private static final TableShape COUNTS = new TableShape(
            List.of(
                    new Col("settled", Type.VARCHAR, false, Merge.KEY),
                    new Col("n", Type.BIGINT, false, Merge.ADD),
                    new Col("amount", Type.decimal(38, 2), true, Merge.ADD)),
            List.of(),
            Mode.MERGE,
            null);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestServer.Database database;

    @BeforeAll
    static void createDatabase() {
        database = TestServer.Database.create();
    }

    @AfterAll
    static void dropDatabase() {
        database.drop();
    }

    @Test
    void aCheckOfSeveralColumnsIsToldByItsName() throws Exception {
        Rejection told = refusesTheSecond(
                "checked",
                "ALTER TABLE checked ADD CONSTRAINT sane CHECK (found <> 'secret' OR arrival > 10)",
                "secret");
        assertThat(told.code()).isEqualTo("constraint_violated");
        assertThat(told.field()).isNull();
        assertThat(told.message()).contains("constraint sane", "table checked");
    }

    @Test
    void aColumnThatTakesNoNullIsTold() throws Exception {
        Rejection told = refusesTheSecond("strict", "ALTER TABLE strict ALTER found SET NOT NULL", null);
        assertThat(told.code()).isEqualTo("null_value");
        assertThat(told.field()).isEqualTo("found");
    }

    @Test
    void aReferenceToNothingIsTold() throws Exception {
        Rejection told = refusesTheSecond("child", reference(""), "secret");
        assertThat(told.code()).isEqualTo("reference_missing");
        assertThat(told.field()).isEqualTo("found");
    }

    @Test
    void aReferenceThatIsCheckedAtTheEndIsToldToo() throws Exception {
        Rejection told = refusesTheSecond("late", reference(" DEFERRABLE INITIALLY DEFERRED"), "secret");
        assertThat(told.code()).isEqualTo("reference_missing");
    }

    /** A constraint on the tables child and late, whose first row names first and whose third names third. */
    private static String reference(String when) {
        String parent = when.isEmpty() ? "parent" : "late_parent";
        return "CREATE TABLE " + parent + " (name text PRIMARY KEY);"
                + " INSERT INTO " + parent + " VALUES ('first'), ('third');"
                + " ALTER TABLE " + (when.isEmpty() ? "child" : "late")
                + " ADD FOREIGN KEY (found) REFERENCES " + parent + when;
    }

    @Test
    void aValueThatMayBeThereOnceOnlyIsTold() throws Exception {
        Rejection told = refusesTheSecond("single", "CREATE UNIQUE INDEX once ON single (found)", "first");
        assertThat(told.code()).isEqualTo("not_unique");
        assertThat(told.message()).contains("once");
    }

    @Test
    void anErrorThatATriggerRaisesIsToldWithoutItsWords() throws Exception {
        Rejection told = refusesTheSecond("guarded", """
                CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NEW.found = 'secret' THEN RAISE EXCEPTION 'no % here', NEW.found; END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER guard BEFORE INSERT ON guarded FOR EACH ROW EXECUTE FUNCTION guard()
                """, "secret");
        assertThat(told.code()).isEqualTo("refused_by_trigger");
        assertThat(told.message()).contains("guard");
    }

    @Test
    void aTriggerThatWaitsForTheEndIsToldToo() throws Exception {
        Rejection told = refusesTheSecond("guarded_late", """
                CREATE FUNCTION guard_late() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NEW.found = 'secret' THEN RAISE EXCEPTION 'no % here', NEW.found; END IF;
                    RETURN NULL;
                END $$;
                CREATE CONSTRAINT TRIGGER guard_late AFTER INSERT ON guarded_late DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION guard_late()
                """, "secret");
        assertThat(told.code()).isEqualTo("refused_by_trigger");
    }

    @Test
    void aRowThatAnIndexCantHoldIsTold() throws Exception {
        // Random enough not to be compressed below what an index holds.
        StringBuilder large = new StringBuilder();
        new Random(1).ints(12_000, 'a', 'z').forEach(c -> large.append((char) c));
        Rejection told = refusesTheSecond("indexed", "CREATE INDEX narrow ON indexed (found)", large.toString());
        assertThat(told.code()).isEqualTo("too_large");
    }

    @Test
    void aTotalThatDoesNotFitItsColumnIsTheFaultOfOneRecord() throws Exception {
        try (Sink sink = Pipeline.open(database.url(), "sums", "sums")) {
            sink.prepare(COUNTS);
            database.execute("ALTER TABLE sums ALTER amount TYPE numeric(5, 2)");
            SiftedRecords records = new SiftedRecords(null, "1");
            records.add(List.of(Arrays.asList("k", 1L, new BigDecimal("999.00"))));
            records.add(List.of(Arrays.asList("k", 1L, new BigDecimal("1.00"))));
            records.add(List.of(Arrays.asList("k", 1L, new BigDecimal("0.50"))));
            Commit.Account account = records.commit(sink, COUNTS);
            assertThat(records.refused()).containsExactly(1);
            assertThat(account.moves().getFirst().rejected().getFirst().code()).isEqualTo("value_does_not_fit");
        }
        assertThat(database.rows("SELECT settled, n, amount FROM sums")).containsExactly("k|2|999.50");
    }

    @Test
    void aFaultThatIsNotOfTheRowsFailsTheCommit() throws Exception {
        try (Sink sink = Pipeline.open(database.url(), "gone", "gone")) {
            sink.prepare(EVENTS);
            database.execute("DROP TABLE gone");
            SiftedRecords records = new SiftedRecords(null, "1");
            records.add(List.of(Arrays.asList(1L, "a", 1L)));
            assertThatThrownBy(() -> records.commit(sink, EVENTS))
                    .isExactlyInstanceOf(SinkException.class)
                    .hasMessageContaining("gone");
            assertThat(sink.progress()).isEmpty();
        }
    }

    /**
     * Commits three records, of which the second is refused: first without a sifting, then with one.
     *
     * @return what is said of it
     */
    private static Rejection refusesTheSecond(String table, String sql, @Nullable String bad) throws Exception {
        try (Pipeline pipeline = Pipeline.into(database, table, EVENTS);
                Sink copying = Pipeline.openCopying(database.url(), table, table, java.util.Set.of())) {
            copying.prepare(EVENTS);
            database.execute(sql);
            SiftedRecords records = new SiftedRecords(null, "1");
            List<String> names = Arrays.asList("first", bad, "third");
            for (int i = 0; i < 3; i++) {
                records.add(List.of(Arrays.asList((long) i, names.get(i), (long) i)));
            }
            for (Sink sink : List.of(pipeline.sink(), copying)) {
                assertThatThrownBy(() -> sink.commit(records.unsifted(sink, EVENTS)))
                        .isInstanceOf(RowsRefusedException.class)
                        .message()
                        .doesNotContain("secret");
            }
            assertThat(database.rows("SELECT count(*) FROM " + table)).containsExactly("0");
            Commit.Account account = records.commit(pipeline.sink(), EVENTS);
            assertThat(records.refused()).containsExactly(1);
            assertThat(database.rows("SELECT id FROM " + table + " ORDER BY id"))
                    .containsExactly("0", "2");
            assertThat(database.rows("SELECT stage FROM millrace.quarantine WHERE pipeline = '" + table + "'"))
                    .containsExactly("load");
            Rejection told = account.moves().getFirst().rejected().getFirst();
            assertThat(told.message()).doesNotContain("secret");
            return told;
        }
    }
}
