package io.millrace.cli;

import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** A command that is several, each with a name of its own: {@code millrace log ls}. */
final class CommandGroup implements Command {

    private final String description;
    private final Map<String, Command> commands;

    /** @param commands by name, in the order in which help lists them */
    CommandGroup(String description, Map<String, Command> commands) {
        this.description = description;
        this.commands = commands;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Command.spec(description);
        spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        commands.forEach((name, command) -> spec.addSubcommand(name, command.spec()));
        return spec;
    }

    @Override
    public int run(ParseResult given) throws Exception {
        Command command = given.hasSubcommand()
                ? commands.get(given.subcommand().commandSpec().name())
                : null;
        if (command == null) {
            throw new ParameterException(
                    given.commandSpec().commandLine(),
                    "which command? There are " + String.join(", ", commands.keySet()));
        }
        return command.run(given.subcommand());
    }
}
