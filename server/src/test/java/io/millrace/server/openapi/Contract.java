package io.millrace.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.server.openapi.RawHttp.Got;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A document of OpenAPI as its reader takes it: what may be asked, and whether an answer is one that it tells of. */
final class Contract {

    static final JsonMapper JSON = JsonMapper.builder().build();

    final JsonNode document;
    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<JsonNode, com.networknt.schema.Schema> compiled = new ConcurrentHashMap<>();

    Contract(byte[] json) {
        document = JSON.readTree(json);
    }

    /** An operation, as the document has it. */
    record Op(String method, String path, JsonNode json) {
        String name() {
            return method + " " + path;
        }

        boolean secured() {
            return !json.path("security").isEmpty();
        }

        String scope() {
            return json.path("security").get(0).iterator().next().get(0).stringValue();
        }

        List<JsonNode> parameters(String in) {
            List<JsonNode> found = new ArrayList<>();
            json.path("parameters").forEach(parameter -> {
                if (parameter.path("in").stringValue().equals(in)) {
                    found.add(parameter);
                }
            });
            return found;
        }

        JsonNode bodies() {
            return json.path("requestBody").path("content");
        }

        JsonNode response(int status) {
            return json.path("responses").path(Integer.toString(status));
        }

        @Override
        public String toString() {
            return name();
        }
    }

    List<Op> operations() {
        List<Op> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.add(
                                new Op(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return operations;
    }

    Op operation(String method, String path) {
        return operations().stream()
                .filter(one -> one.method().equals(method) && one.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    /** Fails where the document does not tell of such an answer. */
    void check(Op op, Got got, Object asked) {
        JsonNode response = op.response(got.status());
        assertThat(response.isMissingNode())
                .as("%s is documented for %s: %s", got, op, asked)
                .isFalse();
        for (String header : response.path("headers").propertyNames()) {
            if (header.equals("ETag") || header.equals("X-Request-Id")) {
                assertThat(got.headers()).as("%s of %s", got, asked).containsKey(header.toLowerCase(Locale.ROOT));
            }
        }
        if (got.status() >= 400 && !op.path().equals("/oauth2/token")) {
            assertThat(got.type()).as("%s of %s", got, asked).isEqualTo("application/problem+json");
        }
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            assertThat(got.body()).as("%s of %s", got, asked).isEmpty();
            return;
        }
        JsonNode media = content.path(got.type());
        assertThat(media.isMissingNode())
                .as("the type of %s is documented for %s: %s", got, op, asked)
                .isFalse();
        if (got.type().endsWith("json")) {
            JsonNode body = JSON.readTree(got.body());
            assertThat(errors(media.path("schema"), body))
                    .as("%s of %s", got, asked)
                    .isEmpty();
            if (got.type().equals("application/problem+json")) {
                assertThat(body.path("status").intValue()).isEqualTo(got.status());
            }
        }
    }

    List<String> errors(JsonNode schema, JsonNode value) {
        return compiled
                .computeIfAbsent(schema, s -> {
                    ObjectNode whole = ((ObjectNode) s).deepCopy();
                    whole.set("components", document.path("components"));
                    return schemas.getSchema(whole);
                })
                .validate(value)
                .stream()
                .map(com.networknt.schema.Error::toString)
                .toList();
    }
}
