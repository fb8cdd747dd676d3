package io.millrace.cli;

import io.millrace.api.Commit.Counts;
import io.millrace.api.RecordIndex;
import io.millrace.api.Rejection;
import io.millrace.api.SinkException;
import io.millrace.api.Source;
import io.millrace.api.SourceException;
import io.millrace.cli.output.Figures;
import io.millrace.cli.output.ResultFormat;
import io.millrace.cli.output.ResultWriter;
import io.millrace.connectors.http.LogRecordIndex;
import io.millrace.connectors.postgres.Audit;
import io.millrace.connectors.postgres.Ledger;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.connectors.postgres.QuarantineKinds;
import io.millrace.connectors.postgres.Query.Column;
import io.millrace.connectors.postgres.Query.Kind;
import io.millrace.connectors.postgres.SourceCount;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineLoader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace ledger}: what became of every record, and whether the books balance. */
final class LedgerCommand implements Command {

    private static final List<Column> COLUMNS = List.of(
            new Column("run", "text", Kind.TEXT),
            new Column("split", "text", Kind.TEXT),
            number("commits"),
            number("received"),
            number("loaded"),
            number("filtered"),
            number("deduplicated"),
            number("quarantined"),
            number("dropped"));

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
                .addOption(PipelineArguments.set())
                .addOption(PipelineArguments.home())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("PIPELINE")
                        .index("0")
                        .arity("1")
                        .required(true)
                        .description("The pipeline's name, as its file says it, or the file.")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws SinkException, IOException, InterruptedException, UserException {
        String wanted = given.matchedPositionalValue(0, "");
        Path home = PipelineArguments.home(given, environment);
        if (!PipelineDestination.isFile(wanted)) {
            try (PostgresDestination destination = PostgresDestination.attach(environment, home)) {
                return checked(destination, wanted, null, home);
            }
        }
        switch (new PipelineLoader(Connectors.installed())
                .load(Path.of(wanted), PipelineArguments.set(given), environment)) {
            case Loaded.Ok(var pipeline) -> {
                try (PostgresDestination destination = PipelineDestination.attach(pipeline, environment, home)) {
                    return checked(destination, pipeline.name(), pipeline, home);
                }
            }
            case Loaded.Invalid invalid -> {
                PipelineProblems.print(invalid.problems(), terminal);
                return ExitCode.USAGE;
            }
        }
    }

    /** @param file what the pipeline's file says; null where it was not given */
    private int checked(PostgresDestination destination, String pipeline, @Nullable Pipeline file, Path home)
            throws SinkException, IOException, InterruptedException, UserException {
        List<String> known = Ledger.pipelines(destination);
        if (!known.contains(pipeline)) {
            throw UserException.failed("the ledger has no commit of a pipeline '" + pipeline + "'; "
                    + (known.isEmpty() ? "nothing has been loaded here yet" : "it has " + String.join(", ", known)));
        }
        Later later = entries(destination, pipeline);
        Audit audit = Audit.of(destination, pipeline);
        print(pipeline, audit, later);
        Audit.TableCount table = audit.table();
        terminal.out()
                .println(
                        table == null
                                ? "Table not compared: which one it is will be written down by the next run."
                                : told(table));
        List<String> faults = new ArrayList<>(audit.faults());
        source(destination, pipeline, file, home, faults);
        return verdict(pipeline, faults);
    }

    /** What one run did with one split. */
    private record Part(String run, String split) {}

    /** What came of it. */
    private record Sum(long commits, Counts counts) {
        Sum plus(Sum other) {
            return new Sum(commits + other.commits, counts.plus(other.counts));
        }
    }

    /** What became of records after they had been put into the quarantine. */
    private record Later(long replayed, long discarded) {}

    private Later entries(PostgresDestination destination, String pipeline) throws SinkException, InterruptedException {
        Map<Part, Sum> parts = new LinkedHashMap<>();
        long[] later = {0, 0};
        Ledger.entries(destination, pipeline, entry -> {
            parts.merge(new Part(entry.run(), entry.split()), new Sum(entry.commits(), entry.counts()), Sum::plus);
            if (entry.to() == null) {
                later[0] -= entry.counts().quarantined() + entry.counts().dropped();
                later[1] += entry.counts().dropped();
            }
        });
        ResultWriter table = ResultFormat.TABLE.writer(terminal.out(), terminal.styled());
        table.begin(COLUMNS);
        parts.forEach((part, sum) -> table.row(List.of(
                part.run(),
                part.split(),
                Long.toString(sum.commits()),
                Long.toString(sum.counts().received()),
                Long.toString(sum.counts().loaded()),
                Long.toString(sum.counts().filtered()),
                Long.toString(sum.counts().deduplicated()),
                Long.toString(sum.counts().quarantined()),
                Long.toString(sum.counts().dropped()))));
        table.end(parts.size());
        return new Later(later[0], later[1]);
    }

    private void print(String pipeline, Audit audit, Later later) {
        PrintStream out = terminal.out();
        Counts counts = audit.ledger().counts();
        out.println(pipeline + ": received " + Figures.count(counts.received()) + " = loaded "
                + Figures.count(counts.loaded()) + " + filtered " + Figures.count(counts.filtered())
                + unlessNone(" + deduplicated ", counts.deduplicated()) + " + quarantined "
                + Figures.count(counts.quarantined()) + unlessNone(" + dropped ", counts.dropped()));
        if (later.replayed() + later.discarded() > 0) {
            out.println("  out of the quarantine: replayed " + Figures.count(later.replayed()) + ", discarded "
                    + Figures.count(later.discarded()));
        }
        for (Rejection.Stage stage : Rejection.Stage.values()) {
            String name = stage.word();
            List<QuarantineKinds.Kind> kinds = audit.quarantine().stream()
                    .filter(kind -> kind.stage().equals(name))
                    .toList();
            if (!kinds.isEmpty()) {
                long records =
                        kinds.stream().mapToLong(QuarantineKinds.Kind::records).sum();
                out.println("  quarantined at " + name + " " + Figures.count(records));
                kinds.forEach(kind -> out.println("    " + Figures.count(kind.records()) + ": " + kind.code()
                        + (kind.field() == null ? "" : " in " + kind.field()) + " (" + kind.message() + ")"));
            }
        }
    }

    private static String unlessNone(String words, long records) {
        return records == 0 ? "" : words + Figures.count(records);
    }

    /** Compares what was received with what the source has. */
    private void source(
            PostgresDestination destination, String pipeline, @Nullable Pipeline file, Path home, List<String> faults)
            throws SinkException, IOException, InterruptedException {
        if (file == null) {
            log(destination, pipeline, home, faults);
            return;
        }
        try (Source source = file.openSource(home)) {
            RecordIndex index = source.index();
            if (index == null) {
                terminal.out()
                        .println("Source not compared: how many records it has is not known without decoding them.");
                return;
            }
            for (SourceCount count : SourceCount.of(destination, pipeline, index)) {
                tell(count, faults);
            }
        } catch (SourceException e) {
            terminal.out().println("Source not compared: " + e.getMessage());
        }
    }

    /** Compares the splits that the log of the home folder has: their names tell that. */
    private void log(PostgresDestination destination, String pipeline, Path home, List<String> faults)
            throws SinkException, IOException, InterruptedException {
        boolean any = false;
        Optional<LogRecordIndex> there = LogRecordIndex.of(home);
        if (there.isPresent()) {
            try (LogRecordIndex index = there.get()) {
                for (SourceCount count : SourceCount.of(destination, pipeline, index)) {
                    if (index.knows(count.split())) {
                        any = true;
                        tell(count, faults);
                    }
                }
            }
        }
        if (!any) {
            terminal.out().println("Source not compared: give the pipeline's file instead of its name.");
        }
    }

    private void tell(SourceCount count, List<String> faults) {
        switch (count) {
            case SourceCount.NotCompared(String split, String why) ->
                terminal.out().println("Source " + split + " not compared: " + why + ".");
            case SourceCount.Compared compared -> {
                terminal.out()
                        .println("Source " + compared.split() + ": " + Figures.count(compared.found(), "record") + " "
                                + compared.range() + ", " + Figures.count(compared.received()) + " received.");
                if (!compared.equal()) {
                    faults.add(fault(compared));
                }
            }
        }
    }

    private static String fault(SourceCount.Compared compared) {
        long surplus = compared.received() - compared.found();
        return "split " + compared.split() + ": the source has " + Figures.count(compared.found(), "record") + " "
                + compared.range() + ", and the commits say that " + Figures.count(compared.received())
                + " were received: " + Figures.count(Math.abs(surplus)) + (surplus < 0 ? " too few" : " too many")
                + ". Rows of millrace.ledger or files of the source were changed by something that is not Millrace";
    }

    private int verdict(String pipeline, List<String> faults) {
        if (faults.isEmpty()) {
            terminal.out()
                    .println("The books balance: every commit adds up and begins where the one before it ended, and the"
                            + " quarantine holds what they put there.");
            return ExitCode.DONE;
        }
        terminal.flush();
        terminal.err().println("millrace: the books of " + pipeline + " do not balance:");
        faults.stream().limit(FAULTS_SHOWN).forEach(fault -> terminal.err().println("  " + fault));
        if (faults.size() > FAULTS_SHOWN) {
            terminal.err().println("  and " + Figures.count(faults.size() - FAULTS_SHOWN) + " more");
        }
        return ExitCode.FAILED;
    }

    private static String told(Audit.TableCount table) {
        return switch (table) {
            case Audit.TableCount.NotCompared(String name, String why) ->
                "Table " + name + " not compared: " + why + ".";
            case Audit.TableCount.Compared compared ->
                "Table " + compared.table() + ": " + compared.what() + " is " + Figures.count(compared.found()) + ", "
                        + Figures.count(compared.loaded(), "record") + " loaded"
                        + (compared.pipelines().size() > 1 ? " by " + String.join(", ", compared.pipelines()) : "")
                        + (compared.before() == 0 ? "" : ", and " + Figures.count(compared.before()) + " from before")
                        + (compared.atMost() ? ", of which some may replace others." : ".");
        };
    }

    private static Column number(String name) {
        return new Column(name, "int8", Kind.NUMBER);
    }
}
