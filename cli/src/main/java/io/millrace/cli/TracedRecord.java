package io.millrace.cli;

import io.millrace.api.Offset;
import io.millrace.api.Quarantine;
import io.millrace.api.Rejection;
import io.millrace.api.SinkException;
import io.millrace.api.Source;
import io.millrace.api.TableShape;
import io.millrace.cli.output.Figures;
import io.millrace.cli.output.Visible;
import io.millrace.connectors.postgres.Ledger;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.connectors.postgres.Query;
import io.millrace.connectors.postgres.RecordBooks;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.run.Trace;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prints the stories of records.
 *
 * @param progress the committed offsets
 * @param shown whether the records themselves are printed
 */
record TracedRecord(
        Terminal terminal,
        PostgresDestination destination,
        Quarantine quarantine,
        Pipeline pipeline,
        Source source,
        Map<String, Offset> progress,
        boolean shown) {

    void print(Trace.Story story) throws SinkException, InterruptedException {
        Trace.Place place = story.place();
        terminal.out().println(place.split() + " at " + place.position());
        if (story.receivedAt() != null) {
            line("received", story.receivedAt() + (story.client() == null ? "" : " from " + story.client()));
        }
        if (shown) {
            line("record", new String(story.raw(), StandardCharsets.UTF_8).strip());
        }
        fate(story.fate());
        Optional<Quarantine.Entry> kept = quarantine.find(place.split(), place.position());
        Offset at = progress.get(place.split());
        boolean committed = at != null && source.isBefore(place.position(), at);
        if (!committed) {
            line(
                    "commit",
                    "not committed yet: " + (at == null ? "nothing of the split is" : "the split stands at " + at));
            return;
        }
        Optional<Ledger.Entry> entry = RecordBooks.commit(
                destination, pipeline.name(), place.split(), to -> source.isBefore(place.position(), new Offset(to)));
        entry.ifPresent(this::commit);
        books(story.fate(), kept.orElse(null), entry.orElse(null));
    }

    private void line(String what, String told) {
        terminal.out().println("  " + (what + "            ").substring(0, 12) + Visible.text(told));
    }

    private void fate(Trace.Fate fate) {
        boolean contract = pipeline.schema() != null;
        switch (fate) {
            case Trace.Fate.Rejected(Rejection rejection) -> {
                if (contract && rejection.stage().compareTo(Rejection.Stage.CONTRACT) > 0) {
                    line("contract", "it fits");
                }
                line(
                        switch (rejection.stage()) {
                            case DECODE -> "decode";
                            case CONTRACT -> "contract";
                            case TRANSFORM -> "query";
                            case LOAD -> "load";
                        },
                        "rejected: " + fault(rejection.code(), rejection.field(), rejection.message()));
            }
            case Trace.Fate.Dropped() -> line("contract", "it breaks it and is dropped, as on_violation says");
            case Trace.Fate.Filtered() -> {
                fits(contract);
                line("query", "left out by WHERE, or by an UNNEST of nothing");
            }
            case Trace.Fate.Loads(List<Map<String, @Nullable String>> rows) -> {
                fits(contract);
                for (Map<String, @Nullable String> row : rows) {
                    line("query", "makes the row " + written(row));
                }
            }
        }
    }

    private void fits(boolean contract) {
        if (contract) {
            line("contract", "it fits");
        }
    }

    private static String fault(String code, @Nullable String field, String message) {
        return code + (field == null ? "" : " in " + field) + " (" + message + ")";
    }

    private static String written(Map<String, @Nullable String> row) {
        return row.entrySet().stream()
                .map(column -> column.getKey() + " = " + (column.getValue() == null ? "null" : column.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void commit(Ledger.Entry entry) {
        line(
                "commit",
                (entry.commits() == 1
                                ? "number " + entry.commit() + " at " + entry.committedAt()
                                : "one of " + Figures.count(entry.commits()) + " up to number " + entry.commit()
                                        + ", the last at " + entry.committedAt())
                        + ", of the run " + entry.run() + ", with "
                        + Figures.count(entry.counts().received(), "record") + " of the split");
    }

    /** What became of a record that is committed. */
    private void books(Trace.Fate fate, Quarantine.@Nullable Entry kept, Ledger.@Nullable Entry entry)
            throws SinkException, InterruptedException {
        if (kept != null) {
            Rejection why = kept.rejection();
            line(
                    "quarantine",
                    "there since " + kept.since() + ", at " + why.stage().word() + ": "
                            + fault(why.code(), why.field(), why.message()));
            return;
        }
        switch (fate) {
            case Trace.Fate.Rejected rejected ->
                line("quarantine", "not there: it left it, or the pipeline was another when the record was committed");
            case Trace.Fate.Dropped dropped -> {}
            case Trace.Fate.Filtered filtered -> {}
            case Trace.Fate.Loads(var rows) -> {
                if (pipeline.dedupe() != null && entry != null) {
                    deduplicated(entry);
                }
                for (Map<String, @Nullable String> row : rows) {
                    rowNow(row);
                }
            }
        }
    }

    private void deduplicated(Ledger.Entry entry) {
        long repeated = entry.counts().deduplicated();
        if (repeated == 0) {
            line("dedupe", "it repeats none: no record of the commit does");
        } else if (entry.counts().loaded() == 0) {
            line("dedupe", "it repeats a record with the same key, so it was not loaded again");
        } else {
            line(
                    "dedupe",
                    "it was loaded, or it is "
                            + (repeated == 1
                                    ? "the one of its commit that repeats"
                                    : "one of the " + Figures.count(repeated) + " of its commit that repeat")
                            + " a record with the same key");
        }
    }

    private void rowNow(Map<String, @Nullable String> row) throws SinkException, InterruptedException {
        if (pipeline.shape().mode() == TableShape.Mode.APPEND) {
            line("table", pipeline.table() + " has no key by which to find the row");
            return;
        }
        Map<String, String> key = new LinkedHashMap<>();
        for (int index : pipeline.shape().key()) {
            String column = pipeline.shape().columns().get(index).name();
            String value = row.get(column);
            if (value != null) {
                key.put(column, value);
            }
        }
        boolean found = false;
        try (Query query = RecordBooks.rows(destination, pipeline.table(), key)) {
            for (List<@Nullable String> values = query.next(); values != null; values = query.next()) {
                found = true;
                Map<String, @Nullable String> now = new LinkedHashMap<>();
                for (int i = 0; i < values.size(); i++) {
                    now.put(query.columns().get(i).name(), values.get(i));
                }
                line("table", pipeline.table() + " now has " + written(now));
            }
        }
        if (!found) {
            line("table", pipeline.table() + " has no row with " + written(new LinkedHashMap<>(key)));
        }
    }
}
