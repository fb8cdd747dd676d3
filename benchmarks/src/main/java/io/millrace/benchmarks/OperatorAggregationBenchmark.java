package io.millrace.benchmarks;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.sql.exec.Aggregator;
import io.millrace.sql.exec.Surroundings;
import io.millrace.sql.exec.Transform;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import io.millrace.sql.plan.Plan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The example's query, {@code SUM(CASE name WHEN 'add_revenue' THEN value WHEN 'subtract_revenue' THEN -value ELSE
 * REJECT('...') END), COUNT(*) GROUP BY userId}, in nanoseconds a row on one core, once all groups are there. Keys come
 * in random order, which no cache can guess.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(OperatorAggregationBenchmark.BATCHES * OperatorBenchmark.ROWS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OperatorAggregationBenchmark {
    static final int BATCHES = 256;

    @Param({"10", "100000", "1000000"})
    int groups = 10;

    private final Plan plan = plan();
    private final Transform transform = new Transform(plan, new int[] {0});
    private final Aggregator aggregator = new Aggregator(plan);
    private final Surroundings here = new Surroundings("benchmark", new OperatorBenchmark.Nowhere(), 0);
    private final Batch[] batches = new Batch[BATCHES];

    /** Makes the rows and one group for each key. */
    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(7);
        for (int b = 0; b < BATCHES; b++) {
            int[] users = new int[OperatorBenchmark.ROWS];
            for (int i = 0; i < users.length; i++) {
                users[i] = random.nextInt(groups);
            }
            batches[b] = batch(users, random);
        }
        for (int from = 0; from < groups; from += OperatorBenchmark.ROWS) {
            int[] users = new int[Math.min(OperatorBenchmark.ROWS, groups - from)];
            for (int i = 0; i < users.length; i++) {
                users[i] = from + i;
            }
            aggregator.add(transform.apply(batch(users, random), here).rows());
        }
    }

    private Batch batch(int[] users, SplittableRandom random) {
        int n = users.length;
        byte[] data = new byte[n * 32];
        int[][] starts = new int[2][n];
        int[][] lengths = new int[2][n];
        long[] values = new long[n];
        int end = 0;
        for (int i = 0; i < n; i++) {
            String[] texts = {"user" + users[i], random.nextInt(4) > 0 ? "add_revenue" : "subtract_revenue"};
            for (int c = 0; c < 2; c++) {
                byte[] bytes = texts[c].getBytes(StandardCharsets.UTF_8);
                System.arraycopy(bytes, 0, data, end, bytes.length);
                starts[c][i] = end;
                lengths[c][i] = bytes.length;
                end += bytes.length;
            }
            values[i] = random.nextInt(1000);
        }
        Column[] columns = {
            new Column.Texts(Type.VARCHAR, n, data, starts[0], lengths[0], null),
            new Column.Texts(Type.VARCHAR, n, data, starts[1], lengths[1], null),
            new Column.Longs(Type.BIGINT, n, values, null)
        };
        return new Batch(plan.input().schema(), columns, n, null);
    }

    /** The whole. */
    @Benchmark
    public int transformAndAdd() {
        for (Batch batch : batches) {
            aggregator.add(transform.apply(batch, here).rows());
        }
        return aggregator.groups();
    }

    /** CASE without the aggregation. */
    @Benchmark
    public int transformOnly() {
        int rows = 0;
        for (Batch batch : batches) {
            rows += transform.apply(batch, here).rows().rows();
        }
        return rows;
    }

    private static Plan plan() {
        Projection input = new Projection(List.of(
                new Projection.Field(List.of("userId"), Type.VARCHAR, true, false),
                new Projection.Field(List.of("name"), Type.VARCHAR, true, false),
                new Projection.Field(List.of("value"), Type.BIGINT, true, false)));
        Expr name = new Expr.Input(1, Type.VARCHAR);
        Expr value = new Expr.Input(2, Type.BIGINT);
        Expr amount = new Expr.Case(
                List.of(
                        new Expr.When(is(name, "add_revenue"), value),
                        new Expr.When(
                                is(name, "subtract_revenue"),
                                OperatorBenchmark.call(Type.BIGINT, Function.NEGATE, value))),
                OperatorBenchmark.call(Type.BIGINT, Function.REJECT, OperatorBenchmark.text("unknown event")),
                Type.BIGINT);
        return new Plan(
                input,
                List.of(),
                null,
                List.of(
                        new Plan.Output("user_id", new Expr.Input(0, Type.VARCHAR), null, Type.VARCHAR, false),
                        new Plan.Output("revenue", amount, Plan.Aggregate.SUM, Type.decimal(38, 0), true),
                        new Plan.Output(
                                "events",
                                new Expr.Literal(Type.INTEGER, 1L),
                                Plan.Aggregate.COUNT_ROWS,
                                Type.BIGINT,
                                false)),
                List.of(),
                true);
    }

    private static Expr is(Expr name, String word) {
        return OperatorBenchmark.call(Type.BOOLEAN, Function.EQ, name, OperatorBenchmark.text(word));
    }
}
