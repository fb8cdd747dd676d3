package io.millrace.engine.run;

import io.millrace.api.Commit.Counts;
import io.millrace.api.Sink;
import io.millrace.testkit.SinkContract;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The stand-in keeps the promises that the engine's tests build on. */
class MemorySinkTest extends SinkContract {

    private final MemorySink.Server server = new MemorySink.Server();

    @Override
    protected Sink open(String pipeline, String table) {
        return new MemorySink(server, pipeline, table);
    }

    @Override
    protected List<List<@Nullable String>> rows(String table, List<String> columns) {
        MemorySink.Table there = Objects.requireNonNull(server.tables.get(table));
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (@Nullable Object[] row : there.rows().values()) {
            List<@Nullable String> values = new ArrayList<>();
            for (String column : columns) {
                Object value = row[there.shape().schema().indexOf(column)];
                values.add(value instanceof BigDecimal number ? number.toPlainString() : (String) value);
            }
            rows.add(values);
        }
        return rows;
    }

    @Override
    protected void refuse(String table, String column, String value) {
        server.refusing = (name, found) -> name.equals(column) && value.equals(found);
    }

    @Override
    protected long quarantined(String pipeline) {
        return server.quarantine.getOrDefault(pipeline, Map.of()).size();
    }

    @Override
    protected Counts ledger(String pipeline) {
        return server.ledger.getOrDefault(pipeline, Counts.NONE);
    }
}
