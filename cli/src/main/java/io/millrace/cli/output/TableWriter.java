package io.millrace.cli.output;

import io.millrace.connectors.postgres.Query;
import io.millrace.connectors.postgres.Query.Kind;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table for the eye: columns aligned, numbers to the right, control characters shown as escapes so that no value can
 * play with the terminal. NULL is dimmed on a terminal; elsewhere a text that says NULL is set in quotes to be told from
 * it. Widths come from the first rows, so that a result of any size is written in little memory.
 */
final class TableWriter implements ResultWriter {

    private static final int ROWS_MEASURED = 1000;
    private static final String NULL = "NULL";
    private static final String DIM = "\u001b[2m";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";
    private static final String GAP = "  ";

    private final PrintStream out;
    private final boolean styled;
    private final List<List<@Nullable String>> waiting = new ArrayList<>();
    private List<Query.Column> columns = List.of();
    private int[] widths = {};
    private boolean measured;

    TableWriter(PrintStream out, boolean styled) {
        this.out = out;
        this.styled = styled;
    }

    @Override
    public void begin(List<Query.Column> named) {
        columns = named;
        widths = new int[named.size()];
    }

    @Override
    public void row(List<@Nullable String> row) {
        List<@Nullable String> shown = new ArrayList<>(row.size());
        row.forEach(value -> shown.add(shown(value)));
        if (measured) {
            print(shown);
            return;
        }
        waiting.add(shown);
        if (waiting.size() == ROWS_MEASURED) {
            printWaiting();
        }
    }

    @Override
    public void end(long rows) {
        if (!measured) {
            printWaiting();
        }
        out.println("(" + Figures.count(rows, "row") + ")");
    }

    private @Nullable String shown(@Nullable String value) {
        if (value == null) {
            return null;
        }
        String visible = Visible.text(value);
        return visible.equals(NULL) && !styled ? "\"NULL\"" : visible;
    }

    private void printWaiting() {
        List<@Nullable String> names = new ArrayList<>();
        columns.forEach(column -> names.add(Visible.text(column.name())));
        measure(names);
        waiting.forEach(this::measure);
        measured = true;
        StringBuilder rule = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            rule.append(i == 0 ? "" : GAP).append("-".repeat(widths[i]));
        }
        out.println((styled ? BOLD : "") + line(names) + (styled ? PLAIN : ""));
        out.println(rule);
        waiting.forEach(this::print);
        waiting.clear();
    }

    private void measure(List<@Nullable String> row) {
        for (int i = 0; i < row.size(); i++) {
            String value = row.get(i);
            widths[i] = Math.max(widths[i], Visible.width(value == null ? NULL : value));
        }
    }

    private void print(List<@Nullable String> row) {
        out.println(line(row));
    }

    private String line(List<@Nullable String> row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String value = row.get(i);
            String text = value == null ? NULL : value;
            String pad = " ".repeat(Math.max(0, widths[i] - Visible.width(text)));
            String styledText = value == null && styled ? DIM + text + PLAIN : text;
            line.append(i == 0 ? "" : GAP);
            if (columns.get(i).kind() == Kind.NUMBER) {
                line.append(pad).append(styledText);
            } else {
                line.append(styledText).append(i == row.size() - 1 ? "" : pad);
            }
        }
        return line.toString();
    }
}
