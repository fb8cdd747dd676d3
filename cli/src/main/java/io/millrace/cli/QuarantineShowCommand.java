package io.millrace.cli;

import io.millrace.api.Quarantine;
import io.millrace.api.Quarantine.Entry;
import io.millrace.api.SinkException;
import io.millrace.cli.quarantine.RecordPage;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace quarantine show}. */
final class QuarantineShowCommand implements Command {

    private final Terminal terminal;
    private final Map<String, String> environment;

    QuarantineShowCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return QuarantineArguments.pipeline(
                        Command.spec("Shows all of one record in the quarantine: why it is there, and"
                                + " its bytes, with a mark at the fault."))
                .addPositional(
                        Command.positional("RECORD", "Its number, as 'quarantine ls' lists it, or SPLIT:POSITION."));
    }

    @Override
    public int run(ParseResult given) throws Exception {
        String record = given.matchedPositionalValue(0, "");
        boolean numbered = record.matches("[0-9]{1,18}");
        int colon = record.lastIndexOf(':');
        if (!numbered && colon < 1) {
            throw QuarantineArguments.wrong(
                    given, "expected the number of a record or SPLIT:POSITION, found '" + record + "'");
        }
        try (OpenQuarantine open = OpenQuarantine.open(OpenQuarantine.Place.of(given, environment, terminal), given)) {
            Optional<Entry> found = numbered
                    ? numbered(open.quarantine(), Long.parseLong(record))
                    : open.quarantine().find(record.substring(0, colon), record.substring(colon + 1));
            if (found.isEmpty()) {
                throw UserException.failed(
                        "pipeline " + open.pipeline() + " has no record " + record + " in the quarantine");
            }
            new RecordPage(terminal.out(), terminal.columns()).print(found.get());
            return ExitCode.DONE;
        } catch (OpenQuarantine.InvalidFileException e) {
            return ExitCode.USAGE;
        }
    }

    private static Optional<Entry> numbered(Quarantine quarantine, long number)
            throws SinkException, InterruptedException {
        return quarantine.page(Quarantine.Filter.ALL, Quarantine.Order.OLDEST_FIRST, number - 1, 1).stream()
                .filter(entry -> entry.number() == number)
                .findFirst();
    }
}
