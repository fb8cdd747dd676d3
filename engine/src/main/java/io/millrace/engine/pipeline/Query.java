package io.millrace.engine.pipeline;

import io.millrace.engine.yaml.Yaml;
import java.util.List;

/** The SQL of a file with its parameters resolved, and where each character of it stands in the file. */
final class Query {
    private final String sql;
    private final int[] places;
    private final List<Parameters.Part> parts;

    /**
     * @param scalar the text as the file has it
     * @param templatePlaces for each character of it the offset in the file
     * @param parts what it is made of
     */
    Query(Yaml.Scalar scalar, int[] templatePlaces, List<Parameters.Part> parts) {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(part.text()));
        this.sql = text.toString();
        this.parts = parts;
        this.places = new int[sql.length() + 1];
        int at = 0;
        for (Parameters.Part part : parts) {
            for (int i = 0; i < part.text().length(); i++) {
                // All of a parameter's value stands where the parameter does.
                places[at++] = templatePlaces[part.parameter() == null ? part.from() + i : part.from()];
            }
        }
        places[at] = templatePlaces[scalar.text().length()];
    }

    String sql() {
        return sql;
    }

    /** The offset in the file of a line and a column of the SQL, both from 1; the nearest there is where there is none. */
    int place(int line, int column) {
        return places[index(line, column)];
    }

    /** The parameter whose value from the environment stands at a line and a column; empty where none does. */
    String secretAt(int line, int column) {
        int index = index(line, column);
        int end = 0;
        for (Parameters.Part part : parts) {
            end += part.text().length();
            if (index < end) {
                return part.secret() && part.parameter() != null ? part.parameter() : "";
            }
        }
        return "";
    }

    /** Lines end at LF alone and columns count {@code char}s, as the compiler has it. */
    private int index(int line, int column) {
        int start = 0;
        for (int i = 1; i < line && sql.indexOf('\n', start) >= 0; i++) {
            start = sql.indexOf('\n', start) + 1;
        }
        return Math.min(start + column - 1, sql.length());
    }
}
