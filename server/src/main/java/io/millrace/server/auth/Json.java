package io.millrace.server.auth;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Our own files: a field twice, one too many or one too few is an error and not a guess. */
final class Json {

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** What a file's content means. It throws {@link IllegalArgumentException} with a reason where that is nothing. */
    interface Meaning<F, T> {
        T of(F inFile);
    }

    /** Reads a record from a file's content and makes what it means. */
    <F, T> T read(Path file, byte[] content, Class<F> type, Meaning<F, T> meaning) throws AuthException {
        try {
            F inFile = mapper.readValue(content, type);
            if (inFile == null) {
                throw new IllegalArgumentException("it says null");
            }
            return meaning.of(inFile);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new AuthException(
                    "The file " + file + " is not as Millrace wrote it: " + e.getMessage()
                            + ". Restore it, or move it away to start without it.",
                    e);
        }
    }

    /** On one line, without its end. */
    String line(Object value) {
        return mapper.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
    }

    byte[] write(Object value) {
        return (mapper.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
