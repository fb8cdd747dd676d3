package io.millrace.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * One command: how it is called, and what it does. Its options are built, not annotated: reading annotations makes a
 * proxy class for each kind of them, which costs a command 50 ms before it begins.
 */
interface Command {

    CommandSpec spec();

    /**
     * Does its work.
     *
     * @return as in {@link ExitCode}
     * @throws Exception whatever stopped it; {@link Failures} knows how to say so
     */
    int run(ParseResult given) throws Exception;

    /** What every spec begins with: a description, and help. */
    static CommandSpec spec(String... description) {
        CommandSpec spec = CommandSpec.create()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Says how this is used.")
                        .build())
                .addOption(OptionSpec.builder("--debug")
                        .description("Shows a stack trace when it fails.")
                        .hidden(true)
                        .build());
        spec.usageMessage().description(description).sortOptions(false).abbreviateSynopsis(true);
        return spec;
    }

    /** An argument without a name that must be given. */
    static PositionalParamSpec positional(String label, String description) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .index("0")
                .arity("1")
                .required(true)
                .description(description)
                .build();
    }

    /** An argument without a name that may be given. */
    static PositionalParamSpec optionalPositional(String label, String description) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .index("0")
                .arity("0..1")
                .description(description)
                .build();
    }

    /** An option with a value. */
    static OptionSpec option(String name, Class<?> type, String label, String description) {
        return OptionSpec.builder(name)
                .type(type)
                .paramLabel(label)
                .description(description)
                .build();
    }
}
