package io.millrace.server.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer.
 *
 * @param status of HTTP
 * @param headers names and values, beside those that every answer has
 * @param body its bytes; not to be changed any more
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {

    private static final byte[] NOTHING = {};

    public Answer {
        headers = Headers.checked(headers);
    }

    /** An answer without a body. */
    public static Answer of(int status) {
        return new Answer(status, Map.of(), NOTHING);
    }

    /** 200 with JSON. */
    public static Answer json(byte[] json) {
        return new Answer(200, Map.of("Content-Type", "application/json"), json);
    }

    /** 200 with JSON. */
    public static Answer json(String json) {
        return json(json.getBytes(StandardCharsets.UTF_8));
    }

    /** 200 with text of a media type, in UTF-8. */
    public static Answer text(String mediaType, String text) {
        return new Answer(200, Map.of("Content-Type", mediaType), text.getBytes(StandardCharsets.UTF_8));
    }

    /** This with one header more. */
    public Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body);
    }

    /** Without the body, which may hold anything. */
    @Override
    public String toString() {
        return "Answer[" + status + ", " + body.length + " bytes]";
    }
}
