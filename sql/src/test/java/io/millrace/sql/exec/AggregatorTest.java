package io.millrace.sql.exec;

import static io.millrace.sql.exec.Plans.aggregate;
import static io.millrace.sql.exec.Plans.input;
import static io.millrace.sql.exec.Plans.integer;
import static io.millrace.sql.exec.Plans.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Type;
import io.millrace.sql.plan.Plan;
import io.millrace.sql.plan.Plan.Aggregate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Partial aggregates: their sum is what counts, not how they were split. */
class AggregatorTest {
    private static final Type WIDE = Type.decimal(38, 0);

    private static List<List<@Nullable Object>> drained(Aggregator aggregator) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        aggregator.drain(3, batch -> rows.addAll(Table.rows(batch)));
        return rows;
    }

    private static Plan of(Table table, Type keyType, Plan.Output... aggregates) {
        List<Plan.Output> outputs = new ArrayList<>(List.of(key("k", input(0, keyType))));
        outputs.addAll(List.of(aggregates));
        return Plans.grouped(table.projection(), outputs.toArray(Plan.Output[]::new));
    }

    private static List<List<@Nullable Object>> aggregated(Plan plan, Table table) {
        Aggregator aggregator = new Aggregator(plan);
        aggregator.add(table.batch());
        return drained(aggregator);
    }

    @Test
    void everyAggregateOfEveryKindOfNumber() {
        Table table = new Table(Type.VARCHAR, Type.INTEGER, Type.BIGINT, Type.decimal(30, 2), Type.DOUBLE)
                .row("a", 1, 10L, new BigDecimal("1.50"), 0.5)
                .row("a", -4, 7L, new BigDecimal("2.25"), -1.5)
                .row("a", null, null, null, null)
                .row("b", null, null, null, null);
        List<Plan.Output> outputs = new ArrayList<>(List.of(key("k", input(0, Type.VARCHAR))));
        Table arguments = new Table(
                Type.VARCHAR,
                Type.INTEGER,
                Type.BIGINT,
                Type.decimal(30, 2),
                Type.DOUBLE,
                Type.BIGINT,
                Type.INTEGER,
                Type.decimal(30, 2),
                Type.DOUBLE,
                Type.DOUBLE);
        for (int i = 0; i < table.size(); i++) {
            List<@Nullable Object> r = table.rowAt(i);
            arguments.row(
                    r.get(0), r.get(1), r.get(2), r.get(3), r.get(4), r.get(2), r.get(1), r.get(3), r.get(4), r.get(4));
        }
        outputs.add(aggregate("sum_i", Aggregate.SUM, input(1, Type.INTEGER), Type.BIGINT));
        outputs.add(aggregate("sum_l", Aggregate.SUM, input(2, Type.BIGINT), WIDE));
        outputs.add(aggregate("sum_w", Aggregate.SUM, input(3, Type.decimal(30, 2)), Type.decimal(38, 2)));
        outputs.add(aggregate("sum_d", Aggregate.SUM, input(4, Type.DOUBLE), Type.DOUBLE));
        outputs.add(aggregate("count", Aggregate.COUNT, input(2, Type.BIGINT), Type.BIGINT));
        outputs.add(aggregate("min_i", Aggregate.MIN, input(1, Type.INTEGER), Type.INTEGER));
        outputs.add(aggregate("max_w", Aggregate.MAX, input(3, Type.decimal(30, 2)), Type.decimal(30, 2)));
        outputs.add(aggregate("min_d", Aggregate.MIN, input(4, Type.DOUBLE), Type.DOUBLE));
        outputs.add(aggregate("max_d", Aggregate.MAX, input(4, Type.DOUBLE), Type.DOUBLE));
        Plan plan = Plans.grouped(table.projection(), outputs.toArray(Plan.Output[]::new));
        assertThat(aggregated(plan, arguments))
                .containsExactly(
                        List.of(
                                "a",
                                -3L,
                                new BigDecimal("17"),
                                new BigDecimal("3.75"),
                                -1.0,
                                2L,
                                -4L,
                                new BigDecimal("2.25"),
                                -1.5,
                                0.5),
                        Arrays.asList("b", null, null, null, null, 0L, null, null, null, null));
    }

    @Test
    void sumsOfNothingButNullsAreNullInWhateverBatchTheyCome() {
        Table table = new Table(Type.VARCHAR, Type.BIGINT)
                .row("early", 1L)
                .row("null", null)
                .row("late", 2L)
                .row("early", null);
        Plan plan = of(table, Type.VARCHAR, aggregate("s", Aggregate.SUM, input(1, Type.BIGINT), WIDE));
        Aggregator aggregator = new Aggregator(plan);
        for (int i = 0; i < 4; i++) {
            aggregator.add(table.batch(i, i + 1));
        }
        assertThat(drained(aggregator))
                .containsExactlyInAnyOrder(
                        List.of("early", BigDecimal.ONE),
                        Arrays.asList("null", null),
                        List.of("late", new BigDecimal(2)));
        aggregator.add(table.batch(1, 2));
        assertThat(drained(aggregator)).containsExactly(Arrays.asList("null", null));
    }

    @Test
    void sumsOfBigintsGoFarBeyond64Bits() {
        Table table = new Table(Type.BIGINT, Type.BIGINT)
                .row(1L, Long.MAX_VALUE)
                .row(1L, Long.MAX_VALUE)
                .row(1L, Long.MAX_VALUE)
                .row(2L, Long.MIN_VALUE)
                .row(2L, Long.MIN_VALUE)
                .row(3L, Long.MIN_VALUE)
                .row(3L, Long.MAX_VALUE);
        Plan plan = of(table, Type.BIGINT, aggregate("s", Aggregate.SUM, input(1, Type.BIGINT), WIDE));
        BigDecimal max = BigDecimal.valueOf(Long.MAX_VALUE);
        BigDecimal min = BigDecimal.valueOf(Long.MIN_VALUE);
        assertThat(aggregated(plan, table))
                .containsExactlyInAnyOrder(
                        List.of(1L, max.multiply(BigDecimal.valueOf(3))),
                        List.of(2L, min.add(min)),
                        List.of(3L, BigDecimal.valueOf(-1)));
    }

    @Test
    void aSumThatOutgrowsItsTypeComesInParts() {
        Type type = Type.decimal(38, 0);
        BigDecimal large = new BigDecimal("9".repeat(38));
        Table table =
                new Table(Type.VARCHAR, type).row("x", large).row("x", large).weighted(-3, "x", large);
        Plan plan = of(
                table,
                Type.VARCHAR,
                aggregate("s", Aggregate.SUM, input(1, type), type),
                aggregate("n", Aggregate.COUNT, input(1, type), Type.BIGINT));
        Table arguments = new Table(Type.VARCHAR, type, type);
        arguments.row("x", large, large).row("x", large, large).weighted(-3, "x", large, large);
        List<List<@Nullable Object>> parts = aggregated(plan, arguments);
        assertThat(parts).hasSizeGreaterThan(1);
        BigDecimal sum = BigDecimal.ZERO;
        long count = 0;
        for (List<@Nullable Object> part : parts) {
            BigDecimal value = (BigDecimal) part.get(1);
            if (value != null) {
                assertThat(value.precision()).isLessThanOrEqualTo(38);
                sum = sum.add(value);
            }
            Long n = (Long) part.get(2);
            count += n == null ? 0 : n;
        }
        assertThat(sum).isEqualTo(large.negate());
        assertThat(count).isEqualTo(-1);
    }

    @Test
    void aBigintSumComesInPartsToo() {
        Plan plan = of(
                new Table(Type.VARCHAR, Type.BIGINT),
                Type.VARCHAR,
                aggregate("s", Aggregate.SUM, input(1, Type.BIGINT), Type.BIGINT),
                aggregate("m", Aggregate.MAX, input(1, Type.BIGINT), Type.BIGINT));
        Table arguments = new Table(Type.VARCHAR, Type.BIGINT, Type.BIGINT)
                .row("x", Long.MAX_VALUE, 7L)
                .row("x", 5L, 8L);
        assertThat(aggregated(plan, arguments))
                .containsExactlyInAnyOrder(List.of("x", 5L, 8L), List.of("x", Long.MAX_VALUE, 8L));
    }

    @Test
    void textsHaveExtremesByBytes() {
        Plan plan = of(
                new Table(Type.INTEGER, Type.VARCHAR),
                Type.INTEGER,
                aggregate("lo", Aggregate.MIN, input(1, Type.VARCHAR), Type.VARCHAR),
                aggregate("hi", Aggregate.MAX, input(1, Type.VARCHAR), Type.VARCHAR));
        Table arguments = new Table(Type.INTEGER, Type.VARCHAR, Type.VARCHAR)
                .row(1, "b", "b")
                .row(1, "é", "é")
                .row(1, null, null)
                .row(1, "", "")
                .row(2, null, null);
        assertThat(aggregated(plan, arguments))
                .containsExactlyInAnyOrder(List.of(1L, "", "é"), Arrays.asList(2L, null, null));
    }

    @Test
    void extremesCannotTakeBack() {
        Table table = new Table(Type.INTEGER, Type.BIGINT).weighted(-1, 1, 5L);
        Plan plan = of(table, Type.INTEGER, aggregate("m", Aggregate.MIN, input(1, Type.BIGINT), Type.BIGINT));
        assertThatThrownBy(() -> new Aggregator(plan).add(table.batch())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysAreEqualByValue() {
        Type[] types = {Type.VARCHAR, Type.DOUBLE, Type.decimal(30, 2), Type.BOOLEAN, Type.INTEGER};
        Table table = new Table(types)
                .row("k", 0.0, new BigDecimal("1.00"), true, 1)
                .row("k", -0.0, new BigDecimal("1.00"), true, 1)
                .row("k", Double.NaN, null, true, 1)
                .row("k", Double.longBitsToDouble(0x7ff8000000000001L), null, true, 1)
                .row(null, null, new BigDecimal("0.00"), null, 1)
                .row(null, null, new BigDecimal("0.00"), null, 1)
                .row("", 0.0, null, false, 1);
        Plan plan = Plans.grouped(
                table.projection(),
                key("a", input(0, types[0])),
                key("b", input(1, types[1])),
                key("c", input(2, types[2])),
                key("d", input(3, types[3])),
                aggregate("n", Aggregate.COUNT_ROWS, integer(1), Type.BIGINT));
        assertThat(aggregated(plan, table))
                .containsExactlyInAnyOrder(
                        List.of("k", 0.0, new BigDecimal("1.00"), true, 2L),
                        Arrays.asList("k", Double.NaN, null, true, 2L),
                        Arrays.asList(null, null, new BigDecimal("0.00"), null, 2L),
                        Arrays.asList("", 0.0, null, false, 1L));
    }

    @Test
    void withoutKeysThereIsOneGroup() {
        Table table = new Table(Type.INTEGER, Type.INTEGER).row(1, 5).row(1, 6);
        Plan plan = Plans.grouped(
                table.projection(),
                aggregate("n", Aggregate.COUNT_ROWS, integer(1), Type.BIGINT),
                aggregate("s", Aggregate.SUM, input(1, Type.INTEGER), Type.BIGINT));
        assertThat(aggregated(plan, table)).containsExactly(List.of(2L, 11L));
    }

    @Test
    void anAggregatorIsEmptyAgainAfterItWasDrainedAndTakesAsMuchAgain() {
        Random random = new Random(4);
        Plan plan = Plans.revenue();
        Transform transform = new Transform(plan, new int[] {0});
        Aggregator aggregator = new Aggregator(plan);
        for (int round = 0; round < 6; round++) {
            // Also keys of equal beginnings and of more bytes than a group holds itself.
            int users = round % 2 == 0 ? 5000 : 7;
            Map<String, Long> expected = new HashMap<>();
            for (int b = 0; b < 10; b++) {
                Table table = new Table(Type.VARCHAR, Type.VARCHAR, Type.BIGINT);
                for (int i = 0; i < 1000; i++) {
                    int user = random.nextInt(users);
                    String name = (user % 3 == 0 ? "a-rather-long-prefix-of-a-name-" : "u") + user;
                    table.row(name, "add_revenue", (long) i);
                    expected.merge(name, (long) i, Long::sum);
                }
                aggregator.add(transform.apply(table.batch(), Plans.HERE).rows());
            }
            assertThat(aggregator.groups()).isEqualTo(expected.size());
            assertThat(aggregator.bytes()).isPositive();
            Map<String, Long> found = new HashMap<>();
            for (List<@Nullable Object> row : drained(aggregator)) {
                BigDecimal sum = (BigDecimal) row.get(1);
                found.put((String) row.get(0), sum == null ? null : sum.longValueExact());
            }
            assertThat(found).isEqualTo(expected);
            assertThat(aggregator.bytes()).isZero();
        }
    }

    /** Rows of a key, a number and a text with a weight. */
    record Row(
            @Nullable String key,
            @Nullable Long value,
            @Nullable BigDecimal wide,
            int weight) {}

    @Provide
    Arbitrary<List<Row>> rows() {
        Arbitrary<@Nullable String> keys = Arbitraries.of(
                        "a", "b", "fifteen bytes!!", "sixteen bytes!!!", "sixteen bytes!!?", "")
                .injectNull(0.1);
        Arbitrary<@Nullable Long> values = Arbitraries.longs().injectNull(0.2);
        Arbitrary<@Nullable BigDecimal> wides = Arbitraries.bigIntegers()
                .between(
                        java.math.BigInteger.TEN.pow(38).negate().add(java.math.BigInteger.ONE),
                        java.math.BigInteger.TEN.pow(38).subtract(java.math.BigInteger.ONE))
                .map(BigDecimal::new)
                .injectNull(0.2);
        Arbitrary<Integer> weights = Arbitraries.integers().between(-3, 3).filter(w -> w != 0);
        return Combinators.combine(keys, values, wides, weights)
                .as(Row::new)
                .list()
                .ofMaxSize(60);
    }

    private static final Plan WEIGHTED = of(
            new Table(Type.VARCHAR, Type.BIGINT, WIDE, Type.BIGINT),
            Type.VARCHAR,
            aggregate("s", Aggregate.SUM, input(1, Type.BIGINT), WIDE),
            aggregate("w", Aggregate.SUM, input(2, WIDE), WIDE),
            aggregate("c", Aggregate.COUNT, input(3, Type.BIGINT), Type.BIGINT),
            aggregate("n", Aggregate.COUNT_ROWS, integer(1), Type.BIGINT));

    private static Table table(List<Row> rows, int sign) {
        Table table = new Table(Type.VARCHAR, Type.BIGINT, WIDE, Type.BIGINT, Type.INTEGER);
        rows.forEach(r -> table.weighted(sign * r.weight, r.key, r.value, r.wide, r.value, 1));
        return table;
    }

    /** Partial aggregates merged by key as a destination does it. */
    private static Map<String, List<BigDecimal>> merged(Aggregator aggregator) {
        Map<String, List<BigDecimal>> sums = new TreeMap<>();
        for (List<@Nullable Object> row : drained(aggregator)) {
            List<BigDecimal> values = new ArrayList<>();
            for (@Nullable Object value : row.subList(1, row.size())) {
                values.add(value == null ? BigDecimal.ZERO : new BigDecimal(value.toString()));
            }
            sums.merge(String.valueOf(row.getFirst()), values, AggregatorTest::plus);
        }
        return sums;
    }

    private static List<BigDecimal> plus(List<BigDecimal> a, List<BigDecimal> b) {
        List<BigDecimal> sum = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            sum.add(a.get(i).add(b.get(i)));
        }
        return sum;
    }

    @Property(tries = 300)
    void theWayRowsAreSplitIntoBatchesAndOrderedDoesNotMatter(
            @ForAll("rows") List<Row> rows, @ForAll @IntRange(min = 1, max = 20) int piece, @ForAll Random random) {
        Map<String, List<BigDecimal>> expected = new TreeMap<>();
        for (Row r : rows) {
            BigDecimal weight = BigDecimal.valueOf(r.weight);
            BigDecimal value = r.value == null
                    ? BigDecimal.ZERO
                    : BigDecimal.valueOf(r.value).multiply(weight);
            BigDecimal wide = r.wide == null ? BigDecimal.ZERO : r.wide.multiply(weight);
            BigDecimal count = r.value == null ? BigDecimal.ZERO : weight;
            expected.merge(String.valueOf(r.key), List.of(value, wide, count, weight), AggregatorTest::plus);
        }
        List<Row> shuffled = new ArrayList<>(rows);
        java.util.Collections.shuffle(shuffled, random);
        Table table = table(shuffled, 1);
        // Several aggregators, of which the first takes over the others, as a committer does with lanes.
        List<Aggregator> lanes = List.of(new Aggregator(WEIGHTED), new Aggregator(WEIGHTED), new Aggregator(WEIGHTED));
        for (int from = 0; from < rows.size(); from += piece) {
            lanes.get(random.nextInt(lanes.size())).add(table.batch(from, Math.min(from + piece, rows.size())));
        }
        Aggregator whole = lanes.getFirst();
        lanes.stream().skip(1).forEach(whole::merge);
        assertThat(merged(whole)).isEqualTo(expected);
        assertThat(lanes).allSatisfy(lane -> assertThat(lane.groups()).isZero());
    }

    /** A row of a key, with values of every kind of argument. */
    record Mixed(
            @Nullable String key,
            @Nullable Integer small,
            @Nullable Long large,
            @Nullable BigDecimal wide,
            @Nullable Integer half,
            @Nullable String text) {}

    @Provide
    Arbitrary<List<Mixed>> mixed() {
        return Combinators.combine(
                        Arbitraries.of("a", "b", "a key of more than fifteen bytes", "")
                                .injectNull(0.1),
                        Arbitraries.integers().between(-100, 100).injectNull(0.3),
                        Arbitraries.longs().injectNull(0.3),
                        Arbitraries.longs().map(BigDecimal::valueOf).injectNull(0.3),
                        Arbitraries.integers().between(-100, 100).injectNull(0.3),
                        Arbitraries.strings().alpha().ofMaxLength(40).injectNull(0.3))
                .as(Mixed::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 300)
    void whatSeveralAggregatorsHoldIsMergedToWhatOneWouldHold(
            @ForAll("mixed") List<Mixed> rows, @ForAll @IntRange(min = 1, max = 20) int piece, @ForAll Random random) {
        Type[] arguments = {
            Type.VARCHAR, Type.INTEGER, WIDE, Type.DOUBLE, Type.BIGINT, WIDE, Type.DOUBLE, Type.VARCHAR, Type.VARCHAR
        };
        Table table = new Table(arguments);
        for (Mixed row : rows) {
            Double half = row.half == null ? null : row.half / 2.0;
            table.row(row.key, row.small, row.wide, half, row.large, row.wide, half, row.text, row.text);
        }
        Plan plan = of(
                table,
                Type.VARCHAR,
                aggregate("sum_i", Aggregate.SUM, input(1, Type.INTEGER), Type.BIGINT),
                aggregate("sum_w", Aggregate.SUM, input(2, WIDE), WIDE),
                aggregate("sum_d", Aggregate.SUM, input(3, Type.DOUBLE), Type.DOUBLE),
                aggregate("min_l", Aggregate.MIN, input(4, Type.BIGINT), Type.BIGINT),
                aggregate("max_w", Aggregate.MAX, input(5, WIDE), WIDE),
                aggregate("max_d", Aggregate.MAX, input(6, Type.DOUBLE), Type.DOUBLE),
                aggregate("min_t", Aggregate.MIN, input(7, Type.VARCHAR), Type.VARCHAR),
                aggregate("max_t", Aggregate.MAX, input(8, Type.VARCHAR), Type.VARCHAR));
        List<Aggregator> lanes = List.of(new Aggregator(plan), new Aggregator(plan));
        Aggregator one = new Aggregator(plan);
        for (int from = 0; from < rows.size(); from += piece) {
            int to = Math.min(from + piece, rows.size());
            lanes.get(random.nextInt(lanes.size())).add(table.batch(from, to));
            one.add(table.batch(from, to));
        }
        lanes.getFirst().merge(lanes.getLast());
        assertThat(drained(lanes.getFirst())).containsExactlyInAnyOrderElementsOf(drained(one));
    }

    @Test
    void partsOfASumGoWithItsGroupWhenItIsMerged() {
        Table table =
                new Table(Type.VARCHAR, Type.BIGINT).row("a", Long.MAX_VALUE).row("a", Long.MAX_VALUE);
        Plan plan = of(table, Type.VARCHAR, aggregate("s", Aggregate.SUM, input(1, Type.BIGINT), Type.BIGINT));
        Aggregator whole = new Aggregator(plan);
        Table other = new Table(Type.VARCHAR, Type.BIGINT).row("b", 1L).row("c", 2L);
        whole.add(other.batch());
        Aggregator lane = new Aggregator(plan);
        lane.add(other.batch());
        lane.add(table.batch());
        whole.merge(lane);
        assertThat(drained(whole))
                .containsExactlyInAnyOrder(
                        List.of("a", Long.MAX_VALUE), List.of("a", Long.MAX_VALUE), List.of("b", 2L), List.of("c", 4L));
    }

    @Property(tries = 100)
    void aRowTakenBackIsAsIfItHadNeverBeen(@ForAll("rows") List<Row> rows) {
        Aggregator aggregator = new Aggregator(WEIGHTED);
        aggregator.add(table(rows, 1).batch());
        aggregator.add(table(rows, -1).batch());
        assertThat(merged(aggregator).values())
                .allSatisfy(sums -> assertThat(sums)
                        .allSatisfy(sum -> assertThat(sum.signum()).isZero()));
    }
}
