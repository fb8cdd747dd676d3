package io.millrace.cli;

import io.millrace.api.Offset;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.Source;
import io.millrace.connectors.postgres.Ledger;
import io.millrace.connectors.postgres.PostgresConfig;
import io.millrace.connectors.postgres.PostgresConnector;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.run.Trace;
import io.millrace.sql.Compiled;
import io.millrace.sql.DeclaredColumn;
import io.millrace.sql.SqlCompiler;
import io.millrace.sql.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code millrace trace}: the story of single records, from where they came to where they are now. */
final class TraceCommand implements Command {

    private static final int USUAL_LIMIT = 10;

    private final Terminal terminal;
    private final Map<String, String> environment;

    TraceCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Tells the story of records: where they lie, what the pipeline makes of them, which commit"
                        + " they are in, and the row that they are part of, or why not. It reads the source again and"
                        + " changes nothing.")
                .addOption(OptionSpec.builder("--pipeline")
                        .type(Path.class)
                        .paramLabel("FILE")
                        .required(true)
                        .description("The pipeline file.")
                        .build())
                .addOption(Command.option(
                        "--where",
                        String.class,
                        "CONDITION",
                        "The records: a condition on their fields, as in the query, such as \"event_id = 'e7'\"."))
                .addOption(Command.option(
                        "--at",
                        String.class,
                        "SPLIT:POSITION",
                        "The record that begins there, as the quarantine and _offset tell it."))
                .addOption(Command.option(
                        "--limit", Integer.class, "N", "How many records at most (" + USUAL_LIMIT + ")."))
                .addOption(OptionSpec.builder("--show-record")
                        .description("Prints the records themselves too, as they arrived.")
                        .build())
                .addOption(PipelineArguments.set())
                .addOption(PipelineArguments.home());
    }

    @Override
    public int run(ParseResult given) throws IOException, SinkException, InterruptedException, UserException {
        String where = given.matchedOptionValue("--where", "");
        String at = given.matchedOptionValue("--at", "");
        int limit = given.matchedOptionValue("--limit", USUAL_LIMIT);
        if (where.isEmpty() == at.isEmpty()) {
            throw wrong(given, "which records? Give either --where or --at");
        }
        if (limit < 1) {
            throw wrong(given, "--limit: expected at least 1, found " + limit);
        }
        Path file = given.matchedOptionValue("--pipeline", Path.of(""));
        switch (new PipelineLoader(Connectors.installed()).load(file, PipelineArguments.set(given), environment)) {
            case Loaded.Ok(var pipeline) -> {
                Wanted wanted = at.isEmpty() ? condition(pipeline, where, given) : place(at, given);
                return trace(pipeline, wanted, limit, given);
            }
            case Loaded.Invalid invalid -> {
                PipelineProblems.print(invalid.problems(), terminal);
                return ExitCode.USAGE;
            }
        }
    }

    private static ParameterException wrong(ParseResult given, String message) {
        return new ParameterException(given.commandSpec().commandLine(), message);
    }

    /** Which records are asked for. */
    private sealed interface Wanted {
        record Where(Plan condition) implements Wanted {}

        record At(Trace.Place place) implements Wanted {}
    }

    private static Wanted condition(Pipeline pipeline, String condition, ParseResult given) {
        // Whatever else is wrong with a record, it can be looked for by the fields that the condition names.
        List<DeclaredColumn> declared = pipeline.declared().stream()
                .map(column -> new DeclaredColumn(column.path(), column.type(), true))
                .toList();
        return switch (SqlCompiler.compile("SELECT 1 AS found FROM input WHERE\n" + condition, declared)) {
            case Compiled.Ok(Plan plan, var branches) -> new Wanted.Where(plan);
            case Compiled.Refused(var problems) ->
                throw wrong(
                        given,
                        "--where: "
                                + problems.stream()
                                        .map(problem -> problem.message()
                                                + (problem.line() > 1 ? " (column " + problem.column() + ")" : ""))
                                        .collect(Collectors.joining("; ")));
        };
    }

    private static Wanted place(String at, ParseResult given) {
        int colon = at.lastIndexOf(':');
        String position = at.substring(colon + 1);
        if (colon < 1 || position.isEmpty() || !position.chars().allMatch(Character::isDigit)) {
            throw wrong(given, "--at: expected SPLIT:POSITION such as events.jsonl#0:4711, found \"" + at + "\"");
        }
        return new Wanted.At(new Trace.Place(at.substring(0, colon), position));
    }

    private int trace(Pipeline pipeline, Wanted wanted, int limit, ParseResult given)
            throws IOException, SinkException, InterruptedException, UserException {
        Path home = PipelineArguments.home(given, environment);
        PostgresDestination destination = PipelineDestination.attach(pipeline, environment, home);
        PostgresConfig config = (PostgresConfig) pipeline.file().into().config();
        try (Sink sink = PostgresConnector.over(destination, pipeline.name(), config);
                Source source = pipeline.openSource(home)) {
            Map<String, Offset> progress = progress(destination, pipeline.name());
            Trace trace = Trace.of(pipeline.job(source, sink, null));
            List<Trace.Place> places = switch (wanted) {
                case Wanted.Where(Plan condition) -> trace.find(condition, progress, limit);
                case Wanted.At(Trace.Place place) -> List.of(place);
            };
            List<Trace.Story> stories = trace.tell(places, progress);
            source.remarks().forEach(remark -> terminal.err().println("millrace: " + remark));
            if (stories.isEmpty()) {
                throw UserException.failed(
                        wanted instanceof Wanted.At(Trace.Place place)
                                ? "no record begins at " + place.position() + " of the split " + place.split()
                                        + "; a position is where a record begins, as _offset and the quarantine tell it"
                                : "no record that the source still has meets the condition");
            }
            TracedRecord told = new TracedRecord(
                    terminal,
                    destination,
                    sink.quarantine(),
                    pipeline,
                    source,
                    progress,
                    given.hasMatchedOption("--show-record"));
            for (Trace.Story story : stories) {
                told.print(story);
            }
            if (wanted instanceof Wanted.Where && stories.size() == limit) {
                terminal.out().println("There may be more; --limit says how many are looked for.");
            }
            return ExitCode.DONE;
        }
    }

    private static Map<String, Offset> progress(PostgresDestination destination, String pipeline)
            throws SinkException, InterruptedException {
        Map<String, Offset> progress = new HashMap<>();
        for (Ledger.Total total : Ledger.check(destination, pipeline).splits()) {
            String offset = total.offset();
            if (offset != null) {
                progress.put(total.split(), new Offset(offset));
            }
        }
        return progress;
    }
}
