package io.millrace.cli;

import io.millrace.log.Log;
import io.millrace.log.PartitionName;
import io.millrace.log.Start;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code millrace log cat}: the records of a stream, as they are. */
final class LogCatCommand implements Command {

    private static final String FROM = "--from";
    private static final String PARTITION = "--partition";
    private static final String FOLLOW = "--follow";
    private static final String WITH_SOURCE = "--with-source";

    private final Terminal terminal;
    private final Map<String, String> environment;

    LogCatCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Prints the records of a stream as they were received, partition by partition. A damaged"
                        + " stretch is told and left out; the exit code is then 1.")
                .addOption(Command.option(
                        FROM,
                        String.class,
                        "WHERE",
                        "earliest, latest, a time such as 2026-11-21T10:00:00Z, or an offset (earliest)."))
                .addOption(Command.option(PARTITION, String.class, "N-N", "Only this partition, such as 0-0."))
                .addOption(flag(FOLLOW, "Goes on with what arrives, until Ctrl-C."))
                .addOption(flag(
                        WITH_SOURCE,
                        "Before each record its partition, its offset, when it was received and from whom, with tabs"
                                + " between."))
                .addOption(PipelineArguments.home())
                .addPositional(Command.positional("STREAM", "The stream, as 'millrace log ls' lists it."));
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name).description(description).build();
    }

    @Override
    public int run(ParseResult given) throws IOException, InterruptedException, UserException {
        CountDownLatch stop = new CountDownLatch(1);
        Interrupts.handledBy(stop::countDown);
        boolean follow = given.hasMatchedOption(FOLLOW);
        Start start = start(given);
        try (Log log = LogCommands.open(given, environment)) {
            String stream = LogCommands.existing(log, given.matchedPositionalValue(0, ""));
            String number = given.matchedOptionValue(PARTITION, "");
            List<PartitionName> partitions = log.partitions(stream).stream()
                    .filter(partition ->
                            number.isEmpty() || LogCommands.number(partition).equals(number))
                    .toList();
            if (partitions.isEmpty() && !number.isEmpty()) {
                throw UserException.failed("the stream '" + stream + "' has no partition " + number + "; it has "
                        + numbers(log.partitions(stream)));
            }
            if (start instanceof Start.At && partitions.size() != 1) {
                throw usage(
                        given,
                        FROM + ": an offset belongs to a partition; choose one of " + numbers(partitions) + " with "
                                + PARTITION);
            }
            LogCat cat = new LogCat(log, terminal, given.hasMatchedOption(WITH_SOURCE), stop);
            if (follow) {
                cat.follow(partitions, start, number.isEmpty() ? stream : null);
            } else {
                cat.print(partitions, start);
            }
            if (stop.getCount() == 0) {
                return ExitCode.INTERRUPTED;
            }
            return cat.damaged() ? ExitCode.FAILED : ExitCode.DONE;
        }
    }

    private static String numbers(List<PartitionName> partitions) {
        return String.join(", ", partitions.stream().map(LogCommands::number).toList());
    }

    private static Start start(ParseResult given) {
        String from = given.matchedOptionValue(FROM, "earliest");
        if (from.equals("earliest")) {
            return new Start.Earliest();
        } else if (from.equals("latest")) {
            return new Start.Latest();
        } else if (from.matches("[0-9]{1,18}")) {
            return new Start.At(Long.parseLong(from));
        }
        try {
            return new Start.Since(OffsetDateTime.parse(from).toInstant());
        } catch (DateTimeException e) {
            throw usage(
                    given,
                    FROM + ": expected earliest, latest, a time such as 2026-11-21T10:00:00Z or an offset, found '"
                            + from + "'");
        }
    }

    private static ParameterException usage(ParseResult given, String message) {
        return new ParameterException(given.commandSpec().commandLine(), message);
    }
}
