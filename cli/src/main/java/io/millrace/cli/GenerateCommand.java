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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code millrace generate revenue}. */
final class GenerateCommand implements Command {

    private static final int GZIP_BUFFER_BYTES = 1 << 16;
    private static final long DEFAULT_EVENTS = 1_000_000;
    private static final long DEFAULT_USERS = 100_000;
    private static final long DEFAULT_SEED = 1;

    private final Terminal terminal;

    GenerateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec revenue = Command.spec("Users who earn and give back: add_revenue and subtract_revenue events,"
                        + " the same bytes for the same seed on every machine.")
                .addOption(Command.option("--events", long.class, "N", "How many events (" + DEFAULT_EVENTS + ")."))
                .addOption(
                        Command.option("--users", long.class, "N", "How many users at most (" + DEFAULT_USERS + ")."))
                .addOption(Command.option(
                        "--seed", long.class, "N", "Another seed gives other events (" + DEFAULT_SEED + ")."))
                .addOption(Command.option(
                                "--out",
                                String.class,
                                "FILE",
                                "The file to write, compressed where its name ends in .gz or .zst; a file of that name"
                                        + " is replaced when the new one is complete. '-' is the standard output.")
                        .toBuilder()
                        .required(true)
                        .build())
                .addOption(Command.option(
                        "--format",
                        Layout.class,
                        "FORMAT",
                        "ndjson or csv. Where it is not given, the file's name tells."));
        CommandSpec spec = Command.spec("Makes up events to try things with.").addSubcommand("revenue", revenue);
        spec.usageMessage().synopsisSubcommandLabel("KIND");
        return spec;
    }

    @Override
    public int run(ParseResult given) throws IOException, UserException {
        if (!given.hasSubcommand()) {
            throw new ParameterException(given.commandSpec().commandLine(), "generate what? There is: revenue");
        }
        return revenue(given.subcommand());
    }

    private int revenue(ParseResult given) throws IOException, UserException {
        long events = given.matchedOptionValue("--events", DEFAULT_EVENTS);
        long users = given.matchedOptionValue("--users", DEFAULT_USERS);
        long seed = given.matchedOptionValue("--seed", DEFAULT_SEED);
        String out = given.matchedOptionValue("--out", "-");
        Layout layout = given.matchedOptionValue("--format", layoutOf(out));
        if (events < 0) {
            throw UserException.usage("--events must be 0 or more, not " + events);
        }
        if (users < 1) {
            throw UserException.usage("--users must be 1 or more, not " + users);
        }
        RevenueEvents generator = new RevenueEvents(events, users, seed, layout);
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
            return new GZIPOutputStream(out, GZIP_BUFFER_BYTES);
        }
        return file.endsWith(".zst") ? new ZstdOutputStream(out) : out;
    }
}
