package io.millrace.connectors.postgres;

import io.millrace.api.Evolution;
import io.millrace.api.Sink;
import java.util.Set;

/** What every sink promises is kept too where rows are copied into a staging table, as those of a large commit are. */
class CopyingContractTest extends PostgresContractTest {

    @Override
    protected Sink open(String pipeline, String table, Set<Evolution> evolve) throws Exception {
        return Pipeline.openCopying(url(), pipeline, table, evolve);
    }
}
