package io.millrace.connectors.postgres;

import static io.millrace.connectors.postgres.Rows.batch;
import static io.millrace.connectors.postgres.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Commit;
import io.millrace.api.Offset;
import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.SinkUnavailableException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A server of its own, which is killed while a pipeline commits. */
final class ServerKilledTest {

    private static final TableShape COUNTS = new TableShape(
            List.of(new Col("k", Type.VARCHAR, false, Merge.KEY), new Col("n", Type.BIGINT, false, Merge.ADD)),
            List.of(),
            Mode.MERGE,
            null);

    private static final Path HOME = Path.of("target/killed-tests").toAbsolutePath();
    private static final int STEPS = 150;
    private static final int KEYS = 3_000;
    private static final int KILLS = 8;

    @Test
    void nothingIsLostOrDoubledWhenTheServerIsKilledAtAnyMoment() throws Exception {
        Path programs = TestServer.HOME.resolve("postgres/18.6.0");
        if (!Files.exists(HOME.resolve("postgres/18.6.0"))) {
            assertThat(TestServer.Database.create().name()).isNotEmpty(); // unpacks the programs
            Files.createDirectories(HOME.resolve("postgres"));
            Files.createSymbolicLink(HOME.resolve("postgres/18.6.0"), programs);
        }
        String table = "killed_" + ProcessHandle.current().pid();
        try (EmbeddedPostgres server = EmbeddedPostgres.start(HOME);
                Sink sink = new PostgresConnector()
                        .open(
                                new PostgresConfig(table, List.of("k"), null, java.util.Set.of(), null),
                                new SinkConnector.Context(table, HOME, Map.of()))) {
            AtomicBoolean done = new AtomicBoolean();
            Thread killer = Thread.ofPlatform().start(() -> kill(server, done));

            load(sink);

            done.set(true);
            killer.join();
            server.ensureRunning();
            try (PostgresDestination destination = PostgresDestination.attach(Map.of(), HOME)) {
                assertThat(row1(destination, "SELECT count(*), min(n), max(n) FROM " + table))
                        .containsExactly(Integer.toString(KEYS), Integer.toString(STEPS), Integer.toString(STEPS));
                Ledger.Report report = Ledger.check(destination, table);
                assertThat(report.faults()).isEmpty();
                assertThat(report.counts().loaded()).isEqualTo((long) STEPS * KEYS);
            }
        }
    }

    private static @Nullable List<@Nullable String> row1(PostgresDestination destination, String sql) throws Exception {
        try (Query query = Query.run(destination, sql)) {
            return query.next();
        }
    }

    /** As the engine does: whatever fails, ask where the destination stands and go on from there. */
    private static void load(Sink sink) throws Exception {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            rows.add(row("k" + i, 1));
        }
        boolean prepared = false;
        while (true) {
            try {
                if (!prepared) {
                    sink.prepare(COUNTS);
                    prepared = true;
                }
                @Nullable Offset from = sink.progress().get("s");
                for (int at = from == null ? 0 : Integer.parseInt(from.text()); at < STEPS; at++) {
                    Sink.Staging staging = sink.stage(COUNTS);
                    staging.add(batch(COUNTS, rows));
                    Offset to = new Offset(Integer.toString(at + 1));
                    sink.commit(new Commit(
                            "run",
                            List.of(staging),
                            List.of(new Commit.Move("s", from, to, new Commit.Counts(KEYS, KEYS, 0, 0), List.of()))));
                    from = to;
                }
                return;
            } catch (SinkUnavailableException e) {
                // The next call connects again and starts the server again.
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private static void kill(EmbeddedPostgres server, AtomicBoolean done) {
        Random random = new Random(11);
        for (int i = 0; i < KILLS && !done.get(); i++) {
            LockSupport.parkNanos(1_000_000L * (20 + random.nextInt(300)));
            ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
