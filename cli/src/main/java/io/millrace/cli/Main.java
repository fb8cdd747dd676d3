package io.millrace.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry: finds the command, and turns whatever goes wrong into one message and an exit code. */
public final class Main {

    /** In the order in which help lists them. */
    private static final List<String> COMMANDS =
            List.of("run", "lint", "query", "ledger", "generate", "version", "completion");

    private Main() {}

    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        Terminal terminal = Terminal.ofProcess(environment);
        int code = execute(terminal, environment, args);
        terminal.flush();
        System.exit(code);
    }

    /** Runs one command in this process and returns its exit code, as in {@link ExitCode}. */
    public static int execute(Terminal terminal, Map<String, String> environment, String... args) {
        // The JVM starts faster with the classes of one command than with those of all.
        List<String> wanted = args.length > 0 && COMMANDS.contains(args[0]) ? List.of(args[0]) : COMMANDS;
        return commandLine(terminal, environment, wanted).execute(args);
    }

    private static CommandLine commandLine(Terminal terminal, Map<String, String> environment, List<String> commands) {
        CommandLine root = new CommandLine(new Root());
        for (String name : commands) {
            root.addSubcommand(name, command(name, terminal, environment));
        }
        if (commands.size() > 1) {
            root.addSubcommand("help", new HelpCommand());
        }
        root.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setAbbreviatedOptionsAllowed(false);
        root.setUsageHelpWidth(Math.clamp(terminal.columns(), 60, 110));
        root.setUsageHelpLongOptionsMaxWidth(30);
        root.setParameterExceptionHandler((e, args) -> usage(terminal, e));
        root.setExecutionExceptionHandler((e, line, parsed) -> Failures.report(
                e,
                terminal,
                Arrays.asList(parsed.originalArgs().toArray(new String[0])).contains("--debug")));
        return root;
    }

    private static Object command(String name, Terminal terminal, Map<String, String> environment) {
        return switch (name) {
            case "generate" -> new GenerateCommand(terminal);
            case "version" -> new VersionCommand(terminal);
            case "completion" -> new CompletionCommand(terminal, () -> commandLine(terminal, environment, COMMANDS));
            default -> throw new IllegalArgumentException("no command " + name);
        };
    }

    private static int usage(Terminal terminal, ParameterException e) {
        terminal.err().println("millrace: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, terminal.err());
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        terminal.err().println("Try '" + command + " --help'.");
        return ExitCode.USAGE;
    }

    /** The command without a command. */
    @Command(
            name = "millrace",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            synopsisSubcommandLabel = "COMMAND",
            description = "Keeps tables true: loads events into tables that are exactly right, whatever happens.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:done",
                "1:failed",
                "2:wrong usage, or a pipeline file that is not valid",
                "130:interrupted; what was committed stays"
            },
            footer = {"", "Start with:  millrace run examples/revenue-batch/pipeline.yaml"})
    static final class Root implements Runnable {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before run
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "which command? There are " + String.join(", ", COMMANDS));
        }
    }
}
