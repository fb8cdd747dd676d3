package io.millrace.cli;

import io.millrace.api.Quarantine;
import io.millrace.api.Quarantine.Filter;
import io.millrace.api.SinkException;
import io.millrace.cli.output.Figures;
import io.millrace.cli.quarantine.Envelope;
import io.millrace.engine.run.Condition;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace quarantine export}. */
final class QuarantineExportCommand implements Command {

    private static final String FORMAT = "--format";
    private static final String OUT = "--out";

    /** After so many records it is asked whether anybody still reads them. */
    private static final int LOOK_EVERY = 1_000;

    /** How a record is written. */
    enum Format {
        NDJSON,
        RAW
    }

    private final Terminal terminal;
    private final Map<String, String> environment;
    private final InstantSource clock;

    QuarantineExportCommand(Terminal terminal, Map<String, String> environment, InstantSource clock) {
        this.terminal = terminal;
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Command.spec("Writes records of the quarantine, the oldest first. They stay there.");
        QuarantineArguments.pipeline(QuarantineArguments.choice(spec));
        return spec.addOption(Command.option(
                        FORMAT,
                        Format.class,
                        "FORMAT",
                        "ndjson: all that is known of each, one JSON object a line; raw: the records as they arrived, with"
                                + " a newline after each (ndjson)."))
                .addOption(OptionSpec.builder("-o", OUT)
                        .type(Path.class)
                        .paramLabel("FILE")
                        .description("The file to write (the standard output). It is there when all of it is.")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws Exception {
        Filter filter = QuarantineArguments.filter(given, clock);
        Format format = given.matchedOptionValue(FORMAT, Format.NDJSON);
        @Nullable Path file = given.matchedOptionValue(OUT, null);
        try (OpenQuarantine open = OpenQuarantine.open(OpenQuarantine.Place.of(given, environment, terminal), given)) {
            Condition where = open.where(given);
            if (file == null) {
                write(open, filter, where, format, terminal.out(), true);
                terminal.stillRead();
            } else {
                long[] written = {0};
                ReplacedFile.write(file, out -> {
                    try (OutputStream buffered = new BufferedOutputStream(out, 1 << 16)) {
                        written[0] = write(open, filter, where, format, buffered, false);
                    } catch (SinkException | UserException e) {
                        throw new IOException(e.getMessage(), e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IOException("interrupted", e);
                    }
                });
                terminal.err().println("millrace: wrote " + Figures.count(written[0], "record") + " to " + file);
            }
            QuarantineCommands.undecided(where, terminal);
            return ExitCode.DONE;
        } catch (OpenQuarantine.InvalidFileException e) {
            return ExitCode.USAGE;
        }
    }

    /** @param printed whether this goes to the standard output, whose reader may have had enough */
    private long write(
            OpenQuarantine open,
            Filter filter,
            @Nullable Condition where,
            Format format,
            OutputStream out,
            boolean printed)
            throws SinkException, IOException, InterruptedException, UserException {
        long[] written = {0};
        QuarantineCommands.each(
                open.quarantine(), filter, where, Quarantine.Order.OLDEST_FIRST, null, Integer.MAX_VALUE, entry -> {
                    out.write(
                            switch (format) {
                                case NDJSON -> Envelope.of(entry);
                                case RAW -> entry.rejection().raw();
                            });
                    out.write('\n');
                    written[0]++;
                    return !printed || written[0] % LOOK_EVERY != 0 || terminal.stillRead();
                });
        return written[0];
    }
}
