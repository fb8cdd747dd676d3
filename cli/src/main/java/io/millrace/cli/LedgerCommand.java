package io.millrace.cli;

import io.millrace.api.Commit.Counts;
import io.millrace.api.SinkException;
import io.millrace.cli.output.Figures;
import io.millrace.cli.output.ResultFormat;
import io.millrace.cli.output.ResultWriter;
import io.millrace.connectors.postgres.Ledger;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.connectors.postgres.QuarantineKinds;
import io.millrace.connectors.postgres.Query.Column;
import io.millrace.connectors.postgres.Query.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
                .addOption(PipelineArguments.home())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("PIPELINE")
                        .index("0")
                        .arity("1")
                        .required(true)
                        .description("The pipeline's name, as its file says it.")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws SinkException, InterruptedException, UserException {
        String pipeline = given.matchedPositionalValue(0, "");
        try (PostgresDestination destination =
                PostgresDestination.attach(environment, PipelineArguments.home(given, environment))) {
            List<String> known = Ledger.pipelines(destination);
            if (!known.contains(pipeline)) {
                throw UserException.failed("the ledger has no commit of a pipeline '" + pipeline + "'; "
                        + (known.isEmpty()
                                ? "nothing has been loaded here yet"
                                : "it has " + String.join(", ", known)));
            }
            Later later = entries(destination, pipeline);
            return verdict(pipeline, faults(destination, pipeline, later));
        }
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

    private List<String> faults(PostgresDestination destination, String pipeline, Later later)
            throws SinkException, InterruptedException {
        Ledger.Report report = Ledger.check(destination, pipeline);
        Counts counts = report.counts();
        terminal.out()
                .println(pipeline + ": received " + Figures.count(counts.received()) + " = loaded "
                        + Figures.count(counts.loaded()) + " + filtered " + Figures.count(counts.filtered())
                        + unlessNone(" + deduplicated ", counts.deduplicated()) + " + quarantined "
                        + Figures.count(counts.quarantined()) + unlessNone(" + dropped ", counts.dropped()));
        if (later.replayed() + later.discarded() > 0) {
            terminal.out()
                    .println("  out of the quarantine: replayed " + Figures.count(later.replayed()) + ", discarded "
                            + Figures.count(later.discarded()));
        }
        List<String> faults = new ArrayList<>(report.faults());
        long lying = 0;
        for (QuarantineKinds.Kind kind : QuarantineKinds.of(destination, pipeline)) {
            terminal.out()
                    .println("  quarantined " + Figures.count(kind.records()) + ": " + kind.code()
                            + (kind.field() == null ? "" : " in " + kind.field()) + " (" + kind.message() + ")");
            lying += kind.records();
        }
        if (lying != counts.quarantined()) {
            faults.add("its commits put " + Figures.count(counts.quarantined(), "record")
                    + " into the quarantine, which holds " + Figures.count(lying));
        }
        return faults;
    }

    private static String unlessNone(String words, long records) {
        return records == 0 ? "" : words + Figures.count(records);
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

    private static Column number(String name) {
        return new Column(name, "int8", Kind.NUMBER);
    }
}
