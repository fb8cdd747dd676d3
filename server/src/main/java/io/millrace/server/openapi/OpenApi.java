package io.millrace.server.openapi;

import io.millrace.server.http.Answer;
import io.millrace.server.http.Operation;
import io.millrace.server.http.Operation.Media;
import io.millrace.server.http.Request;
import io.millrace.server.http.Route;
import io.millrace.server.http.Schema;
import io.millrace.server.http.Tagged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /openapi.json}: what is answered now. The document is made when it is first asked for, and once for each set
 * of routes. Thread-safe.
 */
public final class OpenApi {

    private final List<Described> described;
    private final Ways ways;

    /** Null until somebody asks. Two who ask first at once both make it, and it is the same. */
    private volatile @Nullable Made made;

    private record Made(byte[] json, String tag) {}

    private OpenApi(List<Described> described, Ways ways) {
        this.described = described;
        this.ways = ways;
    }

    /**
     * The routes of this room.
     *
     * @param others all routes that are answered beside these
     */
    public static List<Route> routes(List<Described> others, Ways ways) {
        List<Described> all = new ArrayList<>(others);
        OpenApi document = new OpenApi(all, ways);
        List<Route> ours = new ArrayList<>(DocsPage.routes());
        ours.add(new Route("GET", "/openapi.json", null, operation(), document::answer));
        ours.forEach(route -> all.add(Described.of(route)));
        return ours;
    }

    private static Operation operation() {
        Schema document = Schema.object(
                Map.of("openapi", Schema.string(), "info", Schema.of("object"), "paths", Schema.of("object")),
                List.of("openapi", "info", "paths"));
        return Operation.of("about", "This document")
                .describe("It changes with the pipelines that are served.")
                .tagged("A document of OpenAPI 3.1.", Media.json(document, Map.of()));
    }

    private Answer answer(Request request) {
        Made document = made;
        if (document == null) {
            byte[] json = new Document(ways).write(described);
            document = new Made(json, Tagged.tag(json));
            made = document;
        }
        boolean same = Tagged.has(request, document.tag());
        return Tagged.tagged(same ? Answer.of(304) : Answer.json(document.json()), document.tag());
    }
}
