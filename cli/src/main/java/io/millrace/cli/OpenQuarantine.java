package io.millrace.cli;

import io.millrace.api.Quarantine;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.cli.quarantine.SqlText;
import io.millrace.connectors.postgres.Ledger;
import io.millrace.connectors.postgres.PostgresConfig;
import io.millrace.connectors.postgres.PostgresConnector;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.run.Condition;
import io.millrace.engine.run.Rereads;
import io.millrace.formats.KeptReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/**
 * The quarantine of the pipeline that a command is about.
 *
 * @param pipeline its name
 * @param records how many lie there, as the ledger says
 * @param destination the database that has it
 * @param sink takes corrections; it is closed with this, and the destination with it
 * @param rereads reads its records again
 */
record OpenQuarantine(String pipeline, long records, PostgresDestination destination, Sink sink, Rereads rereads)
        implements AutoCloseable {

    /** A pipeline file that is not valid: it has been said what is wrong with it. */
    static final class InvalidFileException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** The environment and the file that a command was given. */
    record Place(
            Map<String, String> environment,
            Path home,
            @Nullable Pipeline file) {

        static Place of(ParseResult given, Map<String, String> environment, Terminal terminal)
                throws InvalidFileException {
            Path home = PipelineArguments.home(given, environment);
            Path file = given.matchedOptionValue(QuarantineArguments.FILE, null);
            if (file == null) {
                return new Place(environment, home, null);
            }
            Pipeline pipeline = load(file, given, environment, terminal);
            return new Place(settings(pipeline, environment), home, pipeline);
        }

        PostgresDestination attach() throws SinkException, InterruptedException {
            return PostgresDestination.attach(environment, home);
        }
    }

    static Pipeline load(Path file, ParseResult given, Map<String, String> environment, Terminal terminal)
            throws InvalidFileException {
        Loaded loaded =
                new PipelineLoader(Connectors.installed()).load(file, PipelineArguments.set(given), environment);
        switch (loaded) {
            case Loaded.Invalid invalid -> {
                PipelineProblems.print(invalid.problems(), terminal);
                throw new InvalidFileException();
            }
            case Loaded.Ok(Pipeline pipeline) -> {
                return pipeline;
            }
        }
    }

    /** The environment as a pipeline sees it that names its own database. */
    static Map<String, String> settings(Pipeline pipeline, Map<String, String> environment) {
        if (pipeline.file().into().config() instanceof PostgresConfig config && config.url() != null) {
            Map<String, String> settings = new HashMap<>(environment);
            settings.put(PostgresDestination.URL_VARIABLE, config.url());
            return settings;
        }
        return environment;
    }

    /** Opens the quarantine of the pipeline that is named, or of the only one that has records there. */
    static OpenQuarantine open(Place place, ParseResult given)
            throws SinkException, InterruptedException, UserException {
        PostgresDestination destination = place.attach();
        boolean opened = false;
        try {
            Map<String, Long> all = Ledger.quarantined(destination);
            Pipeline file = place.file();
            String name = file != null ? file.name() : given.matchedOptionValue(QuarantineArguments.PIPELINE, "");
            if (name.isEmpty()) {
                name = onlyOne(all);
            } else if (!all.containsKey(name)) {
                requireKnown(destination, name);
            }
            Sink sink = PostgresConnector.books(destination, name);
            opened = true;
            return new OpenQuarantine(name, all.getOrDefault(name, 0L), destination, sink, rereads(file, place.home()));
        } finally {
            if (!opened) {
                destination.close();
            }
        }
    }

    private static String onlyOne(Map<String, Long> all) throws UserException {
        if (all.isEmpty()) {
            throw UserException.failed("no pipeline has records in the quarantine");
        }
        if (all.size() > 1) {
            throw UserException.usage("choose a pipeline with " + QuarantineArguments.PIPELINE + ": "
                    + String.join(", ", all.keySet()) + " have records in the quarantine");
        }
        return all.keySet().iterator().next();
    }

    private static void requireKnown(PostgresDestination destination, String name)
            throws SinkException, InterruptedException, UserException {
        List<String> known = Ledger.pipelines(destination);
        if (!known.contains(name)) {
            throw UserException.failed("the ledger has no commit of a pipeline '" + name + "'; "
                    + (known.isEmpty() ? "nothing has been loaded here yet" : "it has " + String.join(", ", known)));
        }
    }

    /** Reads the records of a pipeline file as its source does; without one they are taken as JSON. */
    static Rereads rereads(@Nullable Pipeline file, Path home) {
        return file == null
                ? (split, kept, projection) -> new KeptReader(kept, projection)
                : (split, kept, projection) -> file.reread(home, split, kept, projection);
    }

    Quarantine quarantine() {
        return sink.quarantine();
    }

    /** The condition that was given; null where none was. */
    @Nullable
    Condition where(ParseResult given) throws UserException {
        return where(given, rereads);
    }

    static @Nullable Condition where(ParseResult given, Rereads rereads) throws UserException {
        String sql = given.matchedOptionValue(QuarantineArguments.WHERE, "");
        try {
            return sql.isEmpty() ? null : new Condition(SqlText.condition(sql), rereads);
        } catch (SqlText.WrongException e) {
            throw UserException.usage(QuarantineArguments.WHERE + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        sink.close();
    }
}
