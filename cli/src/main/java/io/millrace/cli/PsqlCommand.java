package io.millrace.cli;

import io.millrace.api.SinkException;
import io.millrace.connectors.postgres.PostgresDestination;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace psql}: PostgreSQL's own client on the database that tables are loaded into. */
final class PsqlCommand implements Command {

    /** How a shell says that there is no such command. */
    private static final int NOT_FOUND = 127;

    private final Terminal terminal;
    private final Map<String, String> environment;

    PsqlCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Command.spec(
                        "Opens psql, where it is installed, on the database that tables are loaded into.")
                .addOption(PipelineArguments.home())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("ARGUMENT")
                        .arity("0..*")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .description("What psql is given besides, such as -c 'SELECT 1'.")
                        .build());
        spec.parser().unmatchedOptionsArePositionalParams(true);
        return spec;
    }

    @Override
    public int run(ParseResult given) throws SinkException, InterruptedException, UserException {
        List<String> arguments = given.matchedPositionalValue(0, List.of());
        // Ctrl-C is for psql: it cancels a query there.
        Interrupts.leftToOthers();
        try (PostgresDestination destination =
                PostgresDestination.attach(environment, PipelineArguments.home(given, environment))) {
            // A command line for a shell; the arguments follow it.
            List<String> command = new ArrayList<>(List.of("sh", "-c", destination.psqlCommand() + " \"$@\"", "psql"));
            command.addAll(arguments);
            terminal.flush();
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code == NOT_FOUND) {
                throw UserException.failed("psql is not installed; 'millrace query' needs nothing installed");
            }
            return code;
        } catch (IOException e) {
            throw UserException.failed("no shell can be started: " + e.getMessage());
        }
    }
}
