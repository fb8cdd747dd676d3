package io.millrace.cli;

import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace completion}. */
final class CompletionCommand implements Command {

    private final Terminal terminal;
    private final Supplier<CommandLine> everything;

    CompletionCommand(Terminal terminal, Supplier<CommandLine> everything) {
        this.terminal = terminal;
        this.everything = everything;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Command.spec("Prints a script for bash and zsh that completes commands and options.");
        spec.usageMessage().footer("", "Use it with:  source <(./millrace completion)");
        return spec;
    }

    @Override
    public int run(ParseResult given) {
        terminal.out().print(AutoComplete.bash("millrace", everything.get()));
        return ExitCode.DONE;
    }
}
