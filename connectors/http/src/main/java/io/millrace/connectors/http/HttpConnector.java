package io.millrace.connectors.http;

import io.millrace.api.Kept;
import io.millrace.api.Projection;
import io.millrace.api.Reason;
import io.millrace.api.Rejection;
import io.millrace.api.Source;
import io.millrace.api.SourceConnector;
import io.millrace.api.SourceException;
import io.millrace.api.SplitReader;
import io.millrace.formats.KeptReader;
import io.millrace.formats.Ndjson;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The {@code http} source. Thread-safe. */
public final class HttpConnector implements SourceConnector<HttpConfig> {

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9-]*(_[A-Za-z0-9-]+)*";
    private static final Pattern PATH = Pattern.compile("(/" + NAME + ")+");
    private static final int MOST_PATH = 80;
    private static final int MOST_PARTITIONS = 64;

    /** Paths that the server keeps for itself. */
    private static final Set<String> RESERVED =
            Set.of("oauth2", "health", "metrics", "openapi", "pipelines", "streams", "docs");

    @Override
    public String name() {
        return "http";
    }

    @Override
    public Class<HttpConfig> config() {
        return HttpConfig.class;
    }

    @Override
    public String place(HttpConfig config) {
        return config.path();
    }

    @Override
    public List<Problem> lint(HttpConfig config) {
        List<Problem> problems = new ArrayList<>();
        if (!PATH.matcher(config.path()).matches() || config.path().length() > MOST_PATH) {
            problems.add(new Problem(
                    "path",
                    "\"" + config.path()
                            + "\" is not a path to post to: expected names of letters, digits, `-` and single"
                            + " `_` behind slashes, such as /liveEvent, " + MOST_PATH + " characters at most"));
        } else if (reserved(config.path())) {
            problems.add(new Problem(
                    "path",
                    "the paths below /" + config.path().split("/", -1)[1] + " are the server's own: choose another"));
        }
        if (config.partitions() < 1 || config.partitions() > MOST_PARTITIONS) {
            problems.add(
                    new Problem("partitions", "expected 1 to " + MOST_PARTITIONS + ", found " + config.partitions()));
        }
        if (config.key() != null && config.key().isBlank()) {
            problems.add(new Problem("key", "expected the path of a field, such as userId"));
        }
        if (start(config).isEmpty()) {
            problems.add(new Problem(
                    "start",
                    "expected earliest, latest, or a time such as 2026-11-21T10:00:00Z, found \"" + config.start()
                            + "\""));
        }
        return problems;
    }

    /** Whether a path is one that the server keeps for itself. */
    public static boolean reserved(String path) {
        return RESERVED.contains(path.split("/", -1)[1]);
    }

    /** Where a pipeline without progress begins; empty where the config says nothing that can be understood. */
    static Optional<Start> start(HttpConfig config) {
        return switch (config.start()) {
            case "earliest" -> Optional.of(new Start.Earliest());
            case "latest" -> Optional.of(new Start.Latest());
            default -> {
                try {
                    Instant instant = OffsetDateTime.parse(config.start()).toInstant();
                    yield Optional.of(new Start.Since(instant));
                } catch (DateTimeException e) {
                    yield Optional.empty();
                }
            }
        };
    }

    /** One partition keeps the order of arrival, several do so only for what has the same key. */
    @Override
    public boolean keysMaySpanSplits(HttpConfig config) {
        return true;
    }

    @Override
    public boolean canRefuse() {
        return true;
    }

    /** Whether the log can be written, or be made. */
    @Override
    public List<Problem> check(HttpConfig config, Projection input, Context context) {
        Path folder = folder(context.home());
        Path there = folder.toAbsolutePath().normalize();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            return List.of(new Problem(
                    "",
                    "the log can't be kept in " + folder + ": " + there + " is no folder; name another with --home"));
        }
        if (!Files.isWritable(there)) {
            return List.of(new Problem(
                    "",
                    "the log can't be kept in " + folder + ": no permission to write in " + there
                            + "; give the user that runs Millrace the right, or name another folder with --home"));
        }
        return List.of();
    }

    /** What the log holds now, without waiting for more. */
    @Override
    public Source open(HttpConfig config, Context context) throws SourceException {
        Path folder = folder(context.home());
        if (!Log.isLog(folder)) {
            throw new SourceException("Nothing has been posted to " + config.path() + " yet: there is no log in "
                    + folder + ". Start the gateway with `millrace up`, or name another home folder with --home.");
        }
        try {
            Log log = Log.openForReading(folder, LogOptions.DEFAULTS, InstantSource.system());
            return new LogSource(log, config, false, System::nanoTime, remark -> {});
        } catch (IOException e) {
            throw new SourceException("The log in " + folder + " could not be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public List<Reason> reasons() {
        return List.of(
                new Reason(
                        LogSplitReader.DAMAGED,
                        Rejection.Stage.DECODE,
                        "A stretch of the log on disk is not what was written. What records were in it is not known."),
                new Reason(
                        LogSplitReader.DROPPED,
                        Rejection.Stage.DECODE,
                        "The log was cut by its retention before the pipeline had read it."));
    }

    @Override
    public SplitReader reread(
            HttpConfig config, Context context, String split, List<Kept> records, Projection projection) {
        return new KeptReader(
                new Ndjson(), new byte[0], records, projection, new Arrival(folder(context.home()), split));
    }

    /**
     * Follows a log. The source does not close it.
     *
     * @param remarks is told at once what a user should know, by whichever thread comes across it
     */
    public static Source follow(HttpConfig config, Log log, Consumer<String> remarks) {
        return new LogSource(log, config, true, System::nanoTime, remarks);
    }

    /** Where the log of a home folder is. */
    public static Path folder(Path home) {
        return home.resolve("log");
    }
}
