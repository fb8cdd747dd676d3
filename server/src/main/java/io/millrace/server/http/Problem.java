package io.millrace.server.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Why a request was not fulfilled, as RFC 9457 has it. Nothing in it repeats values of the request: it may end up in logs.
 *
 * @param status of HTTP
 * @param type the last part of a URN that names the kind of problem and never changes its meaning
 * @param title the kind of problem in a few words, always the same for a type
 * @param detail what is wrong here and what to do; null where the title says it all
 * @param members what else to tell, by name; texts, numbers, lists and maps of these
 * @param headers of the answer
 */
public record Problem(
        int status,
        String type,
        String title,
        @Nullable String detail,
        Map<String, Object> members,
        Map<String, String> headers) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public Problem {
        members = Map.copyOf(members);
        headers = Headers.checked(headers);
    }

    public Problem(int status, String type, String title, @Nullable String detail) {
        this(status, type, title, detail, Map.of(), Map.of());
    }

    /** This with one header more. */
    public Problem header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(status, type, title, detail, members, more);
    }

    /** This with one member more. */
    public Problem member(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(name, value);
        return new Problem(status, type, title, detail, more, headers);
    }

    /** This with the time after which to try again. */
    public Problem retryAfter(int seconds) {
        return header("Retry-After", Integer.toString(seconds));
    }

    /** The body of {@code application/problem+json}. */
    public byte[] json(String requestId) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "urn:millrace:problem:" + type);
        object.put("title", title);
        object.put("status", status);
        if (detail != null) {
            object.put("detail", detail);
        }
        object.put("instance", "urn:millrace:request:" + requestId);
        object.putAll(members);
        return JSON.writeValueAsString(object).getBytes(StandardCharsets.UTF_8);
    }

    /** What was asked for is wrong in itself. */
    public static Problem badRequest(String detail) {
        return new Problem(400, "bad-request", "The request is not as it must be", detail);
    }

    /** Path and query are longer than a server takes. */
    public static Problem targetTooLong() {
        return new Problem(414, "target-too-long", "Path and query are too long", "Ask for less at once.");
    }

    /** Nothing is at that path. */
    public static Problem notFound() {
        return new Problem(404, "no-such-path", "Nothing is at this path", null);
    }

    /** The path is right, what it names is not there. */
    public static Problem noSuchRow() {
        return new Problem(404, "no-such-row", "There is no row with this key", null);
    }

    /** It may work in a moment. */
    public static Problem unavailable(String type, String title, String detail, int retrySeconds) {
        return new Problem(503, type, title, detail).retryAfter(retrySeconds);
    }

    /** A bug of ours. */
    public static Problem internal() {
        return new Problem(
                500,
                "internal",
                "Something went wrong in the server",
                "It is in the server's log under the id of this request.");
    }
}
