package io.millrace.sql.exec;

import static io.millrace.sql.exec.Plans.HERE;
import static io.millrace.sql.exec.Plans.call;
import static io.millrace.sql.exec.Plans.cast;
import static io.millrace.sql.exec.Plans.input;
import static io.millrace.sql.exec.Plans.integer;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Batch;
import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of the records of a batch. */
class TransformTest {
    private static final Type INTS = Type.array(Type.INTEGER);

    private static List<Integer> parents(Transform.Result result) {
        int[] parents = result.parents();
        int rows = result.rows().rows();
        List<Integer> list = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            list.add(parents == null ? i : parents[i]);
        }
        return list;
    }

    private static Expr positive(Expr value) {
        return call(Type.BOOLEAN, Function.GT, value, integer(0));
    }

    @Test
    void rowsThatAreNotTrueAreFilteredAndTheOthersKnowTheirRecord() {
        Table table = new Table(Type.INTEGER, Type.VARCHAR)
                .row(-1, "a")
                .row(2, "b")
                .row(null, "c")
                .row(3, "d");
        Plan plan = Plans.select(
                table.projection(), positive(input(0, Type.INTEGER)), input(1, Type.VARCHAR), input(0, Type.INTEGER));
        Transform.Result result = new Transform(plan, new int[0]).apply(table.batch(), HERE);
        assertThat(Table.rows(result.rows())).containsExactly(List.of("b", 2L), List.of("d", 3L));
        assertThat(parents(result)).containsExactly(1, 3);
        assertThat(result.filtered()).isEqualTo(2);
        assertThat(result.failures()).isEmpty();
        assertThat(result.rows().schema().fields()).extracting(f -> f.name()).containsExactly("o0", "o1");
    }

    @Test
    void aFailureOfTheFilterNamesNoField() {
        Table table = new Table(Type.VARCHAR).row("1").row("x").row("-1");
        Plan plan = Plans.select(
                table.projection(), positive(cast(input(0, Type.VARCHAR), Type.INTEGER)), input(0, Type.VARCHAR));
        Transform.Result result = new Transform(plan, new int[0]).apply(table.batch(), HERE);
        assertThat(result.failures())
                .containsExactly(new Transform.Failure(1, TransformCode.INVALID_CAST, null, "a text is no INTEGER"));
        assertThat(result.filtered()).isEqualTo(1);
        assertThat(Table.rows(result.rows())).containsExactly(List.of("1"));
    }

    @Test
    void theFirstFailureOfARecordCounts() {
        Table table = new Table(Type.VARCHAR).row("x");
        Expr number = cast(input(0, Type.VARCHAR), Type.INTEGER);
        Plan plan = Plans.select(table.projection(), null, number, Plans.reject(Type.INTEGER), number);
        Transform.Result result = new Transform(plan, new int[0]).apply(table.batch(), HERE);
        assertThat(result.failures()).hasSize(1);
        assertThat(result.failures().getFirst().field()).isEqualTo("o0");
        assertThat(result.failures().getFirst().code().code()).isEqualTo("invalid_cast");
    }

    @Test
    void aNullKeyRejectsTheRecordUnlessItIsFiltered() {
        Table table =
                new Table(Type.INTEGER, Type.INTEGER).row(null, 1).row(null, -1).row(5, 1);
        Plan plan = Plans.select(table.projection(), positive(input(1, Type.INTEGER)), input(0, Type.INTEGER));
        Transform.Result result = new Transform(plan, new int[] {0}).apply(table.batch(), HERE);
        assertThat(result.failures())
                .extracting(Transform.Failure::row, Transform.Failure::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(0, TransformCode.NULL_KEY));
        assertThat(result.filtered()).isEqualTo(1);
        assertThat(Table.rows(result.rows())).containsExactly(List.of(5L));
    }

    @Test
    void surroundingsAreThoseOfTheRecord() {
        Table table = new Table(Type.INTEGER).row(-1).row(1);
        Plan plan = Plans.select(
                table.projection(),
                positive(input(0, Type.INTEGER)),
                new Expr.Surrounding(Expr.Surrounding.Kind.SOURCE),
                new Expr.Surrounding(Expr.Surrounding.Kind.OFFSET),
                cast(new Expr.Surrounding(Expr.Surrounding.Kind.RECEIVED_AT), Type.VARCHAR));
        Transform.Result result = new Transform(plan, new int[0]).apply(table.batch(), HERE);
        assertThat(Table.rows(result.rows()))
                .containsExactly(List.of("events.jsonl", "at 1", "2023-11-14 22:13:20+00"));
    }

    @Test
    void unnestMultipliesARecordByTheElements() {
        Table table = new Table(Type.VARCHAR, INTS)
                .row("a", List.of(1, 2))
                .row("b", null)
                .row("c", List.of())
                .row("d", Arrays.asList(3, null));
        Plan plan = unnesting(table, null, input(0, Type.VARCHAR), input(2, Type.INTEGER));
        Transform.Result result = new Transform(plan, new int[0]).apply(table.batch(), HERE);
        assertThat(Table.rows(result.rows()))
                .containsExactly(List.of("a", 1L), List.of("a", 2L), List.of("d", 3L), Arrays.asList("d", null));
        assertThat(parents(result)).containsExactly(0, 0, 3, 3);
        assertThat(result.filtered()).isEqualTo(2);
    }

    private static Plan unnesting(Table table, @Nullable Expr filter, Expr... outputs) {
        Plan plain = Plans.select(table.projection(), filter, outputs);
        return new Plan(
                plain.input(),
                List.of(new Plan.Unnest(input(1, INTS))),
                plain.filter(),
                plain.outputs(),
                List.of(),
                false);
    }

    @Test
    void aRecordIsRejectedAsAWholeWhereOneOfItsRowsFails() {
        Table table = new Table(Type.VARCHAR, INTS)
                .row("a", List.of(1, 0, 2, 0))
                .row("b", List.of(5))
                .row("c", List.of(-5));
        Expr quotient = call(Type.INTEGER, Function.DIVIDE, integer(10), input(2, Type.INTEGER));
        Expr notMinusFive = call(Type.BOOLEAN, Function.NE, input(2, Type.INTEGER), integer(-5));
        Plan plan = unnesting(table, notMinusFive, input(0, Type.VARCHAR), quotient);
        Transform.Result result = new Transform(plan, new int[0]).apply(table.batch(), HERE);
        assertThat(Table.rows(result.rows())).containsExactly(List.of("b", 2L));
        assertThat(parents(result)).containsExactly(1);
        assertThat(result.failures()).extracting(Transform.Failure::row).containsExactly(0);
        assertThat(result.filtered()).isEqualTo(1);
    }

    @Test
    void unnestsMayFollowEachOther() {
        Type nested = Type.array(INTS);
        Table table = new Table(nested)
                .row(List.of(List.of(1, 2), List.of(), List.of(3)))
                .row(List.of(List.of(4)));
        Plan plain = Plans.select(table.projection(), null, input(2, Type.INTEGER));
        Plan plan = new Plan(
                plain.input(),
                List.of(new Plan.Unnest(input(0, nested)), new Plan.Unnest(input(1, INTS))),
                null,
                plain.outputs(),
                List.of(),
                false);
        Transform transform = new Transform(plan, new int[0]);
        for (int i = 0; i < 2; i++) {
            Transform.Result result = transform.apply(table.batch(), HERE);
            assertThat(Table.rows(result.rows())).containsExactly(List.of(1L), List.of(2L), List.of(3L), List.of(4L));
            assertThat(parents(result)).containsExactly(0, 0, 0, 1);
        }
    }

    @Test
    void weightsStayWithTheirRows() {
        Table table =
                new Table(Type.VARCHAR, INTS).weighted(-1, "a", List.of(1, 2)).weighted(3, "b", List.of(-1, 4));
        Plan plan = unnesting(table, positive(input(2, Type.INTEGER)), input(2, Type.INTEGER));
        Batch rows = new Transform(plan, new int[0]).apply(table.batch(), HERE).rows();
        assertThat(Table.rows(rows)).containsExactly(List.of(1L), List.of(2L), List.of(4L));
        assertThat(List.of(rows.weight(0), rows.weight(1), rows.weight(2))).containsExactly(-1, -1, 3);
    }

    @Test
    void anEmptyBatchHasNoRows() {
        Table table = new Table(Type.VARCHAR, INTS);
        Plan plan = unnesting(table, positive(input(2, Type.INTEGER)), input(2, Type.INTEGER));
        Transform.Result result = new Transform(plan, new int[] {0}).apply(table.batch(), HERE);
        assertThat(result.rows().rows()).isZero();
        assertThat(result.filtered()).isZero();
    }

    /** Rows of a text, a number and an array. */
    @Provide
    Arbitrary<List<List<@Nullable Object>>> records() {
        Arbitrary<@Nullable String> texts = Arbitraries.of("", "1", "-7", "x", "add_revenue", "é", "2147483648")
                .injectNull(0.2);
        Arbitrary<@Nullable Long> numbers = Arbitraries.longs().between(-3, 3).injectNull(0.2);
        Arbitrary<List<@Nullable Long>> arrays = numbers.list().ofMaxSize(3);
        Arbitrary<List<@Nullable Object>> record =
                Combinators.combine(texts, arrays, numbers).as((t, a, n) -> Arrays.<@Nullable Object>asList(t, a, n));
        return record.list().ofMaxSize(40);
    }

    @Property(tries = 300)
    void transformingPiecesIsTransformingTheWhole(
            @ForAll("records") List<List<@Nullable Object>> records, @ForAll @IntRange(min = 1, max = 9) int piece) {
        Table table = new Table(Type.VARCHAR, INTS, Type.INTEGER);
        records.forEach(r -> table.row(r.toArray()));
        Expr element = input(3, Type.INTEGER);
        Expr text = input(0, Type.VARCHAR);
        Expr length = call(Type.INTEGER, Function.CHAR_LENGTH, text);
        Expr chosen = new Expr.Case(
                List.of(new Expr.When(call(Type.BOOLEAN, Function.GT, length, integer(3)), length)),
                cast(text, Type.INTEGER),
                Type.INTEGER);
        Expr sum = call(Type.INTEGER, Function.ADD, element, call(Type.INTEGER, Function.COALESCE, chosen, integer(7)));
        Expr quotient = call(Type.INTEGER, Function.DIVIDE, sum, input(2, Type.INTEGER));
        Expr filter = call(Type.BOOLEAN, Function.NE, element, input(2, Type.INTEGER));
        Transform transform = new Transform(unnesting(table, filter, text, quotient), new int[] {0});

        Transform.Result whole = transform.apply(table.batch(), HERE);
        List<List<@Nullable Object>> rows = Table.rows(whole.rows());
        List<Integer> origins = parents(whole);
        List<Transform.Failure> failures = whole.failures();
        int filtered = whole.filtered();
        assertThat((int) origins.stream().distinct().count() + filtered + failures.size())
                .isEqualTo(records.size());

        List<List<@Nullable Object>> pieceRows = new ArrayList<>();
        List<Integer> pieceOrigins = new ArrayList<>();
        List<Transform.Failure> pieceFailures = new ArrayList<>();
        int pieceFiltered = 0;
        for (int from = 0; from < records.size(); from += piece) {
            int start = from;
            Transform.Result part = transform.apply(table.batch(from, Math.min(from + piece, records.size())), HERE);
            pieceRows.addAll(Table.rows(part.rows()));
            parents(part).forEach(p -> pieceOrigins.add(p + start));
            part.failures()
                    .forEach(f -> pieceFailures.add(
                            new Transform.Failure(f.row() + start, f.code(), f.field(), f.message())));
            pieceFiltered += part.filtered();
        }
        assertThat(pieceRows).isEqualTo(rows);
        assertThat(pieceOrigins).isEqualTo(origins);
        assertThat(pieceFailures).containsExactlyInAnyOrderElementsOf(failures);
        assertThat(pieceFiltered).isEqualTo(filtered);
    }
}
