package io.millrace.cli;

import io.millrace.api.SinkException;
import io.millrace.cli.output.Figures;
import io.millrace.cli.output.QueryResult;
import io.millrace.cli.output.ResultFormat;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace ledger}: what became of every record, and whether the books balance. */
final class LedgerCommand implements Command {

    private static final String ENTRIES = """
            SELECT run, split, count(*) AS commits, sum(received) AS received, sum(loaded) AS loaded,
                   sum(filtered) AS filtered, sum(quarantined) AS quarantined
            FROM millrace.ledger WHERE pipeline = ?
            GROUP BY run, split ORDER BY min(commit_number), split
            """;

    private static final String TOTALS = """
            SELECT count(DISTINCT commit_number) AS commits, coalesce(sum(received), 0) AS received,
                   coalesce(sum(loaded), 0) AS loaded, coalesce(sum(filtered), 0) AS filtered,
                   coalesce(sum(quarantined), 0) AS quarantined
            FROM millrace.ledger WHERE pipeline = ?
            """;

    /** Each finds what must not be: a row for every place where the books do not balance. */
    private enum Check {
        BALANCE("received = loaded + filtered + quarantined in every commit", """
                SELECT 'commit ' || commit_number || ' of split ' || split || ': received ' || received || ', but loaded '
                       || loaded || ' + filtered ' || filtered || ' + quarantined ' || quarantined
                FROM millrace.ledger
                WHERE pipeline = ? AND received <> loaded + filtered + quarantined
                ORDER BY commit_number, split
                """),
        CHAIN("every commit begins where the one before it ended", """
                SELECT 'commit ' || commit_number || ' of split ' || split || ' begins at '
                       || coalesce(from_offset, 'the start') || ', but the one before it ended at '
                       || coalesce(before, 'nothing')
                FROM (SELECT *, lag(to_offset) OVER (PARTITION BY split ORDER BY commit_number) AS before
                      FROM millrace.ledger WHERE pipeline = ?) AS steps
                WHERE from_offset IS DISTINCT FROM before
                ORDER BY commit_number, split
                """),
        PROGRESS("the progress of every split is where its last commit ended", """
                SELECT 'split ' || coalesce(p.split, l.split) || ' stands at ' || coalesce(p."offset", 'nothing')
                       || ', but its last commit ended at ' || coalesce(l.to_offset, 'nothing')
                FROM (SELECT split, "offset" FROM millrace.progress WHERE pipeline = ?) AS p
                FULL JOIN (SELECT DISTINCT ON (split) split, to_offset FROM millrace.ledger WHERE pipeline = ?
                           ORDER BY split, commit_number DESC) AS l USING (split)
                WHERE p."offset" IS DISTINCT FROM l.to_offset
                ORDER BY 1
                """),
        QUARANTINE("the quarantine holds the records that the commits put there", """
                SELECT 'split ' || coalesce(l.split, q.split) || ': ' || coalesce(l.records, 0)
                       || ' quarantined by its commits, ' || coalesce(q.records, 0) || ' in millrace.quarantine'
                FROM (SELECT split, sum(quarantined) AS records FROM millrace.ledger WHERE pipeline = ?
                      GROUP BY split) AS l
                FULL JOIN (SELECT split, count(*) AS records FROM millrace.quarantine WHERE pipeline = ?
                           GROUP BY split) AS q USING (split)
                WHERE coalesce(l.records, 0) <> coalesce(q.records, 0)
                ORDER BY 1
                """);

        private final String says;
        private final String sql;

        Check(String says, String sql) {
            this.says = says;
            this.sql = sql;
        }
    }

    private static final int FAULTS_SHOWN = 20;

    private final Terminal terminal;
    private final Map<String, String> environment;

    LedgerCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Prints what became of every record of a pipeline, and checks that the books balance.")
                .addOption(PipelineArguments.home())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("PIPELINE")
                        .index("0")
                        .arity("1")
                        .description("The pipeline's name, as its file says it.")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws SQLException, SinkException, InterruptedException, UserException {
        String pipeline = given.matchedPositionalValue(0, "");
        try (Database database = Database.at(PipelineArguments.home(given, environment), environment)) {
            Connection connection = database.connection();
            // One moment for all statements, also while a run goes on.
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            requireKnown(connection, pipeline);
            return print(connection, pipeline);
        }
    }

    private int print(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement entries = prepared(connection, ENTRIES, pipeline);
                ResultSet rows = entries.executeQuery()) {
            QueryResult.write(rows, ResultFormat.TABLE, terminal.out(), terminal.styled());
        }
        try (PreparedStatement totals = prepared(connection, TOTALS, pipeline);
                ResultSet row = totals.executeQuery()) {
            row.next();
            terminal.out()
                    .println(pipeline + ": " + Figures.count(row.getLong("commits"), "commit") + "; received "
                            + Figures.count(row.getLong("received")) + " = loaded "
                            + Figures.count(row.getLong("loaded")) + " + filtered "
                            + Figures.count(row.getLong("filtered")) + " + quarantined "
                            + Figures.count(row.getLong("quarantined")));
        }
        boolean balanced = true;
        for (Check check : Check.values()) {
            List<String> faults = faults(connection, check, pipeline);
            terminal.out().println((faults.isEmpty() ? "  ok    " : "  WRONG ") + check.says);
            faults.stream().limit(FAULTS_SHOWN).forEach(fault -> terminal.out().println("        " + fault));
            if (faults.size() > FAULTS_SHOWN) {
                terminal.out().println("        and " + Figures.count(faults.size() - FAULTS_SHOWN) + " more");
            }
            balanced &= faults.isEmpty();
        }
        if (!balanced) {
            terminal.err().println("millrace: the books of " + pipeline + " do not balance");
        }
        return balanced ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static List<String> faults(Connection connection, Check check, String pipeline) throws SQLException {
        List<String> faults = new ArrayList<>();
        try (PreparedStatement statement = prepared(connection, check.sql, pipeline);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                faults.add(rows.getString(1));
            }
        }
        return faults;
    }

    /** Every parameter of these statements is the pipeline's name. */
    private static PreparedStatement prepared(Connection connection, String sql, String pipeline) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        int parameters = statement.getParameterMetaData().getParameterCount();
        for (int i = 1; i <= parameters; i++) {
            statement.setString(i, pipeline);
        }
        return statement;
    }

    private static void requireKnown(Connection connection, String pipeline) throws SQLException, UserException {
        List<String> known = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            boolean ledger;
            try (ResultSet row = statement.executeQuery("SELECT to_regclass('millrace.ledger') IS NOT NULL")) {
                ledger = row.next() && row.getBoolean(1);
            }
            if (ledger) {
                try (ResultSet rows =
                        statement.executeQuery("SELECT DISTINCT pipeline FROM millrace.ledger ORDER BY 1")) {
                    while (rows.next()) {
                        known.add(rows.getString(1));
                    }
                }
            }
        }
        if (!known.contains(pipeline)) {
            throw UserException.failed("no commit of a pipeline '" + pipeline + "' is in the ledger; "
                    + (known.isEmpty() ? "nothing has been loaded here yet" : "there are " + String.join(", ", known)));
        }
    }
}
