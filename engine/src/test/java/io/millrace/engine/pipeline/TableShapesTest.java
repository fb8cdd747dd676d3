package io.millrace.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Projection;
import io.millrace.api.SinkConnector.Target;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Plan;
import io.millrace.sql.plan.Plan.Aggregate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TableShapesTest {
    private final List<String> problems = new ArrayList<>();

    private TableShape shape(Plan plan, List<String> key, @Nullable String version, boolean keysMaySpanSplits) {
        return TableShapes.of(
                plan,
                new Target("t", key, version, java.util.Set.of()),
                keysMaySpanSplits,
                (at, message) -> problems.add(at + ": " + message));
    }

    private static Plan plan(boolean grouped, Plan.Output... outputs) {
        List<Plan.Average> averages =
                grouped ? List.of(new Plan.Average("mean", Type.DOUBLE, 1, 2)) : List.<Plan.Average>of();
        return new Plan(new Projection(List.of()), List.of(), null, List.of(outputs), averages, grouped);
    }

    private static Plan.Output output(String name, Type type, @Nullable Aggregate aggregate) {
        return new Plan.Output(name, new Expr.Literal(type, null), aggregate, type, true);
    }

    private static final Plan GROUPED = plan(
            true,
            output("day", Type.DATE, null),
            output("total", Type.BIGINT, Aggregate.SUM),
            output("n", Type.BIGINT, Aggregate.COUNT),
            output("first", Type.BIGINT, Aggregate.MIN),
            output("last", Type.BIGINT, Aggregate.MAX),
            output("user", Type.VARCHAR, null));

    private static final Plan ROWS = plan(
            false,
            output("id", Type.BIGINT, null),
            output("seen", Type.TIMESTAMP, null),
            output("open", Type.BOOLEAN, null),
            output("body", Type.JSON, null));

    @Test
    void withGroupByRowsAreMergedByWhatIsGroupedBy() {
        TableShape shape = shape(GROUPED, List.of("user", "day"), null, true);
        assertThat(problems).isEmpty();
        assertThat(shape.mode()).isEqualTo(Mode.MERGE);
        assertThat(shape.columns())
                .extracting(TableShape.Col::merge)
                .containsExactly(Merge.KEY, Merge.ADD, Merge.ADD, Merge.MIN, Merge.MAX, Merge.KEY);
        assertThat(shape.columns())
                .extracting(TableShape.Col::nullable)
                .containsExactly(false, true, true, true, true, false);
        assertThat(shape.averages()).containsExactly(new TableShape.Average("mean", Type.DOUBLE, 1, 2));
        assertThat(shape.version()).isNull();
    }

    @Test
    void withGroupByTheKeyMayBeLeftOut() {
        assertThat(shape(GROUPED, List.of(), null, true).key()).containsExactly(0, 5);
        assertThat(problems).isEmpty();
    }

    @Test
    void withGroupByNoOtherKeyWillDo() {
        shape(GROUPED, List.of("user"), "last", true);
        assertThat(problems)
                .containsExactly(
                        "key: with GROUP BY the key is what the query groups by: [day, user]; give that or leave"
                                + " \"key\" out",
                        "version: with GROUP BY rows are merged by adding up, so no version decides; leave it out");
    }

    @Test
    void aggregatesWithoutAKeyHaveNowhereToGo() {
        shape(plan(true, output("a", Type.BIGINT, Aggregate.SUM)), List.of(), null, false);
        assertThat(problems).singleElement().asString().startsWith(": the query adds up all records into one row");
    }

    @Test
    void withoutKeyRowsAreAppended() {
        TableShape shape = shape(ROWS, List.of(), null, true);
        assertThat(problems).isEmpty();
        assertThat(shape.mode()).isEqualTo(Mode.APPEND);
        assertThat(shape.columns()).extracting(TableShape.Col::merge).containsOnly(Merge.VALUE);
        assertThat(shape.columns()).extracting(TableShape.Col::nullable).containsOnly(true);
    }

    @Test
    void withKeyAndVersionTheHighestVersionWins() {
        TableShape shape = shape(ROWS, List.of("id"), "seen", true);
        assertThat(problems).isEmpty();
        assertThat(shape.mode()).isEqualTo(Mode.UPSERT);
        assertThat(shape.version()).isEqualTo(1);
        assertThat(shape.columns().getFirst()).isEqualTo(new TableShape.Col("id", Type.BIGINT, false, Merge.KEY));
    }

    @Test
    void withoutVersionTheOrderInOneSplitDecides() {
        assertThat(shape(ROWS, List.of("id"), null, false).version()).isNull();
        assertThat(problems).isEmpty();
    }

    @Test
    void withoutVersionSplitsThatShareKeysAreRefused() {
        shape(ROWS, List.of("id"), null, true);
        assertThat(problems).singleElement().asString().contains("version: COLUMN");
    }

    @Test
    void whatIsNoColumnOfTheQueryIsTold() {
        shape(ROWS, List.of("id", "ids", "id"), "sen", true);
        assertThat(problems)
                .containsExactly(
                        "key[2]: the query has no column \"ids\" for the key; did you mean \"id\"?",
                        "key[3]: the key column \"id\" is given twice",
                        "version: the query has no column \"sen\" for the version; did you mean \"seen\"?");
    }

    @Test
    void aVersionMustHaveAnOrderAndNotBeThePartOfTheKey() {
        shape(ROWS, List.of("id"), "open", true);
        shape(ROWS, List.of("id"), "body", true);
        shape(ROWS, List.of("id", "seen"), "seen", true);
        assertThat(problems)
                .containsExactly(
                        "version: the version column \"open\" is BOOLEAN; it must be of a type with an order, such as"
                                + " BIGINT or TIMESTAMP",
                        "version: the version column \"body\" is JSON; it must be of a type with an order, such as"
                                + " BIGINT or TIMESTAMP",
                        "version: the version column \"seen\" is part of the key, so it can't decide between rows");
    }

    @Test
    void aKeyMustBeComparable() {
        shape(ROWS, List.of("body"), "seen", true);
        assertThat(problems)
                .containsExactly(": the key column \"body\" is JSON, whose values can't be told equal for certain; take"
                        + " a scalar out of it");
    }

    @Test
    void aVersionWithoutAKeyIsRefused() {
        shape(ROWS, List.of(), "seen", true);
        assertThat(problems)
                .containsExactly("version: a version decides between rows of one key, but no \"key\" is given");
    }
}
