package io.millrace.benchmarks;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Commit;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Commit.Move;
import io.millrace.api.Offset;
import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.Type;
import io.millrace.connectors.postgres.PostgresConfig;
import io.millrace.connectors.postgres.PostgresConnector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a durable commit into an embedded PostgreSQL takes, from encoding its rows to the answer: totals of so many
 * keys, merged into a table that holds them already.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 5)
public class CommitBenchmark {

    private static final TableShape SHAPE = new TableShape(
            List.of(
                    new Col("user_id", Type.VARCHAR, false, Merge.KEY),
                    new Col("revenue", Type.decimal(38, 0), true, Merge.ADD),
                    new Col("events", Type.BIGINT, false, Merge.ADD)),
            List.of(),
            TableShape.Mode.MERGE,
            null);

    /** Rows in a commit: one is what a single live event costs. */
    @Param({"1", "1000", "100000"})
    int keys = 1;

    private @Nullable Sink sink;
    private @Nullable Batch rows;
    private int commits;

    @Setup(Level.Trial)
    public void open() throws SinkException, InterruptedException, IOException {
        Path home = Files.createTempDirectory("millrace-commit");
        PostgresConfig config = new PostgresConfig("totals", List.of("user_id"), null, java.util.Set.of(), null);
        Sink opened =
                new PostgresConnector().open(config, new SinkConnector.Context("commit-benchmark", home, Map.of()));
        opened.prepare(SHAPE);
        sink = opened;
        rows = totals();
        commit();
    }

    private Batch totals() {
        byte[] data = new byte[keys * 10];
        int[] start = new int[keys];
        int[] length = new int[keys];
        long[] high = new long[keys];
        long[] low = new long[keys];
        long[] events = new long[keys];
        for (int i = 0; i < keys; i++) {
            byte[] key = String.format("user%06d", i).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(key, 0, data, i * key.length, key.length);
            start[i] = i * key.length;
            length[i] = key.length;
            low[i] = i;
            events[i] = 1;
        }
        return new Batch(
                SHAPE.schema(),
                new Column[] {
                    new Column.Texts(Type.VARCHAR, keys, data, start, length, null),
                    new Column.Wides(Type.decimal(38, 0), keys, high, low, null),
                    new Column.Longs(Type.BIGINT, keys, events, null)
                },
                keys,
                null);
    }

    @Benchmark
    public void commit() throws SinkException, InterruptedException {
        Sink into = sink;
        Batch batch = rows;
        if (into == null || batch == null) {
            throw new IllegalStateException("open comes first");
        }
        Sink.Staging staging = into.stage(SHAPE);
        staging.add(batch);
        Offset from = commits == 0 ? null : new Offset("" + commits);
        commits++;
        into.commit(new Commit(
                "benchmark",
                List.of(staging),
                List.of(new Move("split", from, new Offset("" + commits), new Counts(keys, keys, 0, 0), List.of()))));
    }

    @TearDown(Level.Trial)
    public void close() {
        if (sink != null) {
            sink.close();
        }
    }
}
