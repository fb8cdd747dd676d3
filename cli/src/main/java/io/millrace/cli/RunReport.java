package io.millrace.cli;

import io.millrace.api.Commit.Counts;
import io.millrace.api.SinkException;
import io.millrace.cli.output.Figures;
import io.millrace.cli.output.QueryResult;
import io.millrace.cli.output.ResultFormat;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.connectors.postgres.Query;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.run.RunSummary;
import io.millrace.engine.run.RunSummary.Outcome;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
        out.println(pipeline.name() + ": " + heading(summary));
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
        if (summary.halt() != null) {
            terminal.err().println("millrace: " + summary.halt());
        }
        return switch (summary.outcome()) {
            case DONE -> ExitCode.DONE;
            case FAILED -> ExitCode.FAILED;
            case STOPPED -> ExitCode.INTERRUPTED;
        };
    }

    private static String heading(RunSummary summary) {
        return switch (summary.outcome()) {
            case DONE -> "done";
            case FAILED ->
                summary.halt() != null
                        ? "stopped, since too many records were rejected; what was read is loaded"
                        : "could not read everything; what was read is loaded";
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
    void table(PostgresDestination destination) throws SinkException, InterruptedException {
        List<String> key = new ArrayList<>();
        for (int column : pipeline.shape().key()) {
            key.add(pipeline.shape().columns().get(column).name());
        }
        out.println();
        try (Query rows = Query.table(destination, pipeline.table(), key, ROWS_SHOWN)) {
            QueryResult.write(rows, ResultFormat.TABLE.writer(out, terminal.styled()));
        }
        String all = "SELECT * FROM "
                + String.join(".", inSql(destination, List.of(pipeline.table().split("\\.", 2))))
                + (key.isEmpty() ? "" : " ORDER BY " + String.join(", ", inSql(destination, key)));
        out.println();
        out.println("More of it:  " + invocation.command("query", all));
        // The embedded server lives only as long as a command that uses it.
        out.println(
                "With psql:   " + (destination.embedded() ? invocation.command("psql") : destination.psqlCommand()));
    }

    /** Prints how to look at the records that were put aside. */
    void quarantine() {
        out.println("Put aside:   " + invocation.command("quarantine", "ls", "--pipeline", pipeline.name()));
    }

    /** Names as they are written in SQL: quoted only where they must be, since the statement is there to be read. */
    private static List<@Nullable String> inSql(PostgresDestination destination, List<String> names)
            throws SinkException, InterruptedException {
        String quoted = names.stream()
                .map(name -> "quote_ident('" + name.replace("'", "''") + "')")
                .collect(Collectors.joining(", ", "SELECT ", ""));
        try (Query query = Query.run(destination, quoted)) {
            return Objects.requireNonNull(query.next());
        }
    }
}
