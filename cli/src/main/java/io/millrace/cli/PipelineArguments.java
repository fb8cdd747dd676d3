package io.millrace.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What several commands are given in the same way. */
final class PipelineArguments {

    static final String HOME = "--home";

    private static final String SET = "--set";

    private PipelineArguments() {}

    static OptionSpec set() {
        return OptionSpec.builder(SET)
                .type(Map.class)
                .auxiliaryTypes(String.class, String.class)
                .paramLabel("NAME=VALUE")
                .description("The value of a parameter, ${NAME} in the pipeline file; may be given again.")
                .build();
    }

    static Map<String, String> set(ParseResult given) {
        return given.matchedOptionValue(SET, new HashMap<>());
    }

    static OptionSpec home() {
        return OptionSpec.builder(HOME)
                .type(Path.class)
                .paramLabel("DIR")
                .description("Where Millrace keeps everything of its own, the embedded database too (MILLRACE_HOME,"
                        + " else ./data).")
                .build();
    }

    /** The home folder, as an absolute path. */
    static Path home(ParseResult given, Map<String, String> environment) {
        String usual = environment.getOrDefault("MILLRACE_HOME", "");
        return given.matchedOptionValue(HOME, Path.of(usual.isBlank() ? "data" : usual))
                .toAbsolutePath()
                .normalize();
    }
}
