package io.millrace.cli.output;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rows as they come. Used by one thread. */
interface ResultWriter {

    void begin(List<ResultColumn> columns);

    /** @param row as PostgreSQL writes its values, null for NULL; as many as there are columns */
    void row(@Nullable String[] row);

    /** @param rows how many there were */
    void end(long rows);
}
