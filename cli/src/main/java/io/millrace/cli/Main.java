package io.millrace.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry: finds the command, and turns whatever goes wrong into one message and an exit code. */
public final class Main {

    /** In the order in which help lists them. */
    private static final List<String> COMMANDS = List.of(
            "up",
            "send",
            "top",
            "run",
            "lint",
            "check",
            "graph",
            "schema",
            "test",
            "contract",
            "query",
            "ledger",
            "trace",
            "quarantine",
            "psql",
            "log",
            "token",
            "client",
            "config",
            "generate",
            "version",
            "completion");

    private final Terminal terminal;
    private final Map<String, String> environment;

    private Main(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        Terminal terminal = Terminal.ofProcess(environment);
        int code = execute(terminal, environment, args);
        terminal.flush();
        System.exit(code);
    }

    /** Runs one command in this process and returns its exit code: 0, 1, 2 or 130. */
    public static int execute(Terminal terminal, Map<String, String> environment, String... args) {
        // One command starts faster than all: only where the first word is none of them, all are made, for help.
        List<String> wanted = args.length > 0 && COMMANDS.contains(args[0]) ? List.of(args[0]) : COMMANDS;
        return new Main(terminal, environment).execute(wanted, args);
    }

    /** Runs a command that the caller has made; its name is the first of the arguments. */
    static int execute(Terminal terminal, Command command, String... args) {
        return new Main(terminal, Map.of()).execute(Map.of(args[0], command), args);
    }

    private int execute(List<String> names, String... args) {
        Map<String, Command> commands = new LinkedHashMap<>();
        names.forEach(name -> commands.put(name, command(name)));
        return execute(commands, args);
    }

    private int execute(Map<String, Command> commands, String... args) {
        CommandLine line = commandLine(commands);
        line.setExecutionStrategy(parsed -> {
            Integer helped = CommandLine.executeHelpRequest(parsed);
            return helped != null ? helped : run(commands, parsed);
        });
        return line.execute(args);
    }

    private Command command(String name) {
        return switch (name) {
            case "up" -> new UpCommand(terminal, environment);
            case "run" -> new RunCommand(terminal, environment);
            case "lint" -> new LintCommand(terminal, environment);
            case "check" -> new CheckCommand(terminal, environment);
            case "graph" -> new GraphCommand(terminal, environment);
            case "schema" -> new SchemaCommand(terminal);
            case "test" -> new TestCommand(terminal, environment);
            case "contract" -> ContractCommands.group(terminal, System.in);
            case "query" -> new QueryCommand(terminal, environment);
            case "ledger" -> new LedgerCommand(terminal, environment);
            case "trace" -> new TraceCommand(terminal, environment);
            case "quarantine" -> QuarantineCommands.group(terminal, environment, System.in, InstantSource.system());
            case "psql" -> new PsqlCommand(terminal, environment);
            case "send" -> new SendCommand(terminal, environment, System.in, HomeAuth::demo);
            case "top" -> new TopCommand(terminal, environment, HomeAuth::demo);
            case "log" -> LogCommands.group(terminal, environment);
            case "token" -> new TokenCommand(terminal, environment);
            case "client" -> ClientCommands.group(terminal, environment);
            case "config" -> new ConfigCommand(terminal, environment);
            case "generate" -> new GenerateCommand(terminal);
            case "version" -> new VersionCommand(terminal);
            case "completion" -> new CompletionCommand(terminal, this::everything);
            default -> throw new IllegalArgumentException("no command " + name);
        };
    }

    /** All commands, to be looked at only. */
    private CommandLine everything() {
        Map<String, Command> commands = new LinkedHashMap<>();
        COMMANDS.forEach(name -> commands.put(name, command(name)));
        return commandLine(commands);
    }

    private CommandLine commandLine(Map<String, Command> commands) {
        CommandSpec root = Command.spec(
                        "Keeps tables true: loads events into tables that are exactly right, whatever happens.")
                .name("millrace")
                .addOption(OptionSpec.builder("-V", "--version")
                        .description("The same as the command 'version'.")
                        .build());
        root.usageMessage()
                .synopsisSubcommandLabel("COMMAND")
                .footer("", "Start with:  millrace run examples/revenue-batch/pipeline.yaml")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes());
        commands.forEach((name, command) -> root.addSubcommand(name, command.spec()));
        if (commands.size() > 1) {
            root.addSubcommand("help", new CommandLine(new HelpCommand()));
        }
        CommandLine line = new CommandLine(root);
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(Math.clamp(terminal.columns(), 60, 110));
        line.setParameterExceptionHandler((e, args) -> wrongUsage(e));
        return line;
    }

    private int run(Map<String, Command> commands, ParseResult parsed) {
        if (!parsed.hasSubcommand()) {
            if (parsed.hasMatchedOption("--version")) {
                return execute(List.of("version"), "version");
            }
            throw new ParameterException(
                    parsed.commandSpec().commandLine(), "which command? There are " + String.join(", ", COMMANDS));
        }
        ParseResult given = parsed.subcommand();
        Command command = commands.get(given.commandSpec().name());
        if (command == null) {
            throw new IllegalStateException("no command " + given.commandSpec().name());
        }
        try {
            return command.run(given);
        } catch (ParameterException e) {
            throw e;
        } catch (Exception e) {
            return Failures.report(e, terminal, parsed.originalArgs().contains("--debug"));
        }
    }

    private int wrongUsage(ParameterException e) {
        boolean root = e.getCommandLine().getParent() == null;
        String message = root && e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
                ? "there is no command '" + unmatched.getUnmatched().getFirst() + "'"
                : e.getMessage();
        terminal.err().println("millrace: " + message);
        UnmatchedArgumentException.printSuggestions(e, terminal.err());
        terminal.err().println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "done");
        codes.put("1", "failed");
        codes.put("2", "wrong usage, or a pipeline file or configuration that is not valid");
        codes.put("130", "interrupted; what was committed stays");
        return codes;
    }
}
