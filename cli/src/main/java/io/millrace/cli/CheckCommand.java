package io.millrace.cli;

import io.millrace.api.SourceConnector;
import io.millrace.engine.live.PipelineFolder;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineFile;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.pipeline.PlacedProblems;
import io.millrace.engine.yaml.Problem;
import io.millrace.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace check}. */
final class CheckCommand implements Command {

    private static final Pattern URL = Pattern.compile("[a-z_.]+\\.url: ");

    private final Terminal terminal;
    private final Map<String, String> environment;

    CheckCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Connects to source and destination of pipelines and says all that stands in their way;"
                        + " creates and changes nothing.")
                .addOption(OptionSpec.builder("--set")
                        .type(Map.class)
                        .auxiliaryTypes(String.class, String.class)
                        .paramLabel("NAME=VALUE")
                        .description("The value of a parameter, ${NAME} in pipeline files, or of a setting; may be"
                                + " given again.")
                        .build())
                .addOption(ConfigArguments.file())
                .addOption(PipelineArguments.home())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("FOLDER|FILE")
                        .arity("1..*")
                        .required(true)
                        .type(List.class)
                        .auxiliaryTypes(Path.class)
                        .description("Pipeline files, or folders of them, that are to run together.")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws Exception {
        Map<String, String> parameters = new HashMap<>();
        Map<String, String> settings = new HashMap<>();
        // Names of settings have a point in them, those of parameters have none.
        PipelineArguments.set(given)
                .forEach((name, value) -> (name.contains(".") ? settings : parameters).put(name, value));
        return ConfigArguments.with(
                given, environment, settings, terminal, configured -> check(given, parameters, configured.config()));
    }

    private int check(ParseResult given, Map<String, String> parameters, ServerConfig config)
            throws IOException, InterruptedException, UserException {
        Path home = PipelineArguments.home(given, environment);
        PipelineLoader loader = new PipelineLoader(Connectors.installed());
        Map<Path, Pipeline> pipelines = new LinkedHashMap<>();
        List<Problem> invalid = new ArrayList<>();
        for (Path file : files(given)) {
            switch (loader.load(file, parameters, environment)) {
                case Loaded.Ok(var pipeline) -> pipelines.put(file, pipeline);
                case Loaded.Invalid wrong -> invalid.addAll(wrong.problems());
            }
        }
        List<Problem> problems = new ArrayList<>(invalid);
        Map<Path, List<SourceConnector.Problem>> served = SharedPaths.problems(pipelines);
        for (Map.Entry<Path, Pipeline> entry : pipelines.entrySet()) {
            Path file = entry.getKey();
            Pipeline pipeline = entry.getValue();
            List<SourceConnector.Problem> found = new ArrayList<>(
                    pipeline.check(home, environment, change -> terminal.out().println(file + ": " + change)));
            found.addAll(served.getOrDefault(file, List.of()));
            if (found.isEmpty()) {
                terminal.out().println(file + ": fine; " + described(pipeline) + " can run");
            } else {
                PlacedProblems.in(file, found).stream()
                        .map(CheckCommand::withoutUrl)
                        .forEach(problems::add);
            }
        }
        if (pipelines.values().stream().anyMatch(CheckCommand::needsServer)) {
            ListeningCheck.Found port = ListeningCheck.of(config.http());
            port.remark().ifPresent(remark -> terminal.out().println(remark));
            port.problem().ifPresent(problem -> problems.add(new Problem("http.port", 0, 0, problem, "")));
        }
        if (problems.isEmpty()) {
            return ExitCode.DONE;
        }
        PipelineProblems.print(problems, terminal);
        return invalid.isEmpty() ? ExitCode.FAILED : ExitCode.USAGE;
    }

    private static List<Path> files(ParseResult given) throws IOException, UserException {
        List<Path> files = new ArrayList<>();
        for (Path place : given.matchedPositionalValue(0, List.<Path>of())) {
            List<Path> found = PipelineFolder.files(place).stream().sorted().toList();
            if (found.isEmpty()) {
                throw UserException.usage("there is no pipeline file in " + place);
            }
            files.addAll(found);
        }
        return files;
    }

    private static String described(Pipeline pipeline) {
        PipelineFile.From<?> from = pipeline.file().from();
        String place = from.place();
        return "pipeline " + pipeline.name() + " from " + from.connector().name() + (place.isEmpty() ? "" : " " + place)
                + " into " + pipeline.file().into().connector().name() + " " + pipeline.table();
    }

    /** Whether it takes or answers requests. */
    private static boolean needsServer(Pipeline pipeline) {
        return pipeline.file().from().connector().canRefuse()
                || !pipeline.file().serve().isEmpty();
    }

    /** The line that gives a URL may give a password. */
    private static Problem withoutUrl(Problem problem) {
        return URL.matcher(problem.message()).lookingAt()
                ? new Problem(problem.file(), problem.line(), problem.column(), problem.message(), "")
                : problem;
    }
}
