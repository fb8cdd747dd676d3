package io.millrace.cli;

import io.millrace.api.Commit.Counts;
import io.millrace.cli.output.Figures;
import io.millrace.cli.output.QueryResult;
import io.millrace.cli.output.ResultFormat;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.run.RunSummary;
import io.millrace.engine.run.RunSummary.Outcome;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run came to, and how to look at it. */
final class RunReport {

    private static final int ROWS_SHOWN = 10;

    private final Pipeline pipeline;
    private final Terminal terminal;
    private final PrintStream out;
    /** How the user called us, and the options that a command needs to find the same database. */
    private final Invocation invocation;

    RunReport(Pipeline pipeline, Terminal terminal, Invocation invocation) {
        this.pipeline = pipeline;
        this.terminal = terminal;
        this.out = terminal.out();
        this.invocation = invocation;
    }

    /** Prints what became of the records, and returns the exit code that goes with it. */
    int counts(RunSummary summary) {
        Counts counts = summary.counts();
        int width = Figures.count(counts.received()).length();
        out.println(pipeline.name() + ": " + heading(summary.outcome()));
        out.println(line("received", counts.received(), width) + aside(summary));
        out.println(line("loaded", counts.loaded(), width) + "  into " + pipeline.table());
        out.println(line("filtered", counts.filtered(), width));
        out.println(line("quarantined", counts.quarantined(), width) + reasons(summary.reasons()));
        out.println("  elapsed      " + Figures.duration(summary.elapsed())
                + (counts.received() == 0
                        ? ""
                        : ", " + Figures.rate(counts.received(), summary.elapsed()) + ", "
                                + Figures.count(summary.commits(), "commit")));
        summary.remarks().forEach(remark -> out.println("  note: " + remark));
        out.flush();
        summary.failures().forEach(failure -> terminal.err().println("millrace: " + failure));
        return switch (summary.outcome()) {
            case DONE -> ExitCode.DONE;
            case FAILED -> ExitCode.FAILED;
            case STOPPED -> ExitCode.INTERRUPTED;
        };
    }

    private static String heading(Outcome outcome) {
        return switch (outcome) {
            case DONE -> "done";
            case FAILED -> "could not read everything; what was read is loaded";
            case STOPPED -> "stopped; what was committed stays, and the next run goes on from there";
        };
    }

    private static String aside(RunSummary summary) {
        if (summary.counts().received() > 0) {
            return "  from " + Figures.bytes(summary.bytes());
        }
        return summary.outcome() == Outcome.DONE ? "  there was nothing new" : "";
    }

    private static String line(String name, long count, int width) {
        return String.format("  %-12s %" + width + "s", name, Figures.count(count));
    }

    private static String reasons(Map<String, Long> reasons) {
        return reasons.isEmpty()
                ? ""
                : new TreeMap<>(reasons)
                        .entrySet().stream()
                                .map(reason -> reason.getKey() + " " + Figures.count(reason.getValue()))
                                .collect(Collectors.joining(", ", "  (", ")"));
    }

    /** Prints the first rows of the table, and how to see more. */
    void table(Database database) throws SQLException {
        Connection connection = database.connection();
        List<String> key = new ArrayList<>();
        for (int column : pipeline.shape().key()) {
            key.add(inSql(connection, pipeline.shape().columns().get(column).name()));
        }
        List<String> table = new ArrayList<>();
        for (String part : pipeline.table().split("\\.", 2)) {
            table.add(inSql(connection, part));
        }
        String all = "SELECT * FROM " + String.join(".", table)
                + (key.isEmpty() ? "" : " ORDER BY " + String.join(", ", key));
        out.println();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(all + " LIMIT " + ROWS_SHOWN)) {
            QueryResult.write(rows, ResultFormat.TABLE, out, terminal.styled());
        }
        out.println();
        out.println("More of it:  " + invocation.command("query", all));
        // The embedded server lives only as long as a command that uses it.
        out.println("With psql:   " + (database.embedded() ? invocation.command("psql") : database.psqlCommand()));
    }

    /** Prints how to look at the records that were put aside. */
    void quarantine() {
        out.println("Put aside:   "
                + invocation.command(
                        "query",
                        "SELECT split, position, code, field, message FROM millrace.quarantine WHERE pipeline = '"
                                + pipeline.name() + "'"));
    }

    /** A name as it is written in SQL: quoted only where it must be, since the statement is there to be read. */
    private static String inSql(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT quote_ident(?)")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
