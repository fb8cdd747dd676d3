package io.millrace.cli;

import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.PartitionName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ParseResult;

/** {@code millrace log}: looks at the event log, also while a server writes to it. Nothing is changed. */
final class LogCommands {

    private LogCommands() {}

    static Command group(Terminal terminal, Map<String, String> environment) {
        Map<String, Command> commands = new LinkedHashMap<>();
        commands.put("ls", new LogListCommand(terminal, environment));
        commands.put("cat", new LogCatCommand(terminal, environment));
        commands.put("verify", new LogVerifyCommand(terminal, environment));
        return new CommandGroup(
                "Looks at the records as they were received, also while a server writes. Nothing is changed by it.",
                commands);
    }

    /** The log in the home folder. */
    static Log open(ParseResult given, Map<String, String> environment) throws IOException, UserException {
        Path folder = PipelineArguments.home(given, environment).resolve("log");
        if (!Log.isLog(folder)) {
            throw UserException.failed("nothing has been received yet: there is no event log in " + folder
                    + "; --home names another home folder");
        }
        return Log.openForReading(folder, LogOptions.DEFAULTS, InstantSource.system());
    }

    /** The stream that was named, or all of them. */
    static List<String> streams(Log log, ParseResult given) throws IOException, UserException {
        String stream = given.matchedPositionalValue(0, "");
        return stream.isEmpty() ? log.streams() : List.of(existing(log, stream));
    }

    static String existing(Log log, String stream) throws IOException, UserException {
        List<String> streams = log.streams();
        if (!streams.contains(stream)) {
            throw UserException.failed("there is no stream '" + stream + "' in " + log.folder() + "; "
                    + (streams.isEmpty() ? "it has none yet" : "it has " + String.join(", ", streams)));
        }
        return stream;
    }

    /** How a partition is named within its stream: {@code 0-0}. */
    static String number(PartitionName partition) {
        return partition.slot() + "-" + partition.partition();
    }
}
