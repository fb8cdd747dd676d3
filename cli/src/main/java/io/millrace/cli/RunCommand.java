package io.millrace.cli;

import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.Source;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.run.Job;
import io.millrace.engine.run.Run;
import io.millrace.engine.run.RunSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace run}. */
final class RunCommand implements Command {

    private final Terminal terminal;
    private final Map<String, String> environment;

    RunCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Loads what there is to load, exactly once, and ends. What was loaded before is not loaded"
                        + " again; a run that was stopped or killed goes on from its last commit.")
                .addOption(PipelineArguments.set())
                .addOption(PipelineArguments.home())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("FILE")
                        .index("0")
                        .arity("1")
                        .required(true)
                        .type(Path.class)
                        .description("The pipeline file.")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws Exception {
        // Until there is a run to stop, leaving is clean.
        Interrupts interrupts = Interrupts.handledBy(() -> System.exit(ExitCode.INTERRUPTED));
        Path file = given.matchedPositionalValue(0, Path.of(""));
        Path home = PipelineArguments.home(given, environment);
        try (SinkAhead sink = new SinkAhead(home, environment)) {
            Loaded loaded = new PipelineLoader(Connectors.installed())
                    .load(file, PipelineArguments.set(given), environment, sink);
            return switch (loaded) {
                case Loaded.Invalid invalid -> {
                    PipelineProblems.print(invalid.problems(), terminal);
                    yield ExitCode.USAGE;
                }
                case Loaded.Ok(var pipeline) -> load(pipeline, sink, home, Invocation.of(given), interrupts);
            };
        }
    }

    private int load(Pipeline pipeline, SinkAhead ahead, Path home, Invocation invocation, Interrupts interrupts)
            throws IOException, SinkException, InterruptedException {
        try (Source source = pipeline.openSource(home)) {
            Sink sink = ahead.sink();
            RunProgress progress = new RunProgress(terminal);
            Job job = pipeline.job(source, sink, null);
            Run run = new Run(
                    job,
                    RunIds.next(InstantSource.system()),
                    progress,
                    InstantSource.system(),
                    RandomGenerator.getDefault());
            interrupts.handleBy(() -> {
                progress.stopping();
                run.stop();
            });
            RunSummary summary;
            try (progress) {
                progress.follow(run);
                summary = run.execute();
            }
            return report(pipeline, summary, home, invocation);
        }
    }

    private int report(Pipeline pipeline, RunSummary summary, Path home, Invocation invocation)
            throws SinkException, InterruptedException {
        RunReport report = new RunReport(pipeline, terminal, invocation);
        int code = report.counts(summary);
        if (summary.outcome() != RunSummary.Outcome.STOPPED) {
            try (PostgresDestination destination =
                    PostgresDestination.open(OpenQuarantine.settings(pipeline, environment), home)) {
                report.table(destination);
            }
            if (summary.counts().quarantined() > 0) {
                report.quarantine();
            }
        }
        return code;
    }
}
