package io.millrace.cli;

import io.millrace.cli.output.Figures;
import io.millrace.log.Damage;
import io.millrace.log.Log;
import io.millrace.log.PartitionInfo;
import io.millrace.log.PartitionName;
import io.millrace.log.SegmentInfo;
import io.millrace.log.Verification;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace log verify}: reads everything and checks every checksum and count. */
final class LogVerifyCommand implements Command {

    private final Terminal terminal;
    private final Map<String, String> environment;

    LogVerifyCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Reads all records and checks every checksum. Says each damage with its place and ends with"
                        + " exit code 1 where there is any.")
                .addOption(PipelineArguments.home())
                .addPositional(Command.optionalPositional("STREAM", "Only this stream."));
    }

    @Override
    public int run(ParseResult given) throws IOException, InterruptedException, UserException {
        long damages = 0;
        try (Log log = LogCommands.open(given, environment)) {
            for (String stream : LogCommands.streams(log, given)) {
                for (PartitionName partition : log.partitions(stream)) {
                    damages += verify(log, partition);
                }
            }
            if (damages > 0) {
                terminal.flush();
                terminal.err()
                        .println("millrace: "
                                + Figures.count(damages) + (damages == 1 ? " damaged stretch" : " damaged stretches")
                                + " in "
                                + log.folder()
                                + "; pipelines put such a stretch into the quarantine and go on behind it");
            }
        }
        return damages > 0 ? ExitCode.FAILED : ExitCode.DONE;
    }

    private int verify(Log log, PartitionName partition) throws IOException, InterruptedException {
        PartitionInfo info = log.describe(partition);
        Verification verification;
        try (ProgressLine progress = new ProgressLine(terminal)) {
            verification = log.verify(
                    partition,
                    bytes -> progress.show(() -> partition + ": verified " + Figures.bytes(bytes) + " of "
                            + Figures.bytes(Math.max(bytes, info.bytes()))));
        }
        terminal.out()
                .println(partition + ": " + (verification.sound() ? "sound" : "DAMAGED") + "; "
                        + Figures.count(verification.records(), "record") + ", "
                        + Figures.bytes(verification.bytes()) + " in " + Figures.count(verification.chunks(), "chunk"));
        for (Damage damage : verification.damages()) {
            terminal.out().println("  " + place(info, damage) + ": " + damage.reason());
        }
        terminal.flush();
        return verification.damages().size();
    }

    private static String place(PartitionInfo info, Damage damage) {
        long start = info.segments().stream()
                .mapToLong(SegmentInfo::start)
                .filter(offset -> offset <= damage.offset())
                .max()
                .orElse(damage.offset());
        return "offset " + damage.offset() + " (byte " + (damage.offset() - start) + " of segment " + start + "), "
                + Figures.count(damage.length(), "byte") + ", "
                + (damage.records() < 0 ? "records not known" : Figures.count(damage.records(), "record"));
    }
}
