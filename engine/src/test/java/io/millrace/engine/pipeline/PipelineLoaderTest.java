package io.millrace.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ByteSize;
import io.millrace.api.Projection;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineLoaderTest {
    static final String REVENUE = """
            pipeline: user-revenue
            from:
              files: { path: "${file:events.jsonl}" }
            transform: |
              SELECT userId AS user_id,
                     SUM(value) AS revenue,
                     COUNT(*) AS events
              FROM input
              GROUP BY userId
            into:
              postgres: { table: users_revenue, key: [user_id] }
            """;

    static final Plan PLAN = new Plan(
            new Projection(List.of(
                    new Projection.Field(List.of("userId"), Type.VARCHAR, true, true),
                    new Projection.Field(List.of("value"), Type.BIGINT, true, true))),
            List.of(),
            null,
            List.of(
                    new Plan.Output("user_id", new Expr.Input(0, Type.VARCHAR), null, Type.VARCHAR, true),
                    new Plan.Output(
                            "revenue", new Expr.Input(1, Type.BIGINT), Plan.Aggregate.SUM, Type.decimal(38, 0), true),
                    new Plan.Output(
                            "events",
                            new Expr.Literal(Type.BIGINT, 1L),
                            Plan.Aggregate.COUNT_ROWS,
                            Type.BIGINT,
                            false)),
            List.of(),
            true);

    private static Loaded load(String text, Map<String, String> set, Map<String, String> environment) {
        return new PipelineLoader(Connectors.installed(), (sql, declared, problems) -> PLAN)
                .check(new SourceText("pipeline.yaml", text), Path.of("/etl/pipeline.yaml"), set, environment);
    }

    private static Pipeline pipeline(String text) {
        Loaded loaded = load(text, Map.of(), Map.of());
        assertThat(loaded).isInstanceOf(Loaded.Ok.class);
        return ((Loaded.Ok) loaded).pipeline();
    }

    @Test
    void aGroupedQueryBecomesATableMergedByItsKey() {
        Pipeline pipeline = pipeline(REVENUE);
        assertThat(pipeline.name()).isEqualTo("user-revenue");
        assertThat(pipeline.table()).isEqualTo("users_revenue");
        assertThat(pipeline.lanes()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(pipeline.commit())
                .isEqualTo(new PipelineFile.Commit(Duration.ofSeconds(1), new ByteSize(64L << 20)));
        assertThat(pipeline.shape().mode()).isEqualTo(Mode.MERGE);
        assertThat(pipeline.shape().columns())
                .containsExactly(
                        new TableShape.Col("user_id", Type.VARCHAR, false, Merge.KEY),
                        new TableShape.Col("revenue", Type.decimal(38, 0), true, Merge.ADD),
                        new TableShape.Col("events", Type.BIGINT, false, Merge.ADD));
    }

    @Test
    void theSourceIsOpenedInTheFolderOfTheFile() throws Exception {
        assertThat(pipeline(REVENUE).openSource()).isEqualTo(new TestSource.Opened(Path.of("/etl/events.jsonl")));
    }
}
