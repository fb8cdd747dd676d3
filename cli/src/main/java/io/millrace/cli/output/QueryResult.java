package io.millrace.cli.output;

import io.millrace.api.SinkException;
import io.millrace.connectors.postgres.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what a query returns. */
public final class QueryResult {

    private QueryResult() {}

    /** Writes all rows that are left. */
    public static void write(Query query, ResultWriter writer) throws SinkException {
        writer.begin(query.columns());
        long rows = 0;
        for (List<@Nullable String> row = query.next(); row != null; row = query.next()) {
            writer.row(row);
            rows++;
        }
        writer.end(rows);
    }
}
