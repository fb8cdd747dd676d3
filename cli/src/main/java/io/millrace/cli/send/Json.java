package io.millrace.cli.send;

import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON that a server answers. Thread-safe. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    /** The object that a body is; empty where it is anything else. */
    static Optional<JsonNode> object(byte[] body) {
        try {
            JsonNode node = MAPPER.readTree(body);
            return node != null && node.isObject() ? Optional.of(node) : Optional.empty();
        } catch (JacksonException e) {
            // Whoever asked says what was expected; a parser's message would quote the body.
            return Optional.empty();
        }
    }

    /** The text of a field; empty where there is none, or something else. */
    static String text(JsonNode object, String field) {
        return object.path(field).stringValue("");
    }

    /** Whether a media type is JSON, or a format that is written in it. */
    static boolean isTypeOf(String mediaType) {
        String type = mediaType.toLowerCase(Locale.ROOT).replaceFirst(";.*", "").strip();
        return type.equals("application/json") || type.endsWith("+json");
    }
}
