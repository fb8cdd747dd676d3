package io.millrace.cli;

import io.millrace.api.SinkException;
import io.millrace.cli.output.QueryResult;
import io.millrace.cli.output.ResultFormat;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace query}. */
final class QueryCommand implements Command {

    /** So many rows are fetched at a time, so that a result of any size is written in little memory. */
    private static final int FETCH_ROWS = 5000;

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
                        .description("One statement, in the SQL of PostgreSQL.")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws SQLException, SinkException, InterruptedException, UserException {
        String sql = given.matchedPositionalValue(0, "");
        ResultFormat format = given.matchedOptionValue("--format", ResultFormat.TABLE);
        Path home = PipelineArguments.home(given, environment);
        try (Database database = Database.at(home, environment)) {
            ask(database.connection(), sql, format);
        }
        terminal.out().flush();
        if (terminal.out().checkError()) {
            throw UserException.failed("the standard output was closed before everything was written");
        }
        return ExitCode.DONE;
    }

    private void ask(Connection connection, String sql, ResultFormat format) throws SQLException, UserException {
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            if (!statement.execute(sql)) {
                throw UserException.failed("the statement returns no rows; query only reads");
            }
            try (ResultSet rows = statement.getResultSet()) {
                QueryResult.write(rows, format, terminal.out(), terminal.styled());
            }
        } catch (PSQLException e) {
            ServerErrorMessage server = e.getServerErrorMessage();
            if (server == null) {
                throw e;
            }
            throw UserException.failed(SqlMistake.describe(sql, server));
        } finally {
            connection.rollback();
        }
    }
}
