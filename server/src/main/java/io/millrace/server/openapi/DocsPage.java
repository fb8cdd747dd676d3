package io.millrace.server.openapi;

import io.millrace.server.http.Answer;
import io.millrace.server.http.Operation;
import io.millrace.server.http.Operation.Media;
import io.millrace.server.http.Operation.Parameter;
import io.millrace.server.http.Operation.Reply;
import io.millrace.server.http.Problem;
import io.millrace.server.http.ProblemException;
import io.millrace.server.http.Request;
import io.millrace.server.http.Route;
import io.millrace.server.http.Schema;
import io.millrace.server.http.Tagged;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code GET /docs}: Swagger UI, a page to look at and try what the server answers. Its files are read from the class path
 * when they are asked for, only those that are listed here, and the browser loads nothing from elsewhere. Thread-safe.
 */
final class DocsPage {

    private static final String JAR = "META-INF/resources/webjars/swagger-ui/";
    private static final String JAR_VERSION = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

    /** Swagger UI sets styles of elements, by script; styles in text, and scripts there, are not run. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String PAGE = "index.html";

    /** Where each file is, and what. */
    private record Asset(boolean ours, String name, String type) {}

    private static final Map<String, Asset> ASSETS = new TreeMap<>(Map.of(
            "start.css", new Asset(true, "start.css", "text/css; charset=utf-8"),
            "start.js", new Asset(true, "start.js", "text/javascript; charset=utf-8"),
            "swagger-ui.css", new Asset(false, "swagger-ui.css", "text/css; charset=utf-8"),
            "swagger-ui-bundle.js", new Asset(false, "swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
            "favicon-32x32.png", new Asset(false, "favicon-32x32.png", "image/png")));

    private static final Asset INDEX = new Asset(true, PAGE, "text/html; charset=utf-8");

    /** By name, once they were asked for. The files themselves are not kept: they are large and asked for seldom. */
    private static final Map<String, String> TAGS = new ConcurrentHashMap<>();

    private DocsPage() {}

    static List<Route> routes() {
        Operation page = Operation.of("about", "A page to try calls")
                .describe("Swagger UI over [openapi.json](openapi.json).")
                .tagged("The page.", new Media("text/html", Schema.string(), Map.of()));
        Operation asset = Operation.of("about", "A file of the page")
                .with(Parameter.path(
                        "file", "Its name.", Schema.oneOf(ASSETS.keySet().toArray(String[]::new)), "start.js"))
                .tagged("The file.", new Media("text/javascript", Schema.string(), Map.of()))
                .with(new Reply(
                        200,
                        "The file.",
                        Map.of(),
                        List.of(
                                new Media("text/css", Schema.string(), Map.of()),
                                new Media("image/png", Schema.ANYTHING, Map.of()))))
                .with(Problem.notFound());
        return List.of(
                new Route("GET", "/docs", null, page, request -> answer(request, INDEX)),
                new Route("GET", "/docs/{file}", null, asset, DocsPage::asset));
    }

    private static Answer asset(Request request) throws ProblemException, IOException {
        Asset asset = ASSETS.get(request.parameter("file"));
        if (asset == null) {
            throw new ProblemException(Problem.notFound());
        }
        return answer(request, asset);
    }

    private static Answer answer(Request request, Asset asset) throws IOException {
        String tag = TAGS.get(asset.name());
        if (tag != null && Tagged.has(request, tag)) {
            return Tagged.tagged(Answer.of(304), tag);
        }
        byte[] body = read(asset);
        tag = Tagged.tag(body);
        TAGS.put(asset.name(), tag);
        if (Tagged.has(request, tag)) {
            return Tagged.tagged(Answer.of(304), tag);
        }
        return Tagged.tagged(new Answer(200, Map.of("Content-Type", asset.type()), body), tag)
                .with("Content-Security-Policy", POLICY)
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer");
    }

    private static byte[] read(Asset asset) throws IOException {
        if (asset.ours()) {
            try (InputStream in = DocsPage.class.getResourceAsStream(asset.name())) {
                return all(in, asset.name());
            }
        }
        ClassLoader loader = DocsPage.class.getClassLoader();
        Properties jar = new Properties();
        try (InputStream in = loader.getResourceAsStream(JAR_VERSION)) {
            if (in == null) {
                throw new FileNotFoundException("Swagger UI is not on the class path");
            }
            jar.load(in);
        }
        String path = JAR + jar.getProperty("version") + "/" + asset.name();
        try (InputStream in = loader.getResourceAsStream(path)) {
            return all(in, path);
        }
    }

    private static byte[] all(@org.jspecify.annotations.Nullable InputStream in, String name) throws IOException {
        if (in == null) {
            throw new FileNotFoundException(name + " is not on the class path");
        }
        return in.readAllBytes();
    }
}
