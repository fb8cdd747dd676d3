package io.millrace.cli.output;

import io.millrace.connectors.postgres.Query;
import io.millrace.connectors.postgres.Query.Kind;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON array of objects, one a line. Numbers are written digit by digit as the database has them, since a JSON number
 * has no limit of precision; NaN and the infinities, which JSON lacks, are texts.
 */
final class JsonWriter implements ResultWriter {

    private final PrintStream out;
    private final StringBuilder line = new StringBuilder();
    private List<Query.Column> columns = List.of();
    private String[] keys = {};
    private boolean first = true;

    JsonWriter(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begin(List<Query.Column> named) {
        columns = named;
        keys = new String[named.size()];
        Set<String> used = new HashSet<>();
        for (int i = 0; i < keys.length; i++) {
            // Two columns of one name would be one key, and a reader would see only the last.
            String name = named.get(i).name();
            String key = name;
            for (int n = 2; !used.add(key); n++) {
                key = name + "_" + n;
            }
            line.setLength(0);
            string(key);
            keys[i] = line.append(':').toString();
        }
        out.append('[');
    }

    @Override
    public void row(List<@Nullable String> row) {
        line.setLength(0);
        line.append(first ? "\n{" : ",\n{");
        first = false;
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) {
                line.append(',');
            }
            line.append(keys[i]);
            value(row.get(i), columns.get(i).kind());
        }
        out.append(line.append('}'));
    }

    private void value(@Nullable String value, Kind kind) {
        if (value == null) {
            line.append("null");
            return;
        }
        switch (kind) {
            case NUMBER -> {
                char last = value.charAt(value.length() - 1);
                if (last >= '0' && last <= '9') {
                    line.append(value);
                } else {
                    string(value);
                }
            }
            case BOOLEAN, JSON -> line.append(value);
            case TEXT -> string(value);
        }
    }

    private void string(String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7F) {
                        line.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }

    @Override
    public void end(long rows) {
        out.append(first ? "]\n" : "\n]\n");
    }
}
