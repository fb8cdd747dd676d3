package io.millrace.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Batch;
import io.millrace.api.Commit;
import io.millrace.api.Commit.Correction;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Commit.Move;
import io.millrace.api.Evolution;
import io.millrace.api.EvolvedColumns;
import io.millrace.api.FencedException;
import io.millrace.api.KeyMemory;
import io.millrace.api.Offset;
import io.millrace.api.Quarantine;
import io.millrace.api.Quarantine.Entry;
import io.millrace.api.Quarantine.Filter;
import io.millrace.api.Quarantine.Order;
import io.millrace.api.Rejection;
import io.millrace.api.RowsRefusedException;
import io.millrace.api.Schema;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every sink promises: rows, progress, quarantine and ledger change together or not at all, and a commit that comes
 * too late changes nothing. A connector's test extends this and tells how to reach its destination.
 */
public abstract class SinkContract {

    /** An aggregate by key: what a GROUP BY with SUM, COUNT, MIN and MAX keeps. */
    protected static final TableShape TOTALS = new TableShape(
            List.of(
                    new Col("user", Type.VARCHAR, false, Merge.KEY),
                    new Col("total", Type.decimal(38, 0), true, Merge.ADD),
                    new Col("events", Type.BIGINT, false, Merge.ADD),
                    new Col("least", Type.BIGINT, true, Merge.MIN),
                    new Col("most", Type.BIGINT, true, Merge.MAX)),
            List.of(),
            Mode.MERGE,
            null);

    /** The last version of each key. */
    protected static final TableShape LATEST = new TableShape(
            List.of(
                    new Col("id", Type.BIGINT, false, Merge.KEY),
                    new Col("name", Type.VARCHAR, true, Merge.VALUE),
                    new Col("changed", Type.TIMESTAMP, true, Merge.VALUE)),
            List.of(),
            Mode.UPSERT,
            2);

    /** Every row. */
    protected static final TableShape EVERY = new TableShape(
            List.of(new Col("id", Type.BIGINT, false, Merge.VALUE), new Col("name", Type.VARCHAR, true, Merge.VALUE)),
            List.of(),
            Mode.APPEND,
            null);

    /**
     * Opens the sink of a pipeline on a table. The same names give the same table and the same progress.
     *
     * @param evolve what may be altered of a table that is there
     */
    protected abstract Sink open(String pipeline, String table, Set<Evolution> evolve) throws Exception;

    /** A sink that alters nothing that is there. */
    private Sink open(String pipeline, String table) throws Exception {
        return open(pipeline, table, Set.of());
    }

    /** The rows of a table in any order, each value as text (numbers in plain decimal), null for null. */
    protected abstract List<List<@Nullable String>> rows(String table, List<String> columns) throws Exception;

    /** How many records of a pipeline are in the quarantine. */
    protected abstract long quarantined(String pipeline) throws Exception;

    /** The sum of the ledger of a pipeline. */
    protected abstract Counts ledger(String pipeline) throws Exception;

    /** Makes a table that was prepared refuse every row that has a value, as text, in a column. */
    protected abstract void refuse(String table, String column, String value) throws Exception;

    private static final List<String> TOTALS_COLUMNS = List.of("user", "total", "events", "least", "most");

    @Test
    void aNewPipelineHasNoProgress() throws Exception {
        try (Sink sink = open("fresh", "fresh")) {
            assertThat(sink.progress()).isEmpty();
            sink.prepare(EVERY);
            assertThat(sink.progress()).isEmpty();
        }
    }

    @Test
    void progressOutlivesTheSink() throws Exception {
        try (Sink sink = open("outlive", "outlive")) {
            sink.prepare(EVERY);
            commit(sink, EVERY, "s", null, "10", List.of(List.of(1, "a")));
        }
        try (Sink sink = open("outlive", "outlive")) {
            assertThat(sink.progress()).containsOnly(Map.entry("s", new Offset("10")));
        }
        assertThat(rows("outlive", List.of("id", "name"))).containsExactly(List.of("1", "a"));
    }

    @Test
    void rowsOfOneKeyAreMergedWithinACommitAndAcrossCommits() throws Exception {
        try (Sink sink = open("merge", "merge")) {
            sink.prepare(TOTALS);
            commit(sink, TOTALS, "s", null, "1", List.of(row("u", "5", 1, 7L, 7L), row("u", "6", 2, 3L, 9L)));
            commit(sink, TOTALS, "s", "1", "2", List.of(row("u", "-1", 1, 4L, 11L), row("v", null, 1, null, null)));
            commit(sink, TOTALS, "s", "2", "3", List.of(row("v", "2", 1, 1L, 1L), row("u", null, 1, null, null)));
        }
        assertThat(rows("merge", TOTALS_COLUMNS))
                .containsExactlyInAnyOrder(List.of("u", "10", "5", "3", "11"), List.of("v", "2", "2", "1", "1"));
    }

    @Test
    void stagedRowsOfSeveralLanesAreMergedInOneCommit() throws Exception {
        try (Sink sink = open("lanes", "lanes")) {
            sink.prepare(TOTALS);
            Sink.Staging first = staged(sink, TOTALS, List.of(row("u", "1", 1, 1L, 1L)));
            Sink.Staging second = staged(sink, TOTALS, List.of(row("u", "2", 1, 2L, 2L)));
            sink.commit(new Commit(
                    "run", List.of(first, second), List.of(move("a", null, "1", 1), move("b", null, "1", 1))));
        }
        assertThat(rows("lanes", TOTALS_COLUMNS)).containsExactly(List.of("u", "3", "2", "1", "2"));
    }

    @Test
    void totalsBeyond64BitsAreExact() throws Exception {
        try (Sink sink = open("wide", "wide")) {
            sink.prepare(TOTALS);
            String huge = "9223372036854775807999";
            commit(sink, TOTALS, "s", null, "1", List.of(row("u", huge, 1, 0L, 0L)));
            commit(sink, TOTALS, "s", "1", "2", List.of(row("u", huge, 1, 0L, 0L)));
        }
        assertThat(rows("wide", List.of("total"))).containsExactly(List.of("18446744073709551615998"));
    }

    @Test
    void theHighestVersionWinsInWhateverOrderRowsArrive() throws Exception {
        List<List<@Nullable Object>> versions = new ArrayList<>();
        for (long changed = 1; changed <= 6; changed++) {
            versions.add(Arrays.asList(1L, "v" + changed, changed));
        }
        for (int seed = 0; seed < 4; seed++) {
            Collections.shuffle(versions, new Random(seed));
            String table = "latest" + seed;
            try (Sink sink = open(table, table)) {
                sink.prepare(LATEST);
                String at = null;
                for (int i = 0; i < versions.size(); i += 2) {
                    commit(sink, LATEST, "s", at, "" + i, versions.subList(i, i + 2));
                    at = "" + i;
                }
            }
            assertThat(rows(table, List.of("id", "name"))).containsExactly(List.of("1", "v6"));
        }
    }

    @Test
    void aRowWithoutAVersionGivesWayToOneThatHasIt() throws Exception {
        try (Sink sink = open("noversion", "noversion")) {
            sink.prepare(LATEST);
            commit(sink, LATEST, "s", null, "1", List.of(Arrays.asList(1L, "old", 5L)));
            commit(sink, LATEST, "s", "1", "2", List.of(Arrays.asList(1L, "none", null)));
        }
        assertThat(rows("noversion", List.of("name"))).containsExactly(List.of("old"));
    }

    @Test
    void aCommitFromAStaleOffsetChangesNothing() throws Exception {
        try (Sink sink = open("fence", "fence")) {
            sink.prepare(TOTALS);
            commit(sink, TOTALS, "s", null, "1", List.of(row("u", "5", 1, 1L, 1L)));
            for (String stale : new @Nullable String[] {null, "0", "2"}) {
                assertThatThrownBy(() -> commit(sink, TOTALS, "s", stale, "9", List.of(row("u", "5", 1, 1L, 1L))))
                        .isInstanceOf(FencedException.class);
            }
            assertThat(sink.progress()).containsEntry("s", new Offset("1"));
            commit(sink, TOTALS, "s", "1", "2", List.of(row("u", "1", 1, 1L, 1L)));
        }
        assertThat(rows("fence", List.of("total"))).containsExactly(List.of("6"));
        assertThat(ledger("fence").received()).isEqualTo(2);
    }

    @Test
    void oneStaleSplitFencesTheWholeCommit() throws Exception {
        try (Sink sink = open("fenceall", "fenceall")) {
            sink.prepare(EVERY);
            commit(sink, EVERY, "b", null, "1", List.of());
            Sink.Staging staging = staged(sink, EVERY, List.of(List.of(1, "x")));
            assertThatThrownBy(() -> sink.commit(new Commit(
                            "run", List.of(staging), List.of(move("a", null, "1", 1), move("b", null, "1", 0)))))
                    .isInstanceOf(FencedException.class);
            assertThat(sink.progress()).doesNotContainKey("a");
        }
        assertThat(rows("fenceall", List.of("id"))).isEmpty();
    }

    @Test
    void rejectedRecordsAreKeptOnceHoweverOftenTheyAreWritten() throws Exception {
        try (Sink sink = open("bad", "bad")) {
            sink.prepare(EVERY);
            Rejection rejection = new Rejection(
                    Rejection.Stage.DECODE, "malformed_json", null, "byte 3: expected a value", "17", new byte[] {
                        0, 1, 2
                    });
            sink.commit(new Commit(
                    "run",
                    List.of(),
                    List.of(new Move("s", null, new Offset("1"), new Counts(1, 0, 0, 1), List.of(rejection)))));
            sink.commit(new Commit(
                    "run",
                    List.of(),
                    List.of(new Move(
                            "s", new Offset("1"), new Offset("2"), new Counts(1, 0, 0, 1), List.of(rejection)))));
        }
        assertThat(quarantined("bad")).isEqualTo(1);
    }

    @Test
    void theLedgerAddsUpOverCommits() throws Exception {
        try (Sink sink = open("ledger", "ledger")) {
            sink.prepare(EVERY);
            sink.commit(new Commit(
                    "run",
                    List.of(),
                    List.of(
                            new Move("a", null, new Offset("1"), new Counts(5, 0, 5, 0), List.of()),
                            new Move("b", null, new Offset("1"), new Counts(3, 0, 3, 0), List.of()))));
            commit(sink, EVERY, "a", "1", "2", List.of(List.of(1, "x"), List.of(2, "y")));
        }
        assertThat(ledger("ledger")).isEqualTo(new Counts(10, 2, 8, 0));
    }

    @Test
    void aTableOfAnotherShapeIsRefusedWithEveryDifference() throws Exception {
        try (Sink sink = open("shape", "shape")) {
            sink.prepare(EVERY);
        }
        try (Sink sink = open("shape", "shape")) {
            assertThatThrownBy(() -> sink.prepare(TOTALS))
                    .isInstanceOf(SinkException.class)
                    .hasMessageContaining("shape")
                    .hasMessageContaining("total")
                    .hasMessageContaining("most");
        }
    }

    private static Col value(String name, Type type) {
        return new Col(name, type, true, Merge.VALUE);
    }

    private static TableShape every(Col... columns) {
        return new TableShape(List.of(columns), List.of(), Mode.APPEND, null);
    }

    @Test
    void columnsThatAreMissingAreAddedWhereThatIsAllowedAndSaid() throws Exception {
        TableShape grown = every(
                value("name", Type.VARCHAR),
                value("seen", Type.TIMESTAMP),
                EVERY.columns().getFirst());
        try (Sink sink = open("columns", "columns")) {
            sink.prepare(EVERY);
            commit(sink, EVERY, "s", null, "1", List.of(List.of(1, "a")));
            assertThatThrownBy(() -> sink.prepare(grown))
                    .isInstanceOf(SinkException.class)
                    .hasMessageContaining("column seen")
                    .hasMessageContaining("evolve: [add_columns]");
        }
        try (Sink sink = open("columns", "columns", Set.of(Evolution.ADD_COLUMNS))) {
            assertThat(sink.prepare(grown))
                    .singleElement()
                    .asString()
                    .contains("column seen")
                    .contains("added");
            commit(sink, grown, "s", "1", "2", List.of(List.of("b", 0L, 2L)));
            assertThat(sink.prepare(grown)).isEmpty();
            assertThat(sink.prepare(EVERY)).isEmpty();
            commit(sink, EVERY, "s", "2", "3", List.of(List.of(3, "c")));
        }
        assertThat(rows("columns", List.of("id", "name", "seen")))
                .containsExactlyInAnyOrder(
                        Arrays.asList("1", "a", null),
                        List.of("2", "b", "1970-01-01 00:00:00"),
                        Arrays.asList("3", "c", null));
    }

    @Test
    void aTypeIsWidenedWhereThatIsAllowedAndLosesNothing() throws Exception {
        TableShape narrow = every(
                value("a", Type.INTEGER),
                value("b", Type.BIGINT),
                value("c", Type.decimal(10, 4)),
                value("d", Type.DATE),
                value("e", Type.INTEGER));
        TableShape wide = every(
                value("a", Type.BIGINT),
                value("b", Type.decimal(20, 0)),
                value("c", Type.decimal(12, 2)),
                value("d", Type.TIMESTAMP),
                value("e", Type.decimal(12, 2)));
        try (Sink sink = open("wider", "wider")) {
            sink.prepare(narrow);
            commit(sink, narrow, "s", null, "1", List.of(List.of(1, 2, new BigDecimal("3.1234"), 1, 5)));
            assertThatThrownBy(() -> sink.prepare(wide))
                    .isInstanceOf(SinkException.class)
                    .hasMessageContaining("evolve: [widen_types]");
        }
        try (Sink sink = open("wider", "wider", Set.of(Evolution.WIDEN_TYPES))) {
            assertThat(sink.prepare(wide)).singleElement().asString().contains("column a widened");
            commit(
                    sink,
                    wide,
                    "s",
                    "1",
                    "2",
                    List.of(List.of(
                            1L << 40, new BigDecimal("2"), new BigDecimal("3.25"), 0L, new BigDecimal("0.50"))));
            assertThatThrownBy(() -> sink.prepare(narrow)).isInstanceOf(SinkException.class);
        }
        assertThat(rows("wider", List.of("a", "b", "c", "d", "e")))
                .containsExactlyInAnyOrder(
                        List.of("1", "2", "3.1234", "1970-01-02 00:00:00", "5.00"),
                        List.of("1099511627776", "2", "3.2500", "1970-01-01 00:00:00", "0.50"));
    }

    @Test
    void anEvolvedColumnIsAddedOnceAndRememberedWithItsFirstType() throws Exception {
        try (Sink sink = open("evolved", "evolved");
                Sink other = open("evolved", "evolved")) {
            assertThat(sink.evolved().all()).isEmpty();
            sink.prepare(EVERY);
            other.prepare(EVERY);
            EvolvedColumns.Added added =
                    sink.evolved().add(List.of(field("plan", Type.VARCHAR), field("Name", Type.JSON)));
            assertThat(added.altered())
                    .singleElement()
                    .asString()
                    .contains("column plan")
                    .contains("added");
            assertThat(added.refused()).isEmpty();
            EvolvedColumns.Added late =
                    other.evolved().add(List.of(field("plan", Type.BIGINT), field("paid", Type.BOOLEAN)));
            assertThat(late.altered())
                    .singleElement()
                    .asString()
                    .contains("column paid")
                    .doesNotContain("plan");
            assertThat(late.refused()).isEmpty();
            List<Schema.Field> all =
                    List.of(field("plan", Type.VARCHAR), field("Name", Type.JSON), field("paid", Type.BOOLEAN));
            assertThat(sink.evolved().all()).isEqualTo(all);
            assertThat(other.evolved().all()).isEqualTo(all);
            TableShape grown = every(
                    EVERY.columns().get(0),
                    EVERY.columns().get(1),
                    value("plan", Type.VARCHAR),
                    value("paid", Type.BOOLEAN));
            assertThat(sink.prepare(grown)).isEmpty();
            commit(sink, grown, "s", null, "1", List.of(List.of(1, "a", "free", true)));
        }
        assertThat(rows("evolved", List.of("id", "name", "plan", "Name")))
                .containsExactly(Arrays.asList("1", "a", "free", null));
    }

    @Test
    void anEvolvedColumnThatAnotherTableLacksIsAddedWithoutFurtherPermission() throws Exception {
        TableShape grown = every(EVERY.columns().get(0), EVERY.columns().get(1), value("plan", Type.VARCHAR));
        try (Sink first = open("moved", "moved1");
                Sink owner = open("moved-owner", "moved2");
                Sink second = open("moved", "moved2")) {
            first.prepare(EVERY);
            first.evolved().add(List.of(field("plan", Type.VARCHAR)));
            owner.prepare(EVERY);
            assertThatThrownBy(() -> second.prepare(grown)).isInstanceOf(SinkException.class);
            second.evolved().all();
            assertThat(second.prepare(grown)).singleElement().asString().contains("column plan");
        }
    }

    @Test
    void aColumnThatIsThereIsUsedWhereItTakesTheValuesAndElseRefused() throws Exception {
        try (Sink sink = open("there", "there")) {
            sink.prepare(EVERY);
            EvolvedColumns.Added added =
                    sink.evolved().add(List.of(field("name", Type.VARCHAR), field("id", Type.BIGINT)));
            assertThat(added.altered()).isEmpty();
            assertThat(added.refused()).containsOnlyKeys("id");
            assertThat(sink.evolved().all()).containsExactly(field("name", Type.VARCHAR));
            assertThat(sink.evolved().add(List.of(field("name", Type.JSON))).refused())
                    .isEmpty();
        }
        try (Sink sink = open("there too", "there")) {
            assertThat(sink.evolved().add(List.of(field("name", Type.JSON))).refused())
                    .containsOnlyKeys("name");
        }
    }

    @Test
    void noMoreThanSoManyColumnsAreAdded() throws Exception {
        List<Schema.Field> many = IntStream.rangeClosed(0, EvolvedColumns.MOST)
                .mapToObj(i -> field("c" + i, Type.BIGINT))
                .toList();
        try (Sink sink = open("many", "many")) {
            sink.prepare(EVERY);
            assertThat(sink.evolved().add(many).refused()).containsOnlyKeys("c" + EvolvedColumns.MOST);
            assertThat(sink.evolved().all()).isEqualTo(many.subList(0, EvolvedColumns.MOST));
        }
    }

    @Test
    void whatNoColumnCanBeCalledIsKnown() throws Exception {
        try (Sink sink = open("names", "names")) {
            assertThat(List.of("a", "ä b", "\"", "x".repeat(63)).stream().filter(sink.evolved()::possible))
                    .hasSize(4);
            assertThat(List.of("", "a\0", "x".repeat(64), "ä".repeat(32), "ctid").stream()
                            .filter(sink.evolved()::possible))
                    .isEmpty();
        }
    }

    /** It would leave in the column what another row has written there. */
    @Test
    void anUpsertOfAProcessThatDoesNotKnowAllEvolvedColumnsChangesNothing() throws Exception {
        try (Sink sink = open("unaware", "unaware");
                Sink other = open("unaware", "unaware")) {
            sink.prepare(LATEST);
            other.prepare(LATEST);
            sink.evolved().all();
            other.evolved().all();
            commit(sink, LATEST, "a", null, "1", List.of(List.of(1L, "one", 1L)));
            other.evolved().add(List.of(field("plan", Type.VARCHAR)));
            assertThatThrownBy(() -> commit(sink, LATEST, "a", "1", "2", List.of(List.of(1L, "two", 2L))))
                    .isInstanceOf(FencedException.class);
            assertThat(sink.evolved().all()).hasSize(1);
            assertThat(sink.progress()).containsEntry("a", new Offset("1"));
            commit(sink, LATEST, "a", "1", "2", List.of(List.of(1L, "two", 2L)));
        }
        assertThat(rows("unaware", List.of("id", "name", "plan"))).containsExactly(Arrays.asList("1", "two", null));
    }

    private static Schema.Field field(String name, Type type) {
        return new Schema.Field(name, type, true);
    }

    @Test
    void preparingTwiceKeepsWhatIsThere() throws Exception {
        try (Sink sink = open("twice", "twice")) {
            sink.prepare(EVERY);
            commit(sink, EVERY, "s", null, "1", List.of(List.of(1, "x")));
            sink.prepare(EVERY);
        }
        assertThat(rows("twice", List.of("id"))).hasSize(1);
    }

    @Test
    void aClearedStagingAreaHoldsNothing() throws Exception {
        try (Sink sink = open("clear", "clear")) {
            sink.prepare(EVERY);
            Sink.Staging staging = staged(sink, EVERY, List.of(List.of(1, "x")));
            staging.clear();
            assertThat(staging.rows()).isZero();
            staging.add(Rows.of(EVERY.schema(), List.of(2L, "y")));
            sink.commit(new Commit("run", List.of(staging), List.of(move("s", null, "1", 1))));
        }
        assertThat(rows("clear", List.of("id"))).containsExactly(List.of("2"));
    }

    private static List<@Nullable Object> row(
            String user, @Nullable String total, long events, @Nullable Long least, @Nullable Long most) {
        return Arrays.asList(user, total == null ? null : new BigDecimal(total), events, least, most);
    }

    private static Move move(String split, @Nullable String from, String to, long loaded) {
        return new Move(
                split,
                from == null ? null : new Offset(from),
                new Offset(to),
                new Counts(loaded, loaded, 0, 0),
                List.of());
    }

    /** What a process knows of keys, as the contract of sinks wants it: the first byte of each tells them apart here. */
    private static final class Known implements KeyMemory, Sink.KeyBlocks {
        private final Set<Byte> keys = new HashSet<>();
        private long known;
        private byte[] secret = {};

        @Override
        public void begin(byte[] newSecret, long bytesToCome) {
            secret = newSecret;
        }

        @Override
        public void block(long number, byte[] b, int from, int length) {
            learn(number, Arrays.copyOfRange(b, from, from + length));
        }

        @Override
        public long known() {
            return known;
        }

        @Override
        public boolean learn(long number, byte[] block) {
            boolean fresh = true;
            for (int at = 0; at < block.length; at += Commit.Keys.KEY_BYTES) {
                fresh &= keys.add(block[at]);
            }
            known = number;
            return fresh;
        }

        @Override
        public void committed(long number) {
            known = number;
        }
    }

    private static byte[] block(int... keys) {
        byte[] block = new byte[keys.length * Commit.Keys.KEY_BYTES];
        for (int i = 0; i < keys.length; i++) {
            block[i * Commit.Keys.KEY_BYTES] = (byte) keys[i];
        }
        return block;
    }

    private static final Duration WITHIN = Duration.ofDays(7);

    private static Commit remembering(Sink sink, Commit.Move move, Known memory, int... keys) throws Exception {
        for (int key : keys) {
            memory.keys.add((byte) key);
        }
        return new Commit(
                "run",
                List.of(staged(sink, EVERY, List.of(List.of((long) keys[0], "a")))),
                new Commit.Account(List.of(move), List.of()),
                null,
                new Commit.Keys(block(keys), WITHIN, memory));
    }

    @Test
    void keysAreRememberedWithTheCommitThatLoadsTheirRecords() throws Exception {
        Known first = new Known();
        try (Sink sink = open("keys", "keys")) {
            sink.prepare(EVERY);
            sink.remembered(WITHIN, first);
            assertThat(first.keys).isEmpty();
            sink.commit(remembering(sink, move("s", null, "1", 1), first, 1, 2));
            sink.commit(remembering(sink, move("s", "1", "2", 1), first, 3));
            sink.tidy();
        }
        Known second = new Known();
        try (Sink sink = open("keys", "keys")) {
            sink.prepare(EVERY);
            sink.remembered(WITHIN, second);
            assertThat(second.keys).containsExactlyInAnyOrder((byte) 1, (byte) 2, (byte) 3);
            assertThat(second.known()).isEqualTo(first.known());
            assertThat(second.secret)
                    .as("the same for every process")
                    .isEqualTo(first.secret)
                    .hasSize(Sink.KeyBlocks.SECRET_BYTES);
            sink.tidy();
            sink.commit(remembering(sink, move("s", "2", "3", 1), second, 4));
        }
    }

    @Test
    void aCommitThatIsFencedRemembersNoKeys() throws Exception {
        try (Sink sink = open("fencedkeys", "fencedkeys")) {
            sink.prepare(EVERY);
            Known memory = new Known();
            sink.remembered(WITHIN, memory);
            sink.commit(remembering(sink, move("s", null, "1", 1), memory, 1));
            assertThatThrownBy(() -> sink.commit(remembering(sink, move("s", null, "1", 1), memory, 2)))
                    .isInstanceOf(FencedException.class);
            Known after = new Known();
            sink.remembered(WITHIN, after);
            assertThat(after.keys).containsExactly((byte) 1);
        }
    }

    @Test
    void aKeyThatAnotherProcessHasCommittedMeanwhileFencesAndOthersAreLearnt() throws Exception {
        try (Sink sink = open("twokeys", "twokeys")) {
            sink.prepare(EVERY);
            Known one = new Known();
            Known other = new Known();
            sink.remembered(WITHIN, one);
            sink.remembered(WITHIN, other);
            sink.commit(remembering(sink, move("a", null, "1", 1), one, 1));
            sink.commit(remembering(sink, move("b", null, "1", 1), other, 2));
            assertThat(other.keys).contains((byte) 1);
            assertThatThrownBy(() -> sink.commit(remembering(sink, move("a", "1", "2", 1), one, 2)))
                    .isInstanceOf(FencedException.class);
            assertThat(rows("twokeys", List.of("id"))).containsExactlyInAnyOrder(List.of("1"), List.of("2"));
        }
    }

    @Test
    void aLeaseIsItsHoldersUntilItRunsOutOrIsGivenBack() throws Exception {
        try (Sink sink = open("leased", "leased");
                Sink other = open("leased", "leased")) {
            sink.prepare(EVERY);
            Duration longTime = Duration.ofMinutes(5);
            assertThat(sink.lease("a", longTime, Set.of("s"))).containsExactly("s");
            assertThat(sink.lease("a", Duration.ZERO, Set.of("t"))).containsExactly("t");
            assertThat(other.lease("b", longTime, Set.of("s", "u"))).containsExactly("u");
            assertThat(other.lease("b", longTime, Set.of("s", "t"))).containsExactly("t");
            assertThat(sink.lease("a", longTime, Set.of("s", "t"))).containsExactly("s");
            sink.release("a");
            assertThat(other.lease("b", longTime, Set.of("s", "t", "u"))).containsExactlyInAnyOrder("s", "t", "u");
        }
    }

    @Test
    void aRefusedRowWithoutASiftingChangesNothing() throws Exception {
        try (Sink sink = open("refused", "refused")) {
            sink.prepare(EVERY);
            refuse("refused", "name", "bad");
            List<List<Object>> rows = List.of(List.of(1, "good"), List.of(2, "bad"));
            assertThatThrownBy(() -> commit(sink, EVERY, "s", null, "1", rows))
                    .isInstanceOf(RowsRefusedException.class)
                    .hasMessageContaining("refused")
                    .hasMessageNotContaining("bad");
            assertThat(sink.progress()).isEmpty();
            assertThat(ledger("refused")).isEqualTo(Counts.NONE);
            commit(sink, EVERY, "s", null, "1", List.of(List.of(3, "good")));
        }
        assertThat(rows("refused", List.of("id"))).containsExactly(List.of("3"));
    }

    /** Good and bad records of the commits that are sifted. */
    private static final List<String> MIXTURES = List.of(
            "b", "g", "bg", "gb", "bggggggg", "gggggggb", "ggggbggg", "gbgbgbgb", "bbbb", "ggggg", "gggbbggggggbgggg");

    @Test
    void aSiftingRefusesExactlyTheBadRecordsOfAnAppend() throws Exception {
        sift("siftappend", EVERY, "name");
    }

    @Test
    void aSiftingRefusesExactlyTheBadRecordsOfAnUpsert() throws Exception {
        sift("siftupsert", LATEST, "name");
    }

    @Test
    void aSiftingRefusesExactlyTheBadRecordsOfAMerge() throws Exception {
        sift("siftmerge", TOTALS, "user");
    }

    private void sift(String table, TableShape shape, String column) throws Exception {
        List<String> kept = new ArrayList<>();
        long number = 0;
        try (Sink sink = open(table, table)) {
            sink.prepare(shape);
            refuse(table, column, "bad");
            for (int i = 0; i < MIXTURES.size(); i++) {
                String mixture = MIXTURES.get(i);
                SiftedRecords records = new SiftedRecords(i == 0 ? null : Integer.toString(i), Integer.toString(i + 1));
                for (int record = 0; record < mixture.length(); record++) {
                    number++;
                    boolean good = mixture.charAt(record) == 'g';
                    String text = good ? "k" + number : "bad";
                    records.add(List.of(row(shape, number, text)));
                    if (good) {
                        kept.add(text);
                    }
                }
                Move move = records.commit(sink, shape).moves().getFirst();
                assertThat(records.refused()).as(mixture).isEqualTo(bad(mixture));
                assertThat(move.rejected()).hasSameSizeAs(bad(mixture)).allSatisfy(rejection -> {
                    assertThat(rejection.field()).isEqualTo(column);
                    assertThat(rejection.message()).doesNotContain("bad");
                });
            }
            assertThat(sink.progress()).containsEntry("s", new Offset(Integer.toString(MIXTURES.size())));
        }
        assertThat(rows(table, List.of(column)).stream().map(List::getFirst)).containsExactlyInAnyOrderElementsOf(kept);
        assertThat(quarantined(table)).isEqualTo(number - kept.size());
        assertThat(ledger(table)).isEqualTo(new Counts(number, kept.size(), 0, number - kept.size()));
    }

    @Test
    void allRowsOfARefusedRecordGoWithIt() throws Exception {
        try (Sink sink = open("several", "several")) {
            sink.prepare(EVERY);
            refuse("several", "name", "bad");
            SiftedRecords records = new SiftedRecords(null, "1");
            records.add(List.of(List.of(1, "a"), List.of(2, "b")));
            records.add(List.of(List.of(3, "c"), List.of(4, "bad"), List.of(5, "d")));
            records.add(List.of(List.of(6, "e")));
            records.commit(sink, EVERY);
            assertThat(records.refused()).containsExactly(1);
        }
        assertThat(rows("several", List.of("id"))).containsExactlyInAnyOrder(List.of("1"), List.of("2"), List.of("6"));
        assertThat(quarantined("several")).isEqualTo(1);
    }

    @Test
    void aTotalThatOutgrowsItsColumnIsTheFaultOfTheRecordThatMakesIt() throws Exception {
        List<List<@Nullable Object>> first = List.of(row("u", "1", Long.MAX_VALUE - 10, 1L, 1L));
        try (Sink sink = open("overflow", "overflow")) {
            sink.prepare(TOTALS);
            commit(sink, TOTALS, "s", null, "1", first);
            assertThatThrownBy(() -> commit(sink, TOTALS, "s", "1", "2", first))
                    .isInstanceOf(RowsRefusedException.class);
            SiftedRecords records = new SiftedRecords("1", "2");
            records.add(List.of(row("v", "1", 1, 1L, 1L)));
            records.add(List.of(row("u", "1", 8, 1L, 1L)));
            records.add(List.of(row("u", "1", 8, 1L, 1L), row("v", "1", 8, 1L, 1L)));
            records.add(List.of(row("u", "1", 2, 1L, 1L)));
            records.commit(sink, TOTALS);
            assertThat(records.refused()).containsExactly(2);
        }
        assertThat(rows("overflow", List.of("user", "events")))
                .containsExactlyInAnyOrder(List.of("u", Long.toString(Long.MAX_VALUE)), List.of("v", "1"));
    }

    @Test
    void aSiftingCommitFromAStaleOffsetChangesNothing() throws Exception {
        try (Sink sink = open("siftfence", "siftfence")) {
            sink.prepare(EVERY);
            refuse("siftfence", "name", "bad");
            commit(sink, EVERY, "s", null, "5", List.of());
            for (String stale : new @Nullable String[] {null, "4"}) {
                SiftedRecords records = new SiftedRecords(stale, "6");
                records.add(List.of(List.of(1, "a")));
                records.add(List.of(List.of(2, "bad")));
                assertThatThrownBy(() -> records.commit(sink, EVERY)).isInstanceOf(FencedException.class);
            }
            assertThat(sink.progress()).containsEntry("s", new Offset("5"));
        }
        assertThat(rows("siftfence", List.of("id"))).isEmpty();
        assertThat(quarantined("siftfence")).isZero();
    }

    /** The numbers of the bad records of a mixture. */
    private static List<Integer> bad(String mixture) {
        return IntStream.range(0, mixture.length())
                .filter(i -> mixture.charAt(i) == 'b')
                .boxed()
                .toList();
    }

    private static List<@Nullable Object> row(TableShape shape, long number, String text) {
        return switch (shape.mode()) {
            case APPEND -> Arrays.asList(number, text);
            case UPSERT -> Arrays.asList(number, text, number);
            case MERGE -> row(text, "1", 1, number, number);
        };
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Sink.Staging staged(Sink sink, TableShape shape, List<? extends List<?>> rows) {
        Sink.Staging staging = sink.stage(shape);
        Batch batch = Rows.of(shape.schema(), rows.toArray(List[]::new));
        assertThat(staging.check(batch)).isEmpty();
        staging.add(batch);
        return staging;
    }

    private static void commit(
            Sink sink, TableShape shape, String split, @Nullable String from, String to, List<? extends List<?>> rows)
            throws SinkException, InterruptedException {
        sink.commit(new Commit("run", List.of(staged(sink, shape, rows)), List.of(move(split, from, to, rows.size()))));
    }

    private static Rejection bad(String position, String code) {
        return new Rejection(Rejection.Stage.DECODE, code, null, "what is wrong", position, position.getBytes(UTF_8));
    }

    /** A sink that has quarantined the records 1 to 3 of split s. */
    private Sink withThreeBad(String name) throws Exception {
        Sink sink = open(name, name);
        sink.prepare(EVERY);
        sink.commit(new Commit(
                "run",
                List.of(),
                List.of(new Move(
                        "s",
                        null,
                        new Offset("4"),
                        new Counts(3, 0, 0, 3),
                        List.of(bad("1", "first"), bad("2", "second"), bad("3", "second"))))));
        return sink;
    }

    private static Commit correction(Counts counts, List<String> released, List<Rejection> stay) {
        return new Commit(
                "later",
                List.of(),
                new Commit.Account(List.of(), List.of(new Correction("s", counts, released, stay))));
    }

    @Test
    void recordsLeaveTheQuarantineWithTheRowsThatAreLoaded() throws Exception {
        try (Sink sink = withThreeBad("leave")) {
            Sink.Staging rows = staged(sink, EVERY, List.of(List.of(1, "a")));
            sink.commit(new Commit(
                    "later",
                    List.of(rows),
                    new Commit.Account(
                            List.of(),
                            List.of(new Correction(
                                    "s", new Counts(0, 1, 0, 0, -2, 1), List.of("1", "3"), List.of())))));
            assertThat(sink.progress()).containsOnly(java.util.Map.entry("s", new Offset("4")));
        }
        assertThat(rows("leave", List.of("id"))).containsExactly(List.of("1"));
        assertThat(quarantined("leave")).isEqualTo(1);
        assertThat(ledger("leave")).isEqualTo(new Counts(3, 1, 0, 0, 1, 1));
    }

    @Test
    void aRecordThatIsGoneFencesWhoeverWantsToReleaseItOrToSayWhyItStays() throws Exception {
        try (Sink sink = withThreeBad("gone")) {
            Counts one = new Counts(0, 0, 0, 0, -1, 1);
            sink.commit(correction(one, List.of("2"), List.of()));
            assertThatThrownBy(
                            () -> sink.commit(correction(new Counts(0, 0, 0, 0, -2, 2), List.of("1", "2"), List.of())))
                    .isInstanceOf(FencedException.class);
            assertThatThrownBy(() -> sink.commit(correction(one, List.of("1"), List.of(bad("2", "third")))))
                    .isInstanceOf(FencedException.class);
        }
        assertThat(quarantined("gone")).isEqualTo(2);
        assertThat(ledger("gone")).isEqualTo(new Counts(3, 0, 0, 0, 2, 1));
    }

    @Test
    void aRecordThatStaysKeepsItsNumberItsTimeAndItsBytes() throws Exception {
        try (Sink sink = withThreeBad("stay")) {
            Entry before = sink.quarantine().find("s", "2").orElseThrow();
            sink.commit(correction(Counts.NONE, List.of(), List.of(bad("2", "third"))));
            Entry after = sink.quarantine().find("s", "2").orElseThrow();
            assertThat(after.rejection().code()).isEqualTo("third");
            assertThat(after.number()).isEqualTo(before.number());
            assertThat(after.since()).isEqualTo(before.since());
            assertThat(after.rejection().raw()).isEqualTo(before.rejection().raw());
            assertThat(sink.quarantine().find("s", "4")).isEmpty();
        }
        assertThat(ledger("stay")).isEqualTo(new Counts(3, 0, 0, 3));
    }

    @Test
    void theQuarantineIsReadPageByPageBothWays() throws Exception {
        try (Sink sink = withThreeBad("pages")) {
            Quarantine quarantine = sink.quarantine();
            List<Entry> first = quarantine.page(Filter.ALL, Order.NEWEST_FIRST, null, 2);
            assertThat(first).extracting(entry -> entry.rejection().position()).containsExactly("3", "2");
            assertThat(quarantine.page(
                            Filter.ALL, Order.NEWEST_FIRST, first.getLast().number(), 2))
                    .extracting(entry -> entry.rejection().position())
                    .containsExactly("1");
            assertThat(quarantine.page(new Filter("second", null, null), Order.OLDEST_FIRST, null, 9))
                    .extracting(entry -> entry.rejection().position())
                    .containsExactly("2", "3");
        }
    }
}
