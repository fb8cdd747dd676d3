package io.millrace.server.read;

import io.millrace.server.http.Answer;
import io.millrace.server.http.PathTemplate;
import io.millrace.server.http.ProblemException;
import io.millrace.server.http.Request;
import io.millrace.server.http.Route;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A request as the gateway would hand it over, without a server. */
record AskedFor(
        String path,
        Map<String, String> parameters,
        Map<String, List<String>> query,
        @Nullable String tag) implements Request {

    static final JsonMapper JSON = JsonMapper.builder().build();

    /** Asks a route for a path, with anything after a question mark. */
    static Answer ask(Route route, String target) throws Exception {
        return ask(route, target, null);
    }

    static Answer ask(Route route, String target, @Nullable String tag) throws Exception {
        String[] parts = target.split("\\?", 2);
        PathTemplate template = route.template();
        Map<String, String> parameters = template.match(parts[0]);
        if (parameters == null) {
            throw new AssertionError(parts[0] + " is not at " + template);
        }
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : parts.length < 2 ? new String[0] : parts[1].split("&", -1)) {
            String[] sides = pair.split("=", 2);
            query.computeIfAbsent(decode(sides[0]), n -> new ArrayList<>()).add(decode(sides[1]));
        }
        return route.handler().handle(new AskedFor(parts[0], parameters, query, tag));
    }

    static String body(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Answer answer) {
        return JSON.readValue(answer.body(), Map.class);
    }

    /** A member that is an array. */
    static List<?> list(Map<String, Object> object, String name) {
        return (List<?>) Objects.requireNonNull(object.get(name));
    }

    /** The status of the problem that a route answers with. */
    static int refused(Route route, String target) throws Exception {
        try {
            return ask(route, target).status();
        } catch (ProblemException e) {
            return e.problem().status();
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String id() {
        return "r1";
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new AssertionError("no parameter " + name);
        }
        return value;
    }

    @Override
    public @Nullable String header(String name) {
        return name.equals("If-None-Match") ? tag : null;
    }

    @Override
    public @Nullable String client() {
        return "tester";
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1";
    }

    @Override
    public byte[] body(int maxBytes) {
        return new byte[0];
    }
}
