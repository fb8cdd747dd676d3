package io.millrace.cli;

import io.millrace.api.SinkException;
import io.millrace.cli.output.QueryResult;
import io.millrace.cli.output.ResultFormat;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.connectors.postgres.Query;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace query}. */
final class QueryCommand implements Command {

    private final Terminal terminal;
    private final Map<String, String> environment;

    QueryCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Asks the database that tables are loaded into, also while a run goes on. Nothing can be"
                        + " changed by it.")
                .addOption(Command.option("--format", ResultFormat.class, "FORMAT", "table, csv or json (table)."))
                .addOption(PipelineArguments.home())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("SQL")
                        .index("0")
                        .arity("1")
                        .required(true)
                        .description("One statement, in the SQL of PostgreSQL.")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws SinkException, InterruptedException, UserException {
        String sql = given.matchedPositionalValue(0, "");
        ResultFormat format = given.matchedOptionValue("--format", ResultFormat.TABLE);
        Path home = PipelineArguments.home(given, environment);
        try (PostgresDestination destination = PostgresDestination.attach(environment, home);
                Query query = Query.run(destination, sql)) {
            QueryResult.write(query, format.writer(terminal.out(), terminal.styled()));
        }
        terminal.out().flush();
        if (terminal.out().checkError()) {
            throw UserException.failed("the standard output was closed before everything was written");
        }
        return ExitCode.DONE;
    }
}
