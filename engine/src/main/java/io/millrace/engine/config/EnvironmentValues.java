package io.millrace.engine.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Environment variables, the values of which may lie in files: {@code NAME_FILE} names one with the value of {@code NAME}. */
final class EnvironmentValues {
    private final Map<String, String> variables;

    EnvironmentValues(Map<String, String> variables) {
        this.variables = new TreeMap<>(variables);
    }

    /** All of them, by name. One that is blank is as good as none. */
    Map<String, String> all() {
        Map<String, String> all = new TreeMap<>(variables);
        all.values().removeIf(String::isBlank);
        return all;
    }

    /**
     * A value.
     *
     * @param file it was read from; null where it is the variable's own
     */
    record Value(String text, @Nullable Path file) {}

    /**
     * The value of a variable, its own or that in the file which {@code NAME_FILE} names.
     *
     * @return null where there is neither
     * @throws IOException where there are both, or the file can't be read; the message says so
     */
    @Nullable
    Value of(String name) throws IOException {
        String own = variables.get(name);
        String file = variables.getOrDefault(name + ConfigKey.FROM_FILE, "");
        if (file.isBlank()) {
            return own == null ? null : new Value(own, null);
        }
        if (own != null && !own.isBlank()) {
            throw new IOException(name + " and " + name + ConfigKey.FROM_FILE + " are both set; set one of them");
        }
        Path path = Path.of(file);
        return new Value(SecretFile.read(path), path);
    }
}
