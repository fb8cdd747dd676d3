package io.millrace.cli;

import io.millrace.engine.graph.Flow;
import io.millrace.engine.graph.Mermaid;
import io.millrace.engine.graph.Svg;
import io.millrace.engine.live.PipelineFolder;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.yaml.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace graph}: what flows from where to where, drawn. */
final class GraphCommand implements Command {

    private final Terminal terminal;
    private final Map<String, String> environment;

    GraphCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    /** How the flow is drawn. */
    private enum Format {
        MERMAID,
        SVG
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Draws what flows from where to where: sources, pipelines, tables and served paths.")
                .addOption(Command.option("--format", Format.class, "FORMAT", "mermaid or svg (mermaid)."))
                .addOption(PipelineArguments.set())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("FOLDER|FILE")
                        .index("0")
                        .arity("0..1")
                        .type(Path.class)
                        .description("A folder of pipeline files, or one of them (the working folder).")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws IOException, UserException {
        Path place = given.matchedPositionalValue(0, Path.of("."));
        List<Path> files = PipelineFolder.files(place).stream().sorted().toList();
        if (files.isEmpty()) {
            throw UserException.usage("there is no pipeline file in " + place);
        }
        PipelineLoader loader = new PipelineLoader(Connectors.installed());
        Map<String, String> set = PipelineArguments.set(given);
        List<Pipeline> pipelines = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Path file : files) {
            switch (loader.load(file, set, environment)) {
                case Loaded.Ok(var pipeline) -> pipelines.add(pipeline);
                case Loaded.Invalid invalid -> problems.addAll(invalid.problems());
            }
        }
        if (!problems.isEmpty()) {
            PipelineProblems.print(problems, terminal);
            return ExitCode.USAGE;
        }
        Flow flow = Flow.of(pipelines);
        terminal.out()
                .print(
                        switch (given.matchedOptionValue("--format", Format.MERMAID)) {
                            case MERMAID -> Mermaid.of(flow);
                            case SVG -> Svg.of(flow);
                        });
        return ExitCode.DONE;
    }
}
