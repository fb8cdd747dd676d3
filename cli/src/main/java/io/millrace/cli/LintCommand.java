package io.millrace.cli;

import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.yaml.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace lint}. */
final class LintCommand implements Command {

    private final Terminal terminal;
    private final Map<String, String> environment;

    LintCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec(
                        "Checks pipeline files without connecting to anything and says all that is wrong with them.")
                .addOption(PipelineArguments.set())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("FILE")
                        .arity("1..*")
                        .required(true)
                        .type(List.class)
                        .auxiliaryTypes(Path.class)
                        .description("The pipeline files.")
                        .build());
    }

    @Override
    public int run(ParseResult given) {
        PipelineLoader loader = new PipelineLoader(Connectors.installed());
        Map<String, String> set = PipelineArguments.set(given);
        List<Path> files = given.matchedPositionalValue(0, List.of());
        List<Problem> problems = new ArrayList<>();
        boolean valid = true;
        for (Path file : files) {
            switch (loader.load(file, set, environment)) {
                case Loaded.Ok(var pipeline) ->
                    terminal.out().println(file + ": fine; pipeline " + pipeline.name() + " into " + pipeline.table());
                case Loaded.Invalid invalid -> {
                    valid = false;
                    problems.addAll(invalid.problems());
                }
            }
        }
        if (valid) {
            return ExitCode.DONE;
        }
        PipelineProblems.print(problems, terminal);
        return ExitCode.USAGE;
    }
}
