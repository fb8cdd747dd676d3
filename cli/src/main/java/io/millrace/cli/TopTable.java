package io.millrace.cli;

import io.millrace.cli.output.Figures;
import io.millrace.cli.output.Visible;
import io.millrace.cli.send.PipelineStates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Pipelines as a table: names to the left, numbers to the right, and below it what is wrong. */
final class TopTable {

    private static final List<String> HEAD = List.of(
            "PIPELINE",
            "STATE",
            "RECEIVED",
            "RECEIVED/S",
            "LOADED/S",
            "LAG",
            "LAG TIME",
            "QUARANTINED",
            "COMMITS",
            "LAST");

    /** Columns of text come first. */
    private static final int TEXTS = 2;

    private static final String NONE = "-";
    private static final String GAP = "  ";

    private TopTable() {}

    static List<String> lines(PipelineStates.States states) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        states.pipelines().forEach(state -> rows.add(row(state)));
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Visible.width(row.get(i)));
            }
        }
        List<String> lines = new ArrayList<>();
        rows.forEach(row -> lines.add(line(row, widths)));
        for (PipelineStates.State state : states.pipelines()) {
            if (!state.reason().isEmpty()) {
                lines.add(Visible.text(state.pipeline() + ": " + state.reason()));
            }
        }
        states.refused().forEach(file -> lines.add(Visible.text(file + ": the file can't be used as it is")));
        return lines;
    }

    private static List<String> row(PipelineStates.State state) {
        PipelineStates.Lag lag = state.lag();
        return List.of(
                Visible.text(state.pipeline()),
                Visible.text(state.state()),
                Figures.count(state.received()),
                rate(state.receivedPerSecond()),
                rate(state.loadedPerSecond()),
                lag == null ? NONE : Figures.count(lag.records()),
                lag == null ? NONE : time(lag.seconds()),
                Figures.count(state.quarantined()),
                Figures.count(state.commits()),
                state.commits() == 0 ? NONE : time(state.lastCommitSeconds()));
    }

    private static String rate(double perSecond) {
        return Figures.count(Math.round(perSecond));
    }

    /** Commits take milliseconds. */
    private static String time(double seconds) {
        return seconds > 0 && seconds < 0.9995
                ? Math.max(1, Math.round(seconds * 1000)) + " ms"
                : Figures.duration(Duration.ofNanos(Math.round(seconds * 1e9)));
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String pad = " ".repeat(Math.max(0, widths[i] - Visible.width(row.get(i))));
            line.append(i == 0 ? "" : GAP).append(i < TEXTS ? row.get(i) + pad : pad + row.get(i));
        }
        return line.toString();
    }
}
