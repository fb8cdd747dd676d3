package io.millrace.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.openapi.Contract.Op;
import io.millrace.server.openapi.RawHttp.Got;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The document and the page of a running server whose pipelines change. */
class DocumentTest {

    private static final String OTHER = """
            pipeline: a-rival
            from: { http: { path: /rival } }
            columns: { id: VARCHAR NOT NULL }
            transform: SELECT id, COUNT(*) AS n FROM input GROUP BY id
            into: { postgres: { table: rival, key: [id] } }
            serve:
              - { path: "/userRevenue" }
              - { path: "/docs" }
              - { path: "/rival/{id}" }
            """;

    @TempDir
    private static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder, null, RunningServer.TYPED, RunningServer.MEANS, RunningServer.PAIRS);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void itIsADocumentOfOpenApi() throws Exception {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        Got got = server.get("/openapi.json");
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(got.text(), List.of(), options);
        assertThat(result.getMessages()).isEmpty();
        assertThat(result.getOpenAPI().getOpenapi()).isEqualTo("3.1.1");
        assertThat(result.getOpenAPI().getPaths().keySet())
                .contains("/liveEvent", "/userRevenue/{user_id}", "/oauth2/token", "/typed/{id}");
        Contract contract = server.contract();
        Set<String> ids = new HashSet<>();
        for (Op op : contract.operations()) {
            assertThat(ids.add(op.json().path("operationId").stringValue())).isTrue();
            Set<String> inPath = new HashSet<>();
            for (Matcher m = Pattern.compile("\\{([^}]*)}").matcher(op.path()); m.find(); ) {
                inPath.add(m.group(1));
            }
            Set<String> described = new HashSet<>();
            for (JsonNode parameter : op.parameters("path")) {
                described.add(parameter.path("name").stringValue());
            }
            assertThat(described).as(op.name()).isEqualTo(inPath);
        }
    }

    @Test
    void itFollowsThePipelinesAndAPathStaysWithWhoHasIt() throws Exception {
        Got before = server.get("/openapi.json");
        String tag = Objects.requireNonNull(before.headers().get("etag"));
        assertThat(server.get("/openapi.json", "If-None-Match: " + tag).status())
                .isEqualTo(304);
        server.write("a-rival.yaml", OTHER);
        Awaitility.await()
                .until(() -> !tag.equals(server.get("/openapi.json").headers().get("etag")));
        Contract after = server.contract();
        assertThat(after.document.path("paths").propertyNames())
                .contains("/rival", "/rival/{id}", "/userRevenue", "/docs", "/typed");
        assertThat(after.operation("GET", "/userRevenue").json().path("summary").stringValue())
                .contains("live_users_revenue");
        assertThat(server.warnings)
                .anySatisfy(warning -> assertThat(warning)
                        .contains("a-rival", "/userRevenue", "the pipeline \"user-revenue\" serves it"))
                .anySatisfy(warning -> assertThat(warning).contains("a-rival", "/docs", "the server's own"));
        server.remove("a-rival.yaml");
        Awaitility.await()
                .until(() -> tag.equals(server.get("/openapi.json").headers().get("etag")));
    }

    @Test
    void thePageLoadsOnlyWhatThisServerHas() throws Exception {
        Got page = server.get("/docs");
        assertThat(page.type()).isEqualTo("text/html");
        assertThat(page.headers().get("content-security-policy"))
                .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'")
                .doesNotContain("http", "unsafe", "*");
        assertThat(page.headers()).containsEntry("x-content-type-options", "nosniff");
        assertThat(page.text()).doesNotContain("http:", "https:", "<style", "style=", "onload");
        Set<String> loaded = new HashSet<>();
        for (Matcher m = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page.text()); m.find(); ) {
            String path = URI.create("/docs").resolve(m.group(1)).getPath();
            Got asset = server.get(path);
            assertThat(asset.status()).as(path).isEqualTo(200);
            assertThat(asset.body()).as(path).isNotEmpty();
            assertThat(asset.type())
                    .isEqualTo(
                            path.endsWith(".js")
                                    ? "text/javascript"
                                    : path.endsWith(".css") ? "text/css" : "image/png");
            Got again = server.get(path, "If-None-Match: " + asset.headers().get("etag"));
            assertThat(again.status()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            loaded.add(path);
        }
        assertThat(loaded).hasSize(5);
        assertThat(server.get("/docs/start.js").text()).contains("url: 'openapi.json'");
    }

    @Test
    void nothingElseOfTheClassPathCanBeHad() throws Exception {
        for (String path : List.of(
                "index.html",
                "swagger-ui.js",
                "..%2f..%2fpom.properties",
                "%2e%2e%2fDocsPage.class",
                "..%5cstart.js",
                "start.js%00",
                "/start.js",
                "DocsPage.class",
                "swagger-ui-bundle.js.map",
                "START.JS",
                "..;%2fstart.js")) {
            Got got = server.get("/docs/" + path);
            assertThat(got.status()).as(path).isIn(400, 404);
            assertThat(got.type()).isEqualTo("application/problem+json");
        }
        for (String path : List.of("/docs/../docs/start.js", "/docs/./start.js", "/docs/%2e%2e/openapi.json")) {
            assertThat(server.get(path).type()).as(path).isIn("application/problem+json", "text/javascript");
        }
    }
}
