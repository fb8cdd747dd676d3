package io.millrace.sql.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The project's own example from records to partial aggregates. */
class RevenueTest {
    private final Table events = new Table(Type.VARCHAR, Type.VARCHAR, Type.BIGINT);

    @Test
    void addsUpByUserAndRejectsWhatTheQueryRefuses() {
        events.row("u1", "add_revenue", 98L)
                .row("u2", "add_revenue", 5L)
                .row("u1", "subtract_revenue", 100L)
                .row("u1", "gift", 7L)
                .row(null, "add_revenue", 1L)
                .row("u2", "subtract_revenue", Long.MIN_VALUE);
        Transform transform = new Transform(Plans.revenue(), new int[] {0});
        Aggregator aggregator = new Aggregator(Plans.revenue());

        Transform.Result result = transform.apply(events.batch(), Plans.HERE);
        aggregator.add(result.rows());

        assertThat(result.filtered()).isZero();
        assertThat(result.failures())
                .extracting(Transform.Failure::row, Transform.Failure::code, Transform.Failure::field)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(3, TransformCode.REJECTED_BY_QUERY, "revenue"),
                        org.assertj.core.groups.Tuple.tuple(4, TransformCode.NULL_KEY, "user_id"),
                        org.assertj.core.groups.Tuple.tuple(5, TransformCode.OVERFLOW, "revenue"));
        assertThat(drained(aggregator))
                .containsExactlyInAnyOrder(
                        List.of("u1", new BigDecimal("-2"), 2L), List.of("u2", new BigDecimal("5"), 1L));
        assertThat(aggregator.groups()).isZero();
        assertThat(aggregator.bytes()).isZero();
    }

    static List<List<@Nullable Object>> drained(Aggregator aggregator) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        aggregator.drain(1000, batch -> rows.addAll(Table.rows(batch)));
        return rows;
    }
}
