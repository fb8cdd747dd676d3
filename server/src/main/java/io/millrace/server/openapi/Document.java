package io.millrace.server.openapi;

import io.millrace.server.auth.Scope;
import io.millrace.server.http.Operation;
import io.millrace.server.http.Operation.Media;
import io.millrace.server.http.Operation.Parameter;
import io.millrace.server.http.Operation.Reply;
import io.millrace.server.http.Problem;
import io.millrace.server.http.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes a document of OpenAPI 3.1. */
final class Document {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PROBLEM = "#/components/schemas/Problem";
    private static final String REQUEST_ID = "X-Request-Id";
    private static final String OAUTH = "oauth2";
    private static final String OPENID = "openId";
    private static final String BEARER = "bearer";

    private final Ways ways;

    Document(Ways ways) {
        this.ways = ways;
    }

    byte[] write(List<Described> described) {
        Map<String, Object> paths = new TreeMap<>();
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        Set<String> groups = new TreeSet<>();
        List<Described> sorted = new ArrayList<>(described);
        sorted.sort(Comparator.comparing((Described one) -> one.path().text()).thenComparing(Described::method));
        for (Described one : sorted) {
            if (one.scope() != null) {
                scopes.add(one.scope());
            }
            groups.add(one.operation().group());
            item(paths, one.path().text()).put(one.method().toLowerCase(Locale.ROOT), operation(one));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.1");
        document.put(
                "info",
                ordered(
                        "title",
                        "Millrace",
                        "version",
                        version(),
                        "description",
                        "Takes events and answers the tables that are made of them. This document is made of what the"
                                + " server answers now; it changes with its pipelines."));
        document.put("servers", List.of(Map.of("url", "/")));
        document.put("tags", groups.stream().map(group -> Map.of("name", group)).toList());
        document.put("paths", paths);
        document.put("components", components(scopes));
        return JSON.writeValueAsBytes(document);
    }

    private static String version() {
        String version = Document.class.getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }

    @SuppressWarnings("unchecked") // only this puts into the map
    private static Map<String, Object> item(Map<String, Object> paths, String path) {
        return (Map<String, Object>) paths.computeIfAbsent(path, p -> new TreeMap<String, Object>());
    }

    private Map<String, Object> operation(Described one) {
        Operation operation = one.operation();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("operationId", id(one));
        json.put("tags", List.of(operation.group()));
        json.put("summary", operation.summary());
        if (!operation.description().isEmpty()) {
            json.put("description", operation.description());
        }
        if (!operation.parameters().isEmpty()) {
            json.put(
                    "parameters",
                    operation.parameters().stream().map(Document::parameter).toList());
        }
        if (operation.body() != null) {
            json.put(
                    "requestBody",
                    ordered(
                            "description",
                            operation.body().description(),
                            "required",
                            true,
                            "content",
                            content(operation.body().media())));
        }
        json.put("responses", responses(one));
        json.put("security", security(one));
        return json;
    }

    /** Method and path in one word: {@code get_userRevenue_user_id}. No two can be the same but for the slashes. */
    private static String id(Described one) {
        return one.method().toLowerCase(Locale.ROOT)
                + one.path().text().replace("{", "").replace("}", "").replace("/", "_");
    }

    private List<Object> security(Described one) {
        if (one.scope() == null) {
            return List.of();
        }
        String scope = one.scope().text();
        return List.of(
                Map.of(ways.provider() == null ? OAUTH : OPENID, List.of(scope)),
                // A bearer token has its scopes in it; OpenAPI 3.1 lets them be named here, too.
                Map.of(BEARER, List.of(scope)));
    }

    private static Map<String, Object> parameter(Parameter parameter) {
        Map<String, Object> json = ordered(
                "name",
                parameter.name(),
                "in",
                parameter.in().name().toLowerCase(Locale.ROOT),
                "required",
                parameter.required(),
                "description",
                parameter.description(),
                "schema",
                parameter.schema().keywords());
        if (parameter.example() != null) {
            json.put("example", parameter.example());
        }
        return json;
    }

    private static Map<String, Object> content(List<Media> media) {
        Map<String, Object> content = new LinkedHashMap<>();
        for (Media one : media) {
            Map<String, Object> json = ordered("schema", one.schema().keywords());
            if (!one.examples().isEmpty()) {
                Map<String, Object> examples = new LinkedHashMap<>();
                one.examples().forEach((name, value) -> examples.put(name, Map.of("value", value)));
                json.put("examples", examples);
            }
            content.put(one.type(), json);
        }
        return content;
    }

    private Map<String, Object> responses(Described one) {
        Map<String, Response> byStatus = new TreeMap<>();
        for (Reply reply : one.operation().replies()) {
            Response response = byStatus.computeIfAbsent(
                    Integer.toString(reply.status()), status -> new Response(reply.description()));
            response.headers.putAll(reply.headers());
            response.content.putAll(content(reply.media()));
        }
        List<Problem> problems = new ArrayList<>(one.operation().problems());
        problems.addAll(CommonProblems.of(one, ways));
        for (Problem problem : problems) {
            byStatus.computeIfAbsent(Integer.toString(problem.status()), status -> new Response(problem.title() + "."))
                    .add(problem);
        }
        Map<String, Object> responses = new LinkedHashMap<>();
        byStatus.forEach((status, response) -> responses.put(status, response.json()));
        return responses;
    }

    /** What is answered with one status. */
    private static final class Response {
        private final String description;
        private final Map<String, String> headers = new TreeMap<>();
        private final Map<String, Object> content = new LinkedHashMap<>();
        private final Map<String, Object> problems = new TreeMap<>();

        Response(String description) {
            this.description = description;
        }

        void add(Problem problem) {
            problem.headers().forEach((name, value) -> headers.put(name, CommonProblems.header(name)));
            problems.putIfAbsent(problem.type(), ordered("summary", problem.title(), "value", (ObjectNode)
                    JSON.readTree(problem.json("1f2e-1"))));
        }

        Map<String, Object> json() {
            Map<String, Object> all = new LinkedHashMap<>();
            headers.forEach((name, what) -> all.put(
                    name, ordered("description", what, "schema", Schema.string().keywords())));
            all.put(REQUEST_ID, Map.of("$ref", "#/components/headers/" + REQUEST_ID));
            Map<String, Object> bodies = new LinkedHashMap<>(content);
            if (!problems.isEmpty()) {
                bodies.put(
                        "application/problem+json", ordered("schema", Map.of("$ref", PROBLEM), "examples", problems));
            }
            Map<String, Object> json = ordered("description", description, "headers", all);
            if (!bodies.isEmpty()) {
                json.put("content", bodies);
            }
            return json;
        }
    }

    private Map<String, Object> components(Set<Scope> scopes) {
        Map<String, Schema> members = new LinkedHashMap<>();
        members.put("type", Schema.string().with("pattern", "^urn:millrace:problem:[a-z-]+$"));
        members.put("title", Schema.string());
        members.put("status", Schema.integer(400, 599));
        members.put("detail", Schema.string());
        members.put("instance", Schema.string().described("Names the request; it stands in the server's log, too."));
        Schema problem = Schema.object(members, List.of("type", "title", "status", "instance"))
                .described("Why a request was not fulfilled (RFC 9457). What `type` says never changes its meaning.");
        return ordered(
                "schemas",
                Map.of("Problem", problem.keywords()),
                "headers",
                Map.of(
                        REQUEST_ID,
                        ordered(
                                "description",
                                "Names the request: as the client did in the header of this name, or anew.",
                                "schema",
                                Schema.string().keywords())),
                "securitySchemes",
                schemes(scopes));
    }

    private Map<String, Object> schemes(Set<Scope> scopes) {
        Map<String, Object> schemes = new LinkedHashMap<>();
        if (ways.provider() == null) {
            Map<String, Object> named = new LinkedHashMap<>();
            scopes.forEach(scope -> named.put(scope.text(), scope.meaning()));
            schemes.put(
                    OAUTH,
                    ordered(
                            "type",
                            "oauth2",
                            "description",
                            "A token for the id and the secret of a client: `millrace client add` makes one.",
                            "flows",
                            Map.of("clientCredentials", ordered("tokenUrl", "/oauth2/token", "scopes", named))));
        } else {
            String issuer = ways.provider().toString();
            String slash = issuer.endsWith("/") ? "" : "/";
            schemes.put(
                    OPENID,
                    ordered(
                            "type",
                            "openIdConnect",
                            "openIdConnectUrl",
                            issuer + slash + ".well-known/openid-configuration"));
        }
        schemes.put(
                BEARER,
                ordered(
                        "type",
                        "http",
                        "scheme",
                        "bearer",
                        "bearerFormat",
                        "JWT",
                        "description",
                        ways.provider() == null
                                ? "A token that is there already: `millrace token --client demo` prints one."
                                : "A token of the OpenID provider."));
        return schemes;
    }

    /** A map in the order in which it is given: names and values in turns. */
    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
