package io.millrace.benchmarks;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Type;
import io.millrace.sql.exec.Surroundings;
import io.millrace.sql.exec.Transform;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import io.millrace.sql.plan.Plan;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What each kind of operator costs a row, on one core; aggregation is in {@link OperatorAggregationBenchmark}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(OperatorBenchmark.ROWS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OperatorBenchmark {
    static final int ROWS = 4096;

    private static final Type CENTS = Type.decimal(12, 2);
    private static final Expr NAME = new Expr.Input(0, Type.VARCHAR);
    private static final Expr VALUE = new Expr.Input(1, Type.BIGINT);
    private static final Expr PRICE = new Expr.Input(2, CENTS);
    private static final Projection FIELDS = new Projection(List.of(
            new Projection.Field(List.of("name"), Type.VARCHAR, true, false),
            new Projection.Field(List.of("value"), Type.BIGINT, true, false),
            new Projection.Field(List.of("price"), CENTS, true, false)));

    private final Surroundings here = new Surroundings("benchmark", new Nowhere(), 0);
    private Batch batch = new Batch(FIELDS.schema(), new Column[0], 0, null);

    private final Transform passing = transform(null, NAME, VALUE);
    private final Transform filtering = transform(call(Type.BOOLEAN, Function.GT, VALUE, bigint(500)), NAME, VALUE);
    private final Transform adding = transform(
            null, call(Type.BIGINT, Function.MULTIPLY, call(Type.BIGINT, Function.ADD, VALUE, bigint(7)), VALUE));
    private final Transform decimals = transform(
            null,
            call(Type.decimal(18, 2), Function.MULTIPLY, PRICE, decimal("1.19")),
            call(Type.decimal(14, 2), Function.ADD, PRICE, decimal("0.50")));
    private final Transform wideDecimals = transform(
            null,
            call(Type.decimal(38, 6), Function.MULTIPLY, new Expr.Cast(PRICE, Type.decimal(30, 4), false), PRICE));
    private final Transform texts = transform(
            null,
            call(Type.VARCHAR, Function.UPPER, NAME),
            call(Type.VARCHAR, Function.SPLIT_PART, NAME, text("_"), new Expr.Literal(Type.INTEGER, 2L)));
    private final Transform liking = transform(call(Type.BOOLEAN, Function.LIKE, NAME, text("%_rev%")), VALUE);
    private final Transform casting =
            transform(null, new Expr.Cast(new Expr.Cast(VALUE, Type.VARCHAR, false), Type.BIGINT, false));
    private final Transform hashing = transform(null, call(Type.VARCHAR, Function.SHA256, NAME));

    /** Makes the rows. */
    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(7);
        byte[] names = "add_revenuesubtract_revenue".getBytes(StandardCharsets.UTF_8);
        int[] start = new int[ROWS];
        int[] length = new int[ROWS];
        long[] values = new long[ROWS];
        long[] prices = new long[ROWS];
        for (int i = 0; i < ROWS; i++) {
            boolean add = random.nextInt(4) > 0;
            start[i] = add ? 0 : 11;
            length[i] = add ? 11 : 16;
            values[i] = random.nextInt(1000);
            prices[i] = random.nextInt(10_000_000);
        }
        Column[] columns = {
            new Column.Texts(Type.VARCHAR, ROWS, names, start, length, null),
            new Column.Longs(Type.BIGINT, ROWS, values, null),
            new Column.Longs(CENTS, ROWS, prices, null)
        };
        batch = new Batch(FIELDS.schema(), columns, ROWS, null);
    }

    /** Two columns as they are: the cost of a batch without operators. */
    @Benchmark
    public Transform.Result columns() {
        return passing.apply(batch, here);
    }

    /** {@code WHERE value > 500}, half of the rows, two columns gathered. */
    @Benchmark
    public Transform.Result filter() {
        return filtering.apply(batch, here);
    }

    /** {@code (value + 7) * value} in BIGINT. */
    @Benchmark
    public Transform.Result bigintArithmetic() {
        return adding.apply(batch, here);
    }

    /** {@code price * 1.19} rounded and {@code price + 0.50}, both in 64 bits. */
    @Benchmark
    public Transform.Result decimalArithmetic() {
        return decimals.apply(batch, here);
    }

    /** A product of a DECIMAL(30, 4), which takes more than 64 bits. */
    @Benchmark
    public Transform.Result wideDecimalArithmetic() {
        return wideDecimals.apply(batch, here);
    }

    /** {@code UPPER(name)} and {@code SPLIT_PART(name, '_', 2)}. */
    @Benchmark
    public Transform.Result textFunctions() {
        return texts.apply(batch, here);
    }

    /** {@code WHERE name LIKE '%_rev%'}. */
    @Benchmark
    public Transform.Result like() {
        return liking.apply(batch, here);
    }

    /** BIGINT to VARCHAR and back. */
    @Benchmark
    public Transform.Result casts() {
        return casting.apply(batch, here);
    }

    /** {@code SHA256(name)}. */
    @Benchmark
    public Transform.Result sha256() {
        return hashing.apply(batch, here);
    }

    private static Transform transform(@Nullable Expr filter, Expr... outputs) {
        List<Plan.Output> list = java.util.stream.IntStream.range(0, outputs.length)
                .mapToObj(i -> new Plan.Output("o" + i, outputs[i], null, outputs[i].type(), true))
                .toList();
        return new Transform(new Plan(FIELDS, List.of(), filter, list, List.of(), false), new int[0]);
    }

    static Expr call(Type type, Function function, Expr... args) {
        return new Expr.Call(function, List.of(args), type);
    }

    static Expr text(String value) {
        return new Expr.Literal(Type.VARCHAR, value);
    }

    private static Expr bigint(long value) {
        return new Expr.Literal(Type.BIGINT, value);
    }

    private static Expr decimal(String value) {
        BigDecimal number = new BigDecimal(value);
        return new Expr.Literal(Type.decimal(Math.max(number.precision(), number.scale()), number.scale()), number);
    }

    /** No query here asks where a row is from. */
    static final class Nowhere implements RecordBatch.Origin {
        @Override
        public String position(int row) {
            return "";
        }

        @Override
        public byte[] raw(int row) {
            return new byte[0];
        }
    }
}
