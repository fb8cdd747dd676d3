package io.millrace.connectors.postgres;

import static io.millrace.connectors.postgres.Rows.batch;
import static io.millrace.connectors.postgres.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Batch;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

final class UpsertTest {

    private static final List<Col> COLUMNS = List.of(
            new Col("region", Type.VARCHAR, false, Merge.KEY),
            new Col("id", Type.BIGINT, false, Merge.KEY),
            new Col("version", Type.BIGINT, true, Merge.VALUE),
            new Col("name", Type.VARCHAR, true, Merge.VALUE));

    private static final TableShape VERSIONED = new TableShape(COLUMNS, List.of(), Mode.UPSERT, 2);
    private static final TableShape UNVERSIONED = new TableShape(COLUMNS, List.of(), Mode.UPSERT, null);

    private static final String ROWS = "SELECT region, id, version, name FROM ";

    private static TestServer.@Nullable Database database;
    private static int tables;

    @BeforeContainer
    static void open() {
        database = TestServer.Database.create();
    }

    @AfterContainer
    static void close() {
        there().drop();
    }

    private static TestServer.Database there() {
        return Objects.requireNonNull(database);
    }

    @Property(tries = 15)
    void withAVersionTheOrderOfArrivalDoesNotMatter(
            @ForAll Random random, @ForAll @IntRange(min = 1, max = 5) int commits, @ForAll boolean copied)
            throws Exception {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        Map<String, String> newest = new LinkedHashMap<>();
        for (int id = 0; id < 20; id++) {
            int versions = random.nextInt(4);
            for (int version = 0; version < versions; version++) {
                // The lowest version is null, which loses against every other.
                Long number = version == 0 ? null : (long) version;
                rows.add(row("eu", id, number, "name" + version));
                newest.put("eu|" + id, "eu|" + id + "|" + number + "|name" + version);
            }
        }
        Collections.shuffle(rows, random);
        String table = "versioned_" + tables++;

        try (Pipeline pipeline = Pipeline.into(there(), table, VERSIONED, copied)) {
            for (int i = 0; i < commits; i++) {
                List<List<@Nullable Object>> part =
                        rows.subList(rows.size() * i / commits, rows.size() * (i + 1) / commits);
                int middle = part.size() / 2;
                pipeline.commit(
                        batch(VERSIONED, part.subList(0, middle)), batch(VERSIONED, part.subList(middle, part.size())));
            }
        }

        assertThat(there().rows(ROWS + table)).containsExactlyInAnyOrderElementsOf(newest.values());
    }

    @Property(tries = 2, generation = GenerationMode.EXHAUSTIVE)
    void withoutAVersionTheLaterRowWins(@ForAll boolean copied) throws Exception {
        String table = "unversioned_" + copied;
        try (Pipeline pipeline = Pipeline.into(there(), table, UNVERSIONED, copied)) {
            pipeline.commit(
                    batch(UNVERSIONED, row("eu", 1, 9, "first"), row("eu", 1, 8, "second")),
                    batch(UNVERSIONED, row("us", 1, 1, "other"), row("eu", 1, 7, "third")));
            assertThat(there().rows(ROWS + table + " ORDER BY region")).containsExactly("eu|1|7|third", "us|1|1|other");

            pipeline.commit(batch(UNVERSIONED, row("eu", 1, null, null)));
            assertThat(there().rows(ROWS + table + " ORDER BY region"))
                    .containsExactly("eu|1|null|null", "us|1|1|other");
        }
    }

    @Property(tries = 2, generation = GenerationMode.EXHAUSTIVE)
    void withoutAVersionTheLaterOfManyRowsWinsAtAnySizeOfRow(@ForAll boolean copied) throws Exception {
        // Rows of very different sizes, so that a small one may find room on an earlier page of the staging table.
        int keys = 50;
        int rounds = 60;
        List<List<@Nullable Object>> rows = new ArrayList<>();
        Random random = new Random(7);
        for (int round = 0; round < rounds; round++) {
            for (int id = 0; id < keys; id++) {
                rows.add(row("eu", id, round, "x".repeat(random.nextInt(10) == 0 ? 3_000 : 3)));
            }
        }
        Batch all = batch(UNVERSIONED, rows);
        String table = "sizes_" + copied;
        try (Pipeline pipeline = Pipeline.into(there(), table, UNVERSIONED, copied)) {
            for (int i = 0; i < 2; i++) {
                pipeline.commit(all);
                assertThat(there().rows("SELECT count(*), min(version), max(version) FROM " + table))
                        .containsExactly(keys + "|" + (rounds - 1) + "|" + (rounds - 1));
            }
        }
    }
}
