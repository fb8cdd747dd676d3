package io.millrace.cli;

import io.millrace.engine.config.ConfigLoader;
import io.millrace.engine.config.ConfigSources;
import io.millrace.engine.config.Configured;
import io.millrace.engine.yaml.Problem;
import io.millrace.server.ServerConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** How commands are given the configuration. */
final class ConfigArguments {

    private static final String FILE = "--config";
    private static final String SET = "--set";

    private ConfigArguments() {}

    /** What a command does with a configuration that is valid. */
    interface Work {
        /** @return as in {@link ExitCode} */
        int run(Configured.Ok<ServerConfig> configured) throws Exception;
    }

    static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(file())
                .addOption(OptionSpec.builder(SET)
                        .type(Map.class)
                        .auxiliaryTypes(String.class, String.class)
                        .paramLabel("KEY=VALUE")
                        .description("The value of a setting, over file and environment; may be given again.")
                        .build());
    }

    static OptionSpec file() {
        return Command.option(
                FILE,
                Path.class,
                "FILE",
                "The configuration file (MILLRACE_CONFIG, else ./millrace.yaml where it is there).");
    }

    /** Does the work, or says all that is wrong with the configuration. */
    static int with(ParseResult given, Map<String, String> environment, Terminal terminal, Work work) throws Exception {
        return with(given, environment, given.matchedOptionValue(SET, new HashMap<>()), terminal, work);
    }

    /** @param set settings from the command line, by key */
    static int with(
            ParseResult given, Map<String, String> environment, Map<String, String> set, Terminal terminal, Work work)
            throws Exception {
        return switch (load(given, environment, set)) {
            case Configured.Ok<ServerConfig> ok -> work.run(ok);
            case Configured.Invalid<ServerConfig>(var problems) -> {
                PipelineProblems.print(problems, terminal);
                yield ExitCode.USAGE;
            }
        };
    }

    /**
     * The configuration, for a command that does not always need it.
     *
     * @throws UserException says all that is wrong with it
     */
    static ServerConfig inForce(ParseResult given, Map<String, String> environment) throws UserException {
        return switch (load(given, environment, given.matchedOptionValue(SET, new HashMap<>()))) {
            case Configured.Ok<ServerConfig> ok -> ok.config();
            case Configured.Invalid<ServerConfig>(var problems) ->
                throw UserException.usage("the configuration, which says who issues tokens, is wrong:\n"
                        + problems.stream().map(Problem::render).collect(Collectors.joining("\n")));
        };
    }

    private static Configured<ServerConfig> load(
            ParseResult given, Map<String, String> environment, Map<String, String> set) {
        @Nullable Path file = given.matchedOptionValue(FILE, null);
        return new ConfigLoader<>(ServerConfig.class).load(ConfigSources.find(file, Path.of(""), environment, set));
    }
}
