package io.millrace.engine.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a key, as a person or a program may see it.
 *
 * @param key with points between: {@code http.port}
 * @param value a {@link String}, a {@link Number}, a {@link Boolean}, a {@link List} or a {@link Map} of those; null for
 *     an optional key that nothing is set for, and {@code ***} for a secret
 * @param origin where the value comes from
 * @param secret whether the value is hidden
 */
public record Setting(String key, @Nullable Object value, Origin origin, boolean secret) {

    /** The value as YAML on one line: what a file could say to the same effect, unless it is hidden. */
    public String yaml() {
        StringBuilder out = new StringBuilder();
        Flow.yaml(value, out);
        return out.toString();
    }

    /** The value as JSON. */
    public String json() {
        StringBuilder out = new StringBuilder();
        Flow.json(value, out);
        return out.toString();
    }
}
