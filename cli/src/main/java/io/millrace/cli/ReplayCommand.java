package io.millrace.cli;

import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.TableShape;
import io.millrace.cli.quarantine.PatchEdit;
import io.millrace.cli.quarantine.SqlEdit;
import io.millrace.cli.quarantine.SqlText;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.run.Condition;
import io.millrace.engine.run.Edit;
import io.millrace.engine.run.Job;
import io.millrace.engine.run.Replay;
import io.millrace.engine.run.Rereads;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace quarantine replay}. */
final class ReplayCommand implements Command {

    private static final String EDIT = "--edit";
    private static final String EDIT_SQL = "--edit-sql";
    private static final String DRY_RUN = "--dry-run";

    private final Terminal terminal;
    private final Map<String, String> environment;
    private final InstantSource clock;

    ReplayCommand(Terminal terminal, Map<String, String> environment, InstantSource clock) {
        this.terminal = terminal;
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec =
                Command.spec("Puts records of the quarantine through their pipeline again, as its file is now."
                        + " What is loaded leaves the quarantine in the same commit; what fails again stays. It may be killed and"
                        + " repeated, and run beside 'up': nothing is loaded twice.");
        QuarantineArguments.choice(spec);
        return spec.addOption(Command.option(
                        EDIT,
                        Path.class,
                        "PATCH_FILE",
                        "Mends each record before by a JSON Patch (RFC 6902). One that it does not fit stays."))
                .addOption(Command.option(
                        EDIT_SQL,
                        String.class,
                        "ASSIGNMENTS",
                        "Mends each record before by SQL over its fields, such as \"value = CAST(value AS INTEGER),"
                                + " name = LOWER(name)\"."))
                .addOption(OptionSpec.builder(DRY_RUN)
                        .description("Says what would become of each record, and changes nothing.")
                        .build())
                .addOption(PipelineArguments.set())
                .addOption(PipelineArguments.home())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("PIPELINE_FILE")
                        .index("0")
                        .arity("1")
                        .required(true)
                        .type(Path.class)
                        .description("The pipeline file.")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws Exception {
        Interrupts interrupts = Interrupts.handledBy(() -> System.exit(ExitCode.INTERRUPTED));
        Pipeline pipeline;
        try {
            pipeline = OpenQuarantine.load(given.matchedPositionalValue(0, Path.of("")), given, environment, terminal);
        } catch (OpenQuarantine.InvalidFileException e) {
            return ExitCode.USAGE;
        }
        Path home = PipelineArguments.home(given, environment);
        Rereads rereads = OpenQuarantine.rereads(pipeline, home);
        Condition where = OpenQuarantine.where(given, rereads);
        Replay.Choice choice =
                new Replay.Choice(QuarantineArguments.filter(given, clock), where, edit(given, pipeline, rereads));
        boolean dry = given.hasMatchedOption(DRY_RUN);
        SinkConnector.Context context =
                new SinkConnector.Context(pipeline.name(), home, PostgresDestination.beside(environment, home));
        try (Sink sink = pipeline.file().into().open(context)) {
            ReplayReport report = new ReplayReport(terminal, pipeline, dry);
            report.orderMatters(pipeline.shape().mode() == TableShape.Mode.UPSERT
                    && pipeline.shape().version() == null);
            Replay replay = new Replay(
                    job(pipeline, sink),
                    rereads,
                    choice,
                    RunIds.next("replay", clock),
                    dry,
                    report,
                    clock,
                    RandomGenerator.getDefault());
            interrupts.handleBy(() -> {
                report.stopping();
                replay.stop();
            });
            Replay.Summary summary;
            try (report) {
                summary = replay.execute();
            }
            return report.summary(summary, replay.stopped());
        }
    }

    private static Job job(Pipeline pipeline, Sink sink) {
        return pipeline.job(Replay.NO_SOURCE, sink, null);
    }

    private static @Nullable Edit edit(ParseResult given, Pipeline pipeline, Rereads rereads)
            throws IOException, UserException {
        @Nullable Path patch = given.matchedOptionValue(EDIT, null);
        String sql = given.matchedOptionValue(EDIT_SQL, "");
        if (patch != null && !sql.isEmpty()) {
            throw QuarantineArguments.wrong(given, EDIT + " and " + EDIT_SQL + ": one of them at a time");
        }
        try {
            if (patch != null) {
                return jsonOnly(pipeline, PatchEdit.parse(Files.readString(patch)));
            }
            return sql.isEmpty() ? null : jsonOnly(pipeline, new SqlEdit(sql, rereads));
        } catch (SqlText.WrongException e) {
            throw UserException.usage((patch == null ? EDIT_SQL : patch.toString()) + ": " + e.getMessage());
        } catch (MalformedInputException e) {
            throw UserException.usage(patch + ": is not UTF-8");
        }
    }

    /** An edit writes JSON, which is no record of a CSV file. */
    private static Edit jsonOnly(Pipeline pipeline, Edit edit) {
        return (split, records) -> {
            if (pipeline.file().from().json(split)) {
                return edit.apply(split, records);
            }
            List<Edit.Edited> unfit = new ArrayList<>();
            records.forEach(record -> unfit.add(new Edit.Edited.Unfit(
                    "only JSON records can be edited here: export it, mend it in a file of its own, and discard it")));
            return unfit;
        };
    }
}
