package io.millrace.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.engine.yaml.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractTest {

    private static final Connectors CONNECTORS = Connectors.installed();

    @TempDir
    Path folder;

    private Loaded load(String contract, String query) throws IOException {
        Path file = Files.writeString(folder.resolve("pipeline.yaml"), """
                pipeline: p
                from:
                  files: { path: events.jsonl }
                %s
                transform: %s
                into:
                  postgres: { table: t }
                """.formatted(contract, query));
        return new PipelineLoader(CONNECTORS).load(file, Map.of(), Map.of());
    }

    private static Pipeline pipeline(Loaded loaded) {
        assertThat(loaded).isInstanceOf(Loaded.Ok.class);
        return ((Loaded.Ok) loaded).pipeline();
    }

    private static List<String> problems(Loaded loaded) {
        assertThat(loaded).isInstanceOf(Loaded.Invalid.class);
        return ((Loaded.Invalid) loaded)
                .problems().stream()
                        .map(problem -> problem.line() + ": " + problem.message())
                        .toList();
    }

    private void schema(String text) throws IOException {
        Files.writeString(folder.resolve("s.json"), text);
    }

    @Test
    void columnsAndWhetherTheyMayBeNullFollowFromTheSchema() throws Exception {
        schema("""
                {"type":"object","required":["id","at","price","who"],"properties":{
                  "id":{"type":"integer"}, "small":{"type":"integer","minimum":0,"maximum":10},
                  "at":{"type":"string","format":"date-time"}, "day":{"type":["string","null"],"format":"date"},
                  "price":{"type":"number","multipleOf":0.01,"minimum":0,"maximum":99999},
                  "ratio":{"type":"number"}, "on":{"type":"boolean"},
                  "tags":{"type":"array","items":{"type":"string"}},
                  "who":{"$ref":"#/$defs/who"}, "any":{}},
                 "$defs":{"who":{"type":"object","required":["name"],
                    "properties":{"name":{"enum":["a","b"]},"age":{"type":"integer"}}}}}
                """);
        Pipeline pipeline = pipeline(
                load(
                        "contract: { schema: s.json }",
                        "SELECT id, small, \"at\", \"day\", price, ratio, \"on\", tags, who.name AS n, who.age AS age, \"any\" AS a FROM input"));
        assertThat(pipeline.input().fields())
                .extracting(Projection.Field::name, Projection.Field::type, Projection.Field::nullable)
                .containsExactlyInAnyOrder(
                        tuple("id", Type.BIGINT, false),
                        tuple("small", Type.INTEGER, true),
                        tuple("at", Type.TIMESTAMP_TZ, false),
                        tuple("day", Type.DATE, true),
                        tuple("price", Type.decimal(7, 2), false),
                        tuple("ratio", Type.DOUBLE, true),
                        tuple("on", Type.BOOLEAN, true),
                        tuple("tags", Type.array(Type.VARCHAR), true),
                        tuple("who.name", Type.VARCHAR, false),
                        tuple("who.age", Type.BIGINT, true),
                        tuple("any", Type.JSON, true));
    }

    @Test
    void columnsOverruleTheSchema() throws Exception {
        schema(
                "{\"properties\":{\"a\":{\"type\":\"integer\"},\"o\":{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"string\"}}}}}");
        Pipeline pipeline = pipeline(load(
                "contract: { schema: s.json }\ncolumns: { a: INTEGER NOT NULL, o: JSON }", "SELECT a, o FROM input"));
        assertThat(pipeline.input().fields())
                .extracting(Projection.Field::name, Projection.Field::type, Projection.Field::nullable)
                .containsExactly(tuple("a", Type.INTEGER, false), tuple("o", Type.JSON, true));
    }

    @Test
    void aFieldThatTheSchemaDoesNotKnowIsAMistakeInTheQuery() throws Exception {
        schema("{\"properties\":{\"userId\":{\"type\":\"string\"}}}");
        assertThat(problems(load("contract: { schema: s.json }", "SELECT userID FROM input")))
                .singleElement()
                .asString()
                .contains("userID", "userId");
    }

    @Test
    void aSchemaThatIsNotThereOrNoneIsToldWhereItIsNamed() throws Exception {
        assertThat(problems(load("contract: { schema: missing.json }", "SELECT a FROM input")))
                .singleElement()
                .asString()
                .startsWith("4: ")
                .contains("contract.schema", "there is no file", "missing.json");
        schema("{\"type\": 7}");
        assertThat(problems(load("contract: { schema: s.json }", "SELECT a FROM input")))
                .anySatisfy(problem -> assertThat(problem).contains("4: contract.schema", "no usable JSON Schema"));
        schema("{\"$ref\":\"https://example.com/other.json\"}");
        assertThat(problems(load("contract: { schema: s.json }", "SELECT a FROM input")))
                .anySatisfy(problem -> assertThat(problem).contains("nothing is fetched from a network"));
    }

    @Test
    void whatItDependsOnIsToldAlsoWhereItCanNotBeUsed() throws Exception {
        assertThat(load("contract: { schema: missing.json }", "SELECT a FROM input")
                        .besides())
                .containsExactly(folder.resolve("missing.json"));
        schema("{\"properties\":{\"a\":{\"$ref\":\"part.json\"}}}");
        Files.writeString(folder.resolve("part.json"), "{\"type\":\"string\"}");
        assertThat(load("contract: { schema: s.json }", "SELECT a FROM input").besides())
                .containsExactlyInAnyOrder(folder.resolve("s.json"), folder.resolve("part.json"));
    }

    @Test
    void aPipelineWithAnotherSchemaIsAnother() throws Exception {
        schema("{\"properties\":{\"a\":{\"type\":\"string\"}}}");
        Pipeline before = pipeline(load("contract: { schema: s.json }", "SELECT a FROM input"));
        assertThat(pipeline(load("contract: { schema: s.json }", "SELECT a FROM input")))
                .isEqualTo(before);
        schema("{\"properties\":{\"a\":{\"type\":\"string\",\"minLength\":2}}}");
        assertThat(pipeline(load("contract: { schema: s.json }", "SELECT a FROM input")))
                .isNotEqualTo(before);
    }

    @Test
    void withoutASchemaNoFieldIsUnknown() throws Exception {
        assertThat(problems(load("contract: { additional: quarantine }", "SELECT a FROM input")))
                .singleElement()
                .asString()
                .contains("contract.additional", "give contract.schema");
    }

    @Test
    void nobodyWaitsForAnAnswerFromFiles() throws Exception {
        schema("{}");
        Problem problem = ((Loaded.Invalid)
                        load("contract: { schema: s.json, on_violation: reject }", "SELECT a FROM input"))
                .problems()
                .getFirst();
        assertThat(problem.message()).contains("nobody waits for an answer");
    }
}
