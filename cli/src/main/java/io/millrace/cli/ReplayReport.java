package io.millrace.cli;

import io.millrace.api.Batch;
import io.millrace.api.Commit;
import io.millrace.api.Evolution;
import io.millrace.api.Quarantine.Entry;
import io.millrace.api.Rejection;
import io.millrace.api.Schema;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.cli.output.Figures;
import io.millrace.cli.output.ResultFormat;
import io.millrace.cli.output.ResultWriter;
import io.millrace.cli.output.Visible;
import io.millrace.connectors.memory.MemoryDatabase;
import io.millrace.connectors.memory.MemoryTable;
import io.millrace.connectors.postgres.Query.Column;
import io.millrace.connectors.postgres.Query.Kind;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.run.Replay;
import io.millrace.engine.run.Replay.Fate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says what becomes of records that are put through again. Used by the thread that runs, but for {@link #stopping}. */
final class ReplayReport implements Replay.Watcher, AutoCloseable {

    private static final int ROWS_SHOWN = 20;
    private static final int REASONS_SHOWN = 20;

    private final Terminal terminal;
    private final Pipeline pipeline;
    private final boolean dry;
    private final RunProgress progress;
    private final long start = System.nanoTime();
    private final Map<String, Long> failed = new TreeMap<>();
    private final Map<String, Long> stayed = new TreeMap<>();

    /** The rows that a dry run would bring, as a table would have them. */
    private final MemoryDatabase database = new MemoryDatabase();

    private boolean full;

    ReplayReport(Terminal terminal, Pipeline pipeline, boolean dry) {
        this.terminal = terminal;
        this.pipeline = pipeline;
        this.dry = dry;
        this.progress = new RunProgress(terminal);
    }

    /** Warns of a table in which whatever comes later wins. */
    void orderMatters(boolean laterWins) {
        if (laterWins && !dry) {
            terminal.err()
                    .println("millrace: note: rows of " + pipeline.table()
                            + " have no `version`, so what is replayed now replaces what was loaded since");
        }
    }

    void stopping() {
        progress.stopping();
    }

    @Override
    public void became(Entry entry, Fate fate) {
        switch (fate) {
            case Fate.Fails(Rejection rejection) -> failed.merge(reason(rejection), 1L, Long::sum);
            case Fate.Stays(String why) -> {
                if (stayed.size() < REASONS_SHOWN || stayed.containsKey(why)) {
                    stayed.merge(why, 1L, Long::sum);
                }
            }
            case Fate.Loaded _, Fate.Filtered _, Fate.Repeated _, Fate.Dropped _ -> {
                // The ledger counts these.
            }
        }
        if (dry) {
            terminal.out()
                    .println(entry.number() + " " + Visible.text(entry.split()) + ":"
                            + entry.rejection().position() + "  " + Visible.text(words(fate)));
        }
    }

    private static String words(Fate fate) {
        return switch (fate) {
            case Fate.Loaded() -> "would be loaded";
            case Fate.Filtered() -> "would be filtered";
            case Fate.Repeated() -> "would be left out: it repeats a record that was loaded";
            case Fate.Dropped() -> "would be dropped";
            case Fate.Fails(Rejection rejection) -> "would fail: " + reason(rejection) + ": " + rejection.message();
            case Fate.Stays(String why) -> "would stay: " + why;
        };
    }

    private static String reason(Rejection rejection) {
        return rejection.code() + (rejection.field() == null ? "" : " in " + rejection.field());
    }

    @Override
    public void rows(Batch rows) {
        if (full || rows.rows() == 0) {
            return;
        }
        TableShape shape = shape(rows.schema());
        try (Sink sink = database.open(pipeline.name(), pipeline.table(), Set.of(Evolution.ADD_COLUMNS))) {
            sink.prepare(shape);
            Sink.Staging staging = sink.stage(shape);
            staging.add(rows);
            sink.commit(new Commit("dry", List.of(staging), List.of()));
            full = database.table(pipeline.table())
                    .map(table -> table.rows().size() >= ROWS_SHOWN)
                    .orElse(false);
        } catch (SinkException e) {
            terminal.err().println("millrace: these rows can't be shown: " + e.getMessage());
            full = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The table's shape, with the columns that fields without a name in the contract have become or would become. */
    private TableShape shape(Schema rows) {
        List<Schema.Field> all = rows.fields();
        int own = Math.min(all.size(), pipeline.shape().columns().size());
        return pipeline.shape()
                .and(all.subList(own, all.size()).stream()
                        .map(field -> new TableShape.Col(
                                field.name(), field.type(), field.nullable(), TableShape.Merge.VALUE))
                        .toList());
    }

    @Override
    public void altered(String what) {
        progress.altered(what);
    }

    @Override
    public void destinationAway(SinkException reason, Duration wait) {
        progress.destinationAway(reason, wait);
    }

    @Override
    public void destinationBack() {
        progress.destinationBack();
    }

    /** Prints what came of it, and returns the exit code that goes with it. */
    int summary(Replay.Summary summary, boolean stopped) {
        if (dry) {
            table();
        }
        int width = Figures.count(summary.records()).length();
        terminal.out()
                .println(pipeline.name() + ": "
                        + (dry ? "would replay " : "replayed ")
                        + Figures.count(summary.records(), "record")
                        + " of the quarantine"
                        + (stopped ? "; stopped, the next replay goes on from there" : ""));
        line("loaded", summary.counts().loaded(), width, "  into " + pipeline.table());
        line("filtered", summary.counts().filtered(), width, "");
        if (summary.counts().dropped() > 0) {
            line("dropped", summary.counts().dropped(), width, "");
        }
        line("failed again", summary.failed(), width, reasons(failed));
        line("left alone", summary.stayed(), width, "");
        stayed.forEach(
                (why, records) -> terminal.out().println("    " + Figures.count(records) + ": " + Visible.text(why)));
        terminal.out()
                .println("  elapsed       " + Figures.duration(Duration.ofNanos(System.nanoTime() - start))
                        + (dry ? "; nothing was changed" : ", " + Figures.count(summary.commits(), "commit")));
        if (summary.undecided() > 0) {
            terminal.err()
                    .println("millrace: " + Figures.count(summary.undecided(), "record") + " could not be decoded for "
                            + QuarantineArguments.WHERE + " and were not replayed");
        }
        if (summary.fenced() > 0) {
            terminal.err().println("millrace: another process took records out of the quarantine at the same time");
        }
        terminal.out().flush();
        summary.unread().forEach(why -> terminal.err().println("millrace: " + why));
        return stopped ? ExitCode.INTERRUPTED : summary.unread().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void line(String name, long count, int width, String more) {
        terminal.out().println(String.format("  %-13s %" + width + "s", name, Figures.count(count)) + more);
    }

    private static String reasons(Map<String, Long> reasons) {
        if (reasons.isEmpty()) {
            return "";
        }
        List<String> words = reasons.entrySet().stream()
                .limit(REASONS_SHOWN)
                .map(reason -> reason.getKey() + " " + Figures.count(reason.getValue()))
                .toList();
        return "  (" + String.join(", ", words) + (reasons.size() > REASONS_SHOWN ? ", ..." : "") + ")";
    }

    private void table() {
        @Nullable MemoryTable table = database.table(pipeline.table()).orElse(null);
        if (table == null || table.rows().isEmpty()) {
            return;
        }
        terminal.out().println();
        ResultWriter writer = ResultFormat.TABLE.writer(terminal.out(), terminal.styled());
        writer.begin(table.columns().stream()
                .map(column -> new Column(column.name(), "text", Kind.TEXT))
                .toList());
        table.rows().stream().limit(ROWS_SHOWN).forEach(writer::row);
        writer.end(Math.min(ROWS_SHOWN, table.rows().size()));
        terminal.out().println();
    }

    @Override
    public void close() {
        progress.close();
    }
}
