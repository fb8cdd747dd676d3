package io.millrace.cli;

import io.millrace.api.Quarantine;
import io.millrace.api.Quarantine.Entry;
import io.millrace.api.Quarantine.Filter;
import io.millrace.api.SinkException;
import io.millrace.cli.output.Figures;
import io.millrace.engine.run.Condition;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code millrace quarantine}: looks after the records that were put aside. */
final class QuarantineCommands {

    private static final int PAGE = 1_000;

    private QuarantineCommands() {}

    static Command group(
            Terminal terminal, Map<String, String> environment, InputStream standardInput, InstantSource clock) {
        Map<String, Command> commands = new LinkedHashMap<>();
        commands.put("ls", new QuarantineListCommand(terminal, environment, clock));
        commands.put("show", new QuarantineShowCommand(terminal, environment));
        commands.put("export", new QuarantineExportCommand(terminal, environment, clock));
        commands.put("replay", new ReplayCommand(terminal, environment, clock));
        commands.put("discard", new DiscardCommand(terminal, environment, standardInput, clock));
        return new CommandGroup(
                "Looks after the records that were put aside because they could not be loaded: shows them, puts them"
                        + " through again, gives them up.",
                commands);
    }

    /** Takes records as they are found. */
    interface Found {
        /** Returns whether to go on. */
        boolean take(Entry entry) throws IOException, UserException;
    }

    /** Goes through the records that are chosen, page by page. */
    static void each(
            Quarantine quarantine,
            Filter filter,
            @Nullable Condition where,
            Quarantine.Order order,
            @Nullable Long after,
            int firstPage,
            Found found)
            throws SinkException, IOException, InterruptedException, UserException {
        Long from = after;
        int limit = where == null ? Math.min(firstPage, PAGE) : PAGE;
        for (List<Entry> page = quarantine.page(filter, order, from, limit);
                !page.isEmpty();
                page = quarantine.page(filter, order, from, limit)) {
            for (Entry entry : where == null ? page : where.choose(page)) {
                if (!found.take(entry)) {
                    return;
                }
            }
            from = page.getLast().number();
        }
    }

    /** Tells of how many records it could not be told whether they were meant. */
    static void undecided(@Nullable Condition where, Terminal terminal) {
        if (where != null && where.undecided() > 0) {
            terminal.err()
                    .println("millrace: " + Figures.count(where.undecided(), "record") + " could not be decoded for "
                            + QuarantineArguments.WHERE + " and are not among these");
        }
    }
}
