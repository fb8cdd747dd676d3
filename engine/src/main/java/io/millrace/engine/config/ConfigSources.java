package io.millrace.engine.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration is made from, beside the defaults.
 *
 * @param file the configuration file; null where there is none
 * @param environment all environment variables
 * @param set values by key, from the command line
 */
public record ConfigSources(@Nullable Path file, Map<String, String> environment, Map<String, String> set) {

    /** The file that is read where none is named, if it is there. */
    public static final String USUAL_FILE = "millrace.yaml";

    /** Names the file, where no option does. */
    public static final String FILE_VARIABLE = "MILLRACE_CONFIG";

    public ConfigSources {
        environment = Map.copyOf(environment);
        set = Map.copyOf(set);
    }

    /**
     * Finds the file: the one that an option names, else {@code MILLRACE_CONFIG}, else {@code millrace.yaml} in a folder.
     *
     * @param named by an option; null where it was not given
     * @param folder the working folder
     */
    public static ConfigSources find(
            @Nullable Path named, Path folder, Map<String, String> environment, Map<String, String> set) {
        String variable = environment.getOrDefault(FILE_VARIABLE, "");
        Path usual = folder.resolve(USUAL_FILE);
        Path file = named;
        if (file == null && !variable.isBlank()) {
            file = folder.resolve(variable);
        } else if (file == null && Files.exists(usual)) {
            file = usual;
        }
        return new ConfigSources(file, environment, set);
    }

    /** Without the values: they may be secrets. */
    @Override
    public String toString() {
        return "ConfigSources[file=" + file + ", set=" + set.keySet() + "]";
    }
}
