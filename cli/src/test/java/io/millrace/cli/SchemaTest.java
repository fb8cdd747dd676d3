package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.engine.config.ConfigLoader;
import io.millrace.engine.config.ConfigSources;
import io.millrace.engine.config.Configured;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.server.ServerConfig;
import io.millrace.tests.TestSuite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the schemas refuse, the loaders refuse; what is right, both take. */
class SchemaTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /** All keys of a pipeline file, a connector's blocks with them. */
    private static final String PIPELINE = """
            pipeline: every-key
            parameters: { folder: in, unit: s }
            from:
              files:
                path: ${folder}/*.csv
                format: csv
                csv: { delimiter: ;, quote: "'", header: false, columns: [a, b] }
                compression: none
                max_record_bytes: 0x1000
            columns: { a: VARCHAR NOT NULL, b: BIGINT }
            contract: { on_violation: quarantine }
            transform: SELECT a, SUM(b) AS b FROM input GROUP BY a
            into:
              postgres: { table: every_key, key: [a], url: "postgresql://localhost/x" }
            lanes: 2
            commit: { every: "5${unit}", memory: 64 MiB }
            serve:
              - { path: "/every/{a}", columns: [a, b] }
              - { path: "/every" }
            """;

    private static final String CONFIG = """
            auth:
              provider:
                issuer: https://login.example.org/
                audience: millrace
                key_refresh: 5m
                roles_claim: realm.roles
                roles: { writers: ["events:write"], all: [admin, "data:read"] }
                allow_http: false
            log: { segment_size: 64MiB, keep: 2d, idempotency_keys: 1000 }
            http:
              address: 127.0.0.1
              port: 0
              limits: { record: 1MB, requests_per_second: 10, head: 5s }
            output: { format: json }
            remote: { every: 10s, token: hidden }
            """;

    /** All keys of a test file. */
    private static final String TEST = """
            pipeline: pipeline.yaml
            parameters: { file: "none.jsonl", other: 7 }
            at: 2026-01-01T00:00:00Z
            csv: { delimiter: ;, header: false, columns: [a, b] }
            tests:
              - name: every key
                given:
                  - { userId: ann, _received_at: "2026-01-01T00:00:00+01:00", _source: s, _offset: 7, _client: c }
                  - '{"userId":'
                files: []
                at: "2026-02-01T00:00:00Z"
                expect: [{ user_id: ann, revenue: null }]
                quarantine: [{ code: malformed_json, field: a, stage: decode, record: 2 }]
                restart_after: 1
                parallel: 2
                shuffle: true
                seed: 7
              - { name: little }
            """;

    /** What may stand where something else should. */
    private static final List<@Nullable Object> VALUES = Arrays.asList(
            null,
            true,
            "True",
            7,
            -1,
            70_000_000_000L,
            2.5,
            "",
            "x",
            "5s",
            "5 parsecs",
            "64MiB",
            "${NONE_SUCH:7}",
            List.of(),
            List.of(1),
            Arrays.asList("a", null),
            Map.of(),
            Map.of("x", 1));

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    /** {@code -Dmillrace.docs.write=true} writes the files instead. */
    @ParameterizedTest
    @CsvSource({"pipeline, pipeline.schema.json", "config, millrace.schema.json", "test, test.schema.json"})
    void theFilesForEditorsAreWhatTheCommandPrints(String kind, String name) throws IOException {
        Path file = Path.of("../docs/reference").resolve(name);
        Captured printed = Captured.of("schema", kind);
        assertThat(printed.exitCode()).isEqualTo(ExitCode.DONE);
        if (Boolean.getBoolean("millrace.docs.write")) {
            Files.writeString(file, printed.out());
        }
        assertThat(Files.readString(file)).isEqualTo(printed.out());
    }

    @Test
    void withoutAKindItIsThePipelineFile() {
        assertThat(Captured.of("schema").out())
                .isEqualTo(Captured.of("schema", "pipeline").out());
    }

    @Test
    void whatHasNoSchemaIsWrongUsage() {
        assertThat(Captured.of("schema", "table").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("../examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsTakenAndNamesItsSchema(Path example) throws IOException {
        String text = Files.readString(example);
        String modeline = text.lines().findFirst().orElse("");
        assertThat(modeline).startsWith("# yaml-language-server: $schema=");
        Path schema = example.resolveSibling(modeline.substring(modeline.indexOf('=') + 1));
        assertThat(errors(REGISTRY.getSchema(Files.readString(schema)), text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "form: {}",
                "lanes: 0",
                "lanes: two",
                "pipeline: Upper",
                "from: { files: { path: a }, http: { path: /a } }",
                "from: {}",
                "from: { file: { path: a } }",
                "from: { files: }",
                "from: { files: { path: a, format: xml } }",
                "into: { postgres: { table: t, keys: [a] } }",
                "into: { postgres: { table: t, key: a } }",
                "commit: { every: 5 }",
                "commit: { memory: 64MiBi }",
                "contract: { on_violation: ignore }",
                "serve: { path: /a }",
                "serve: [ { table: a } ]",
                "transform:"
            })
    void thePipelineSchemaRefuses(String wrong) throws IOException {
        Map<Object, Object> file = tree(PIPELINE);
        file.putAll(tree(wrong));
        String text = dumped(file);
        assertThat(errors(pipelineSchema(), text)).isNotEmpty();
        assertThat(pipelineLoads(text)).isFalse();
    }

    @Test
    void whatThePipelineSchemaRefusesTheLoaderRefuses() throws IOException {
        int refused = bothOfAll(PIPELINE, pipelineSchema(), this::pipelineLoads);
        assertThat(refused).isGreaterThan(250);
    }

    @Test
    void whatTheConfigSchemaRefusesTheLoaderRefuses() throws IOException {
        Schema schema = REGISTRY.getSchema(Captured.of("schema", "config").out());
        int refused = bothOfAll(CONFIG, schema, this::configLoads);
        assertThat(refused).isGreaterThan(150);
    }

    @Test
    void whatTheTestSchemaRefusesTheReaderRefuses() throws IOException {
        Files.writeString(folder.resolve("pipeline.yaml"), """
                pipeline: tested
                parameters: { other: 8 }
                from: { files: { path: "${file:none.jsonl}" } }
                columns: { userId: VARCHAR NOT NULL, value: BIGINT }
                transform: SELECT userId AS user_id, SUM(value + ${other}) AS revenue FROM input GROUP BY userId
                into: { postgres: { table: tested, key: [user_id] } }
                """);
        Schema schema = REGISTRY.getSchema(Captured.of("schema", "test").out());
        int refused = bothOfAll(TEST, schema, this::testReads);
        assertThat(refused).isGreaterThan(250);
    }

    private boolean testReads(String text) {
        return TestSuite.read(written(text), Connectors.installed(), Map.of()) instanceof TestSuite.Read.Ok;
    }

    /** Tries a right file and all that differ from it in one place; returns how many the schema has refused. */
    private int bothOfAll(String right, Schema schema, Predicate<String> loads) {
        assertThat(errors(schema, right)).isEmpty();
        String dumped = dumped(tree(right));
        assertThat(errors(schema, dumped)).isEmpty();
        assertThat(loads.test(dumped)).as(dumped).isTrue();
        int refused = 0;
        for (Object wrong : mutants(tree(right))) {
            String text = dumped(wrong);
            List<String> errors = errors(schema, text);
            if (!errors.isEmpty()) {
                refused++;
                assertThat(loads.test(text)).as("%s%n%s", errors, text).isFalse();
            }
        }
        return refused;
    }

    /** All trees that differ from one in one place: another value, a key less, a key more, a key of another name. */
    private static List<Object> mutants(@Nullable Object tree) {
        List<Object> mutants = new ArrayList<>();
        if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                Map<Object, Object> less = new LinkedHashMap<>(map);
                less.remove(key);
                mutants.add(less);
                Map<Object, Object> renamed = new LinkedHashMap<>(less);
                renamed.put(key + "_", value);
                mutants.add(renamed);
                Stream.concat(VALUES.stream(), mutants(value).stream()).forEach(other -> {
                    Map<Object, @Nullable Object> changed = new LinkedHashMap<>(map);
                    changed.put(key, other);
                    mutants.add(changed);
                });
            });
            Map<Object, Object> more = new LinkedHashMap<>(map);
            more.put("unknown", 1);
            mutants.add(more);
        } else if (tree instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                int at = i;
                Stream.concat(VALUES.stream(), mutants(list.get(i)).stream()).forEach(other -> {
                    List<@Nullable Object> changed = new ArrayList<>(list);
                    changed.set(at, other);
                    mutants.add(changed);
                });
            }
        }
        return mutants;
    }

    private static Schema pipelineSchema() throws IOException {
        return REGISTRY.getSchema(Captured.of("schema").out());
    }

    private boolean pipelineLoads(String text) {
        return new PipelineLoader(Connectors.installed()).load(written(text), Map.of(), Map.of()) instanceof Loaded.Ok;
    }

    private boolean configLoads(String text) {
        ConfigSources sources = new ConfigSources(written(text), Map.of(), Map.of());
        return new ConfigLoader<>(ServerConfig.class).load(sources) instanceof Configured.Ok;
    }

    private Path written(String text) {
        try {
            return Files.writeString(folder.resolve("file.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads as editors do: by the core schema of YAML 1.2. */
    private static Object read(String text) {
        return new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(text);
    }

    @SuppressWarnings("unchecked") // YAML's mappings are maps
    private static Map<Object, Object> tree(String text) {
        return (Map<Object, Object>) read(text);
    }

    /** In quotes only where a text would be something else without. */
    private static String dumped(Object tree) {
        return new Dump(DumpSettings.builder()
                        .setSchema(new CoreSchema())
                        .setDereferenceAliases(true)
                        .build())
                .dumpToString(tree);
    }

    private static List<String> errors(Schema schema, String text) {
        JsonNode value = JSON.valueToTree(read(text));
        return schema.validate(value).stream().map(Object::toString).toList();
    }
}
