package io.millrace.cli;

import io.millrace.api.Quarantine.Filter;
import io.millrace.cli.output.Figures;
import io.millrace.engine.run.Condition;
import io.millrace.engine.run.Discard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace quarantine discard}. */
final class DiscardCommand implements Command {

    private static final String YES = "--yes";

    private final Terminal terminal;
    private final Map<String, String> environment;
    private final InputStream standardInput;
    private final InstantSource clock;

    DiscardCommand(Terminal terminal, Map<String, String> environment, InputStream standardInput, InstantSource clock) {
        this.terminal = terminal;
        this.environment = environment;
        this.standardInput = standardInput;
        this.clock = clock;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec =
                Command.spec("Gives up records of the quarantine for good. The ledger counts them as dropped.");
        QuarantineArguments.pipeline(QuarantineArguments.choice(spec));
        return spec.addOption(OptionSpec.builder(YES)
                .description("Does not ask; needed where there is no terminal to ask on.")
                .build());
    }

    @Override
    public int run(ParseResult given) throws Exception {
        Interrupts interrupts = Interrupts.handledBy(() -> System.exit(ExitCode.INTERRUPTED));
        Filter filter = QuarantineArguments.filter(given, clock);
        try (OpenQuarantine open = OpenQuarantine.open(OpenQuarantine.Place.of(given, environment, terminal), given)) {
            Condition where = open.where(given);
            if (!given.hasMatchedOption(YES) && !agreed(open, filter, where)) {
                return ExitCode.FAILED;
            }
            RunProgress progress = new RunProgress(terminal);
            Discard discard = new Discard(
                    open.sink(), filter, where, RunIds.next("discard", clock), progress, RandomGenerator.getDefault());
            interrupts.handleBy(() -> {
                progress.stopping();
                discard.stop();
            });
            long discarded;
            try (progress) {
                discarded = discard.execute();
            }
            terminal.out().println(open.pipeline() + ": discarded " + Figures.count(discarded, "record"));
            QuarantineCommands.undecided(where, terminal);
            return discard.stopped() ? ExitCode.INTERRUPTED : ExitCode.DONE;
        } catch (OpenQuarantine.InvalidFileException e) {
            return ExitCode.USAGE;
        }
    }

    private boolean agreed(OpenQuarantine open, Filter filter, @Nullable Condition where)
            throws IOException, UserException {
        boolean all = filter.equals(Filter.ALL) && where == null;
        String what = all
                ? Figures.count(open.records(), "record") + " of " + open.pipeline()
                : "the records of " + open.pipeline() + " that are chosen";
        if (!terminal.interactive()) {
            throw UserException.usage("this discards " + what + " for good; say " + YES);
        }
        terminal.err().print("Discard " + what + " for good? [y/N] ");
        terminal.err().flush();
        String answer = new BufferedReader(new InputStreamReader(standardInput, StandardCharsets.UTF_8)).readLine();
        return answer != null && answer.strip().matches("(?i)y|yes");
    }
}
