package io.millrace.cli.output;

import io.millrace.connectors.postgres.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rows as they come. Used by one thread. */
public interface ResultWriter {

    void begin(List<Query.Column> columns);

    /** @param row as PostgreSQL writes its values, null for NULL; as many as there are columns */
    void row(List<@Nullable String> row);

    /** @param rows how many there were */
    void end(long rows);
}
