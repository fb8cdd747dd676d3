package io.millrace.cli.output;

import io.millrace.connectors.postgres.Query;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CSV as RFC 4180 has it: a header, fields quoted where they must be, CR LF after each row. As in PostgreSQL's own COPY,
 * an empty field is NULL and {@code ""} an empty text.
 */
final class CsvWriter implements ResultWriter {

    private static final String LINE_END = "\r\n";

    private final PrintStream out;
    private final StringBuilder line = new StringBuilder();

    CsvWriter(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begin(List<Query.Column> columns) {
        List<@Nullable String> header = new ArrayList<>();
        columns.forEach(column -> header.add(column.name()));
        row(header);
    }

    @Override
    public void row(List<@Nullable String> row) {
        line.setLength(0);
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) {
                line.append(',');
            }
            String value = row.get(i);
            if (value != null) {
                field(value);
            }
        }
        out.append(line.append(LINE_END));
    }

    private void field(String value) {
        boolean quoted = value.isEmpty() || value.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        if (quoted) {
            line.append('"').append(value.replace("\"", "\"\"")).append('"');
        } else {
            line.append(value);
        }
    }

    @Override
    public void end(long rows) {
        // Nothing follows the last row.
    }
}
