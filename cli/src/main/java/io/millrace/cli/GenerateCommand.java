package io.millrace.cli;

import com.github.luben.zstd.ZstdOutputStream;
import io.millrace.cli.generate.RevenueEvents;
import io.millrace.cli.generate.RevenueEvents.Layout;
import io.millrace.cli.output.Figures;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Makes up events to try things with.",
        synopsisSubcommandLabel = "KIND")
final class GenerateCommand implements Runnable {

    private static final int STREAM_BUFFER_BYTES = 1 << 16;

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run
    private CommandSpec spec;

    GenerateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "generate what? There is: revenue");
    }

    @Command(
            name = "revenue",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Users who earn and give back: add_revenue and subtract_revenue events, the same bytes for"
                    + " the same seed on every machine.")
    int revenue(
            @Option(
                            names = "--events",
                            defaultValue = "1000000",
                            paramLabel = "N",
                            description = "How many events (${DEFAULT-VALUE}).")
                    long events,
            @Option(
                            names = "--users",
                            defaultValue = "100000",
                            paramLabel = "N",
                            description = "How many users at most (${DEFAULT-VALUE}).")
                    long users,
            @Option(
                            names = "--seed",
                            defaultValue = "1",
                            paramLabel = "N",
                            description = "Another seed gives other events (${DEFAULT-VALUE}).")
                    long seed,
            @Option(
                            names = "--out",
                            required = true,
                            paramLabel = "FILE",
                            description = "The file to write, compressed where its name ends in .gz or .zst; a file of"
                                    + " that name is replaced when the new one is complete. '-' is the standard"
                                    + " output.")
                    String out,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            description = "${COMPLETION-CANDIDATES}. Where it is not given, the file's name tells.")
                    @Nullable
                    Layout format)
            throws IOException, UserException {
        if (events < 0) {
            throw UserException.usage("--events must be 0 or more, not " + events);
        }
        if (users < 1) {
            throw UserException.usage("--users must be 1 or more, not " + users);
        }
        RevenueEvents generator = new RevenueEvents(events, users, seed, format == null ? layoutOf(out) : format);
        long start = System.nanoTime();
        if (out.equals("-")) {
            write(generator, events, terminal.out());
            if (terminal.out().checkError()) {
                throw UserException.failed("the standard output was closed before everything was written");
            }
            return ExitCode.DONE;
        }
        Path file = Path.of(out);
        ReplacedFile.write(file, stream -> {
            try (OutputStream packed = compressed(out, stream)) {
                write(generator, events, packed);
            }
        });
        terminal.err()
                .println("millrace: " + Figures.count(events, "event") + ", " + Figures.bytes(Files.size(file))
                        + ", in " + Figures.duration(Duration.ofNanos(System.nanoTime() - start)) + ": " + file);
        return ExitCode.DONE;
    }

    private void write(RevenueEvents generator, long events, OutputStream out) throws IOException {
        try (ProgressLine progress = new ProgressLine(terminal)) {
            generator.writeTo(
                    out,
                    done -> progress.show(
                            () -> "generating: " + Figures.count(done) + " of " + Figures.count(events, "event")));
        }
    }

    private static Layout layoutOf(String file) {
        return file.matches(".*\\.csv(\\.gz|\\.zst)?") ? Layout.CSV : Layout.NDJSON;
    }

    private static OutputStream compressed(String file, OutputStream out) throws IOException {
        if (file.endsWith(".gz")) {
            return new GZIPOutputStream(out, STREAM_BUFFER_BYTES);
        }
        return file.endsWith(".zst") ? new ZstdOutputStream(out) : out;
    }
}
