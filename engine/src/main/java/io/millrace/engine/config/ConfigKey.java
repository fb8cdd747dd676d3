package io.millrace.engine.config;

import io.millrace.engine.yaml.Keys;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;

/**
 * A key that can be given a value.
 *
 * @param path as in a file, with points between: {@code http.tls.password}
 * @param type of the value: a scalar, a list, a set or a map
 */
record ConfigKey(String path, Type type) {
    static final String PREFIX = "MILLRACE_";
    static final String FROM_FILE = "_FILE";

    List<String> steps() {
        return List.of(path.split("\\.", -1));
    }

    /** The environment variable that sets it. */
    String variable() {
        return PREFIX + path.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** Whether its value is never to be shown. */
    boolean secret() {
        return Keys.holdsSecret(type);
    }
}
