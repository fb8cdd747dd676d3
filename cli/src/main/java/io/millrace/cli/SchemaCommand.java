package io.millrace.cli;

import io.millrace.engine.config.ConfigSchema;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.PipelineSchema;
import io.millrace.server.ServerConfig;
import io.millrace.tests.TestSchema;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace schema}: what editors complete and check files by. */
final class SchemaCommand implements Command {

    private final Terminal terminal;

    SchemaCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The kinds of files that have a schema. */
    private enum Kind {
        PIPELINE,
        CONFIG,
        TEST
    }

    @Override
    public CommandSpec spec() {
        return Command.spec(
                        "Prints the JSON Schema of the pipeline file, of the configuration or of tests, for editors.")
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("KIND")
                        .index("0")
                        .arity("0..1")
                        .type(Kind.class)
                        .description("pipeline, config or test (pipeline).")
                        .build());
    }

    @Override
    public int run(ParseResult given) {
        terminal.out()
                .print(
                        switch (given.matchedPositionalValue(0, Kind.PIPELINE)) {
                            case PIPELINE -> PipelineSchema.json(Connectors.installed());
                            case CONFIG -> ConfigSchema.json(ServerConfig.class);
                            case TEST -> TestSchema.json();
                        });
        return ExitCode.DONE;
    }
}
