package io.millrace.cli;

import io.millrace.api.Quarantine;
import io.millrace.api.Quarantine.Entry;
import io.millrace.api.Quarantine.Filter;
import io.millrace.api.Rejection;
import io.millrace.api.SinkException;
import io.millrace.cli.output.Figures;
import io.millrace.cli.output.ResultFormat;
import io.millrace.cli.output.ResultWriter;
import io.millrace.connectors.postgres.Ledger;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.connectors.postgres.QuarantineKinds;
import io.millrace.connectors.postgres.Query.Column;
import io.millrace.connectors.postgres.Query.Kind;
import io.millrace.engine.run.Condition;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace quarantine ls}. */
final class QuarantineListCommand implements Command {

    private static final String KINDS = "--kinds";
    private static final String LIMIT = "--limit";
    private static final String AFTER = "--after";
    private static final int USUAL_LIMIT = 20;

    private static final List<Column> RECORDS = List.of(
            number("number"),
            text("since"),
            text("stage"),
            text("code"),
            text("field"),
            text("split"),
            text("position"),
            text("message"));

    private final Terminal terminal;
    private final Map<String, String> environment;
    private final InstantSource clock;

    QuarantineListCommand(Terminal terminal, Map<String, String> environment, InstantSource clock) {
        this.terminal = terminal;
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec =
                Command.spec("Lists records in the quarantine, the newest first. Where several pipelines have"
                        + " some and none is named, how many each has.");
        QuarantineArguments.pipeline(QuarantineArguments.choice(spec));
        return spec.addOption(OptionSpec.builder(KINDS)
                        .description("How many there are of each kind; this looks at all of them.")
                        .build())
                .addOption(Command.option(LIMIT, int.class, "N", "At most so many (" + USUAL_LIMIT + ")."))
                .addOption(Command.option(AFTER, long.class, "NUMBER", "The page after the record of this number."))
                .addOption(Command.option("--format", ResultFormat.class, "FORMAT", "table, csv or json (table)."));
    }

    @Override
    public int run(ParseResult given) throws Exception {
        int limit = given.matchedOptionValue(LIMIT, USUAL_LIMIT);
        if (limit < 1) {
            throw QuarantineArguments.wrong(given, LIMIT + ": expected at least 1, found " + limit);
        }
        Filter filter = QuarantineArguments.filter(given, clock);
        ResultFormat format = given.matchedOptionValue("--format", ResultFormat.TABLE);
        ResultWriter writer = format.writer(terminal.out(), terminal.styled());
        OpenQuarantine.Place place;
        try {
            place = OpenQuarantine.Place.of(given, environment, terminal);
        } catch (OpenQuarantine.InvalidFileException e) {
            return ExitCode.USAGE;
        }
        if (place.file() == null && !given.hasMatchedOption(QuarantineArguments.PIPELINE)) {
            try (PostgresDestination destination = place.attach()) {
                Map<String, Long> all = Ledger.quarantined(destination);
                if (all.size() != 1) {
                    pipelines(all, writer, format);
                    return ExitCode.DONE;
                }
            }
        }
        try (OpenQuarantine open = OpenQuarantine.open(place, given)) {
            if (given.hasMatchedOption(KINDS)) {
                kinds(open, writer);
            } else {
                records(open, given, filter, limit, writer, format);
            }
        }
        return ExitCode.DONE;
    }

    private void pipelines(Map<String, Long> all, ResultWriter writer, ResultFormat format) {
        if (all.isEmpty() && format == ResultFormat.TABLE) {
            terminal.out().println("The quarantine is empty.");
            return;
        }
        writer.begin(List.of(text("pipeline"), number("records")));
        all.forEach((pipeline, records) -> writer.row(List.of(pipeline, Long.toString(records))));
        writer.end(all.size());
        if (format == ResultFormat.TABLE) {
            terminal.out().println(QuarantineArguments.PIPELINE + " NAME lists the records of one.");
        }
    }

    private static void kinds(OpenQuarantine open, ResultWriter writer) throws SinkException, InterruptedException {
        List<QuarantineKinds.Kind> kinds = QuarantineKinds.of(open.destination(), open.pipeline());
        writer.begin(List.of(number("records"), text("stage"), text("code"), text("field"), text("example")));
        for (QuarantineKinds.Kind kind : kinds) {
            writer.row(Arrays.asList(
                    Long.toString(kind.records()), kind.stage(), kind.code(), kind.field(), kind.message()));
        }
        writer.end(kinds.size());
    }

    private void records(
            OpenQuarantine open, ParseResult given, Filter filter, int limit, ResultWriter writer, ResultFormat format)
            throws Exception {
        Condition where = open.where(given);
        long[] shown = {0, 0};
        writer.begin(RECORDS);
        // One more than are shown tells whether there are more.
        QuarantineCommands.each(
                open.quarantine(),
                filter,
                where,
                Quarantine.Order.NEWEST_FIRST,
                given.matchedOptionValue(AFTER, (Long) null),
                limit + 1,
                entry -> {
                    if (shown[0] < limit) {
                        writer.row(row(entry));
                        shown[1] = entry.number();
                    }
                    return ++shown[0] <= limit;
                });
        writer.end(Math.min(shown[0], limit));
        QuarantineCommands.undecided(where, terminal);
        if (format == ResultFormat.TABLE) {
            terminal.out()
                    .println(
                            open.pipeline() + " has " + Figures.count(open.records(), "record") + " in the quarantine");
            if (shown[0] > limit) {
                terminal.out()
                        .println("Next page:  "
                                + Invocation.of(given)
                                        .command(QuarantineArguments.again(
                                                given, "quarantine", "ls", AFTER, Long.toString(shown[1]))));
            }
        }
    }

    private static List<@Nullable String> row(Entry entry) {
        Rejection rejection = entry.rejection();
        return Arrays.asList(
                Long.toString(entry.number()),
                entry.since().toString(),
                rejection.stage().word(),
                rejection.code(),
                rejection.field(),
                entry.split(),
                rejection.position(),
                rejection.message());
    }

    private static Column number(String name) {
        return new Column(name, "int8", Kind.NUMBER);
    }

    private static Column text(String name) {
        return new Column(name, "text", Kind.TEXT);
    }
}
