package io.millrace.cli;

import io.millrace.cli.output.ResultFormat;
import io.millrace.cli.output.ResultWriter;
import io.millrace.connectors.postgres.Query.Column;
import io.millrace.connectors.postgres.Query.Kind;
import io.millrace.log.Log;
import io.millrace.log.PartitionName;
import io.millrace.log.SegmentInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace log ls}: a row for each segment. */
final class LogListCommand implements Command {

    private static final List<Column> COLUMNS = List.of(
            new Column("stream", "text", Kind.TEXT),
            new Column("partition", "text", Kind.TEXT),
            new Column("offset", "int8", Kind.NUMBER),
            new Column("bytes", "int8", Kind.NUMBER),
            new Column("records", "int8", Kind.NUMBER),
            new Column("first", "timestamptz", Kind.TEXT),
            new Column("last", "timestamptz", Kind.TEXT));

    private final Terminal terminal;
    private final Map<String, String> environment;

    LogListCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Lists streams, partitions and segments: what each holds, and when that was received.")
                .addOption(Command.option("--format", ResultFormat.class, "FORMAT", "table, csv or json (table)."))
                .addOption(PipelineArguments.home())
                .addPositional(Command.optionalPositional("STREAM", "Only this stream."));
    }

    @Override
    public int run(ParseResult given) throws IOException, UserException {
        ResultFormat format = given.matchedOptionValue("--format", ResultFormat.TABLE);
        try (Log log = LogCommands.open(given, environment)) {
            ResultWriter writer = format.writer(terminal.out(), terminal.styled());
            writer.begin(COLUMNS);
            long rows = 0;
            for (String stream : LogCommands.streams(log, given)) {
                for (PartitionName partition : log.partitions(stream)) {
                    for (SegmentInfo segment : log.describe(partition).segments()) {
                        writer.row(row(partition, segment));
                        rows++;
                    }
                }
            }
            writer.end(rows);
        }
        return ExitCode.DONE;
    }

    private static List<@Nullable String> row(PartitionName partition, SegmentInfo segment) {
        return Arrays.asList(
                partition.stream(),
                LogCommands.number(partition),
                Long.toString(segment.start()),
                Long.toString(segment.bytes()),
                Long.toString(segment.records()),
                text(segment.first()),
                text(segment.last()));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
