package io.millrace.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ByteSize;
import io.millrace.api.RejectionLimit;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import io.millrace.engine.yaml.SourceKind;
import io.millrace.engine.yaml.SourceText;
import io.millrace.sql.plan.Plan;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineLoaderTest {
    static final String REVENUE = """
            pipeline: user-revenue
            from:
              files: { path: "${file:events.jsonl}" }
            columns: { userId: VARCHAR, value: BIGINT }
            transform: |
              SELECT userId AS user_id,
                     SUM(value) AS revenue,
                     COUNT(*) AS events
              FROM input
              GROUP BY userId
            into:
              postgres: { table: users_revenue, key: [user_id] }
            """;

    private static Loaded load(String text, Map<String, String> set, Map<String, String> environment) {
        return load(text, set, environment, (pipeline, into) -> {});
    }

    private static Loaded load(
            String text, Map<String, String> set, Map<String, String> environment, PipelineLoader.Ahead ahead) {
        return new PipelineLoader(Connectors.installed())
                .check(
                        new SourceText("pipeline.yaml", text, SourceKind.PIPELINE),
                        Path.of("/etl/pipeline.yaml"),
                        set,
                        environment,
                        ahead);
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
                .isEqualTo(new PipelineFile.Commit(Duration.ofSeconds(5), new ByteSize(64L << 20)));
        assertThat(pipeline.shape().mode()).isEqualTo(Mode.MERGE);
        assertThat(pipeline.shape().columns())
                .containsExactly(
                        new TableShape.Col("user_id", Type.VARCHAR, false, Merge.KEY),
                        new TableShape.Col("revenue", Type.decimal(38, 0), true, Merge.ADD),
                        new TableShape.Col("events", Type.BIGINT, false, Merge.ADD));
    }

    @Test
    void theSourceIsOpenedInTheFolderOfTheFile() throws Exception {
        assertThat(pipeline(REVENUE).openSource(Path.of("data")))
                .isEqualTo(new TestSource.Opened(Path.of("/etl/events.jsonl")));
    }

    @Test
    void theDestinationIsToldAheadOfTheQueryUnlessTheFileIsWrongSoFar() {
        List<String> told = new ArrayList<>();
        PipelineLoader.Ahead ahead = (pipeline, into) ->
                told.add(pipeline + " into " + into.connector().name());
        load(REVENUE, Map.of(), Map.of(), ahead);
        assertThat(told).containsExactly("user-revenue into postgres");
        load(REVENUE.replace("SELECT", "SELEKT"), Map.of(), Map.of(), ahead);
        assertThat(told).hasSize(2);
        load(REVENUE.replace("pipeline: user-revenue", "pipeline: user revenue"), Map.of(), Map.of(), ahead);
        assertThat(told).hasSize(2);
    }

    @Test
    void everySettingCanBeSaid() {
        Pipeline pipeline = pipeline("""
                pipeline: all_1
                parameters: { table: "seen" }
                from:
                  files:
                    path: events/*.csv
                    format: csv
                    csv: { delimiter: ";", header: false }
                columns:
                  id: BIGINT NOT NULL
                  client.at: timestamp
                transform: SELECT id, client.at AS seen FROM input
                into:
                  postgres:
                    table: ${table}
                    key: &key [ id ]
                    version: seen
                    timeout: 500ms
                    buffer: 2 kB
                    attempts: 0x10
                    max_rows: -7
                    factor: 2
                    sorted: true
                    options: { b: 1, a: on }
                    certificate: ca.pem
                commit: { every: 5m, memory: 1GiB }
                lanes: 3
                stop_when: rejected > 0.50% of 10_000
                """);
        assertThat(pipeline.file().stopWhen())
                .isEqualTo(new RejectionLimit(new BigDecimal("0.5"), 10_000))
                .hasToString("rejected > 0.5 % of 10000");
        assertThat(pipeline.lanes()).isEqualTo(3);
        assertThat(pipeline.commit()).isEqualTo(new PipelineFile.Commit(Duration.ofMinutes(5), new ByteSize(1L << 30)));
        assertThat(pipeline.file().from().config())
                .isEqualTo(
                        new TestSource.Config("events/*.csv", TestSource.Layout.CSV, new TestSource.Csv(';', false)));
        assertThat(pipeline.file().into().config())
                .isEqualTo(new TestSink.Config(
                        "seen",
                        List.of("id"),
                        "seen",
                        Duration.ofMillis(500),
                        new ByteSize(2000),
                        16,
                        -7,
                        2.0,
                        true,
                        Map.of("b", "1", "a", "on"),
                        Path.of("ca.pem")));
        assertThat(pipeline.shape().mode()).isEqualTo(Mode.UPSERT);
        assertThat(pipeline.shape().version()).isEqualTo(1);
        assertThat(pipeline.plan().input().fields())
                .extracting(field -> field.name() + " " + field.type().sql() + " " + field.nullable())
                .containsExactly("id BIGINT false", "client.at TIMESTAMP true");
    }

    @Test
    void aParameterTakesTheFirstValueThereIs() {
        String file = """
                pipeline: a
                %s
                from: { files: { path: "%s" } }
                transform: SELECT a FROM input
                into: { postgres: { table: t } }
                """;
        String declared = "parameters: { p: declared }";
        assertThat(path(file.formatted(declared, "${p:here}"), Map.of("p", "set"), Map.of("p", "environment")))
                .isEqualTo("set");
        assertThat(path(file.formatted(declared, "${p:here}"), Map.of(), Map.of("p", "environment")))
                .isEqualTo("environment");
        assertThat(path(file.formatted(declared, "${p:here}"), Map.of(), Map.of()))
                .isEqualTo("here");
        assertThat(path(file.formatted(declared, "<${p}>"), Map.of(), Map.of())).isEqualTo("<declared>");
        assertThat(path(file.formatted("", "$${p} ${p:a:b} $p $"), Map.of(), Map.of()))
                .isEqualTo("${p} a:b $p $");
        assertThat(path(file.formatted("", "${p}"), Map.of("p", "${p} $${q}"), Map.of()))
                .isEqualTo("${p} $${q}");
    }

    private static String path(String text, Map<String, String> set, Map<String, String> environment) {
        Loaded loaded = load(text, set, environment);
        assertThat(loaded).isInstanceOf(Loaded.Ok.class);
        return ((TestSource.Config)
                        ((Loaded.Ok) loaded).pipeline().file().from().config())
                .path();
    }

    @Test
    void aParameterInQuotesOfTheQueryStaysInThem() {
        String file = """
                pipeline: a
                from: { files: { path: x } }
                transform: |
                  SELECT '${p}' AS "${q}", ${n} AS n -- ${not_looked_at}
                  FROM input /* '${nor_this} */ WHERE '''' <> '${p}'
                into: { postgres: { table: t } }
                """;
        Loaded loaded = load(file, Map.of("p", "it's", "q", "a\"b", "n", "1 + 2"), Map.of());
        assertThat(loaded).isInstanceOf(Loaded.Ok.class);
        Pipeline pipeline = ((Loaded.Ok) loaded).pipeline();
        assertThat(pipeline.file().transform())
                .contains("'it''s' AS \"a\"\"b\", 1 + 2 AS n -- ${not_looked_at}")
                .contains("'${nor_this} */ WHERE '''' <> 'it''s'");
        assertThat(pipeline.plan().outputs()).extracting(Plan.Output::name).containsExactly("a\"b", "n");
    }

    @Test
    void windowsNewlinesAndAByteOrderMarkChangeNoPlace(@TempDir Path folder) throws Exception {
        String wrong = REVENUE.replace("SUM(value)", "SUM(valeu)").replace("table:", "tabel:");
        Path unix = Files.writeString(folder.resolve("pipeline.yaml"), wrong);
        Loaded expected = new PipelineLoader(Connectors.installed()).load(unix, Map.of(), Map.of());
        assertThat(((Loaded.Invalid) expected).problems())
                .extracting(problem -> problem.line() + ":" + problem.column())
                .containsExactly("7:14", "12:15");

        Path windows = Files.writeString(unix, "\uFEFF" + wrong.replace("\n", "\r\n"));
        assertThat(new PipelineLoader(Connectors.installed()).load(windows, Map.of(), Map.of()))
                .isEqualTo(expected);
    }

    /** Each would take minutes or all memory where work grew with the square of a file's size. */
    @Test
    void aFileFullOfMistakesIsToldTheFirstHundred() {
        int size = 1 << 20;
        for (String file : List.of(
                "transform: |\n" + " ${a}\n".repeat(size / 7),
                "pipeline: \"" + "${a}".repeat(size / 5) + "\"",
                "k: 1\n".repeat(size / 6))) {
            assertThat(load(file, Map.of(), Map.of()))
                    .isInstanceOfSatisfying(
                            Loaded.Invalid.class,
                            invalid -> assertThat(invalid.problems())
                                    .hasSize(101)
                                    .last()
                                    .hasToString("pipeline.yaml: more than 100 problems; these are the first"));
        }
    }

    @Test
    void aBombIsRefused() {
        int size = 1 << 20;
        for (String piece : List.of("[", "{a: ", "- ", "? ", "!", "*a ", "&a ", "|", "${", "- a\n", "[a,", "\\")) {
            assertThat(load(piece.repeat(size / piece.length()), Map.of(), Map.of()))
                    .isInstanceOfSatisfying(
                            Loaded.Invalid.class,
                            invalid -> assertThat(invalid.problems())
                                    .allMatch(problem -> problem.message().length() < 1100));
        }
    }
}
