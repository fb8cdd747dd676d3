package io.millrace.connectors.memory;

import io.millrace.api.Commit.Counts;
import io.millrace.api.Evolution;
import io.millrace.api.Sink;
import io.millrace.testkit.SinkContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Memory keeps what every sink promises. */
class MemoryContractTest extends SinkContract {

    private final MemoryDatabase database = new MemoryDatabase();

    @Override
    protected Sink open(String pipeline, String table, Set<Evolution> evolve) {
        return database.open(pipeline, table, evolve);
    }

    @Override
    protected List<List<@Nullable String>> rows(String table, List<String> columns) {
        return rows(database.table(table).orElseThrow(), columns);
    }

    static List<List<@Nullable String>> rows(MemoryTable table, List<String> columns) {
        List<String> names =
                table.columns().stream().map(MemoryTable.TableColumn::name).toList();
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (List<@Nullable String> row : table.rows()) {
            List<@Nullable String> chosen = new ArrayList<>();
            for (String column : columns) {
                chosen.add(row.get(names.indexOf(column)));
            }
            rows.add(chosen);
        }
        return rows;
    }

    @Override
    protected void refuse(String table, String column, String value) {
        database.refuse(table, column, value);
    }

    @Override
    protected long quarantined(String pipeline) {
        return database.quarantine(pipeline).size();
    }

    @Override
    protected Counts ledger(String pipeline) {
        return database.ledger(pipeline).stream()
                .map(MemoryDatabase.Entry::counts)
                .reduce(Counts.NONE, Counts::plus);
    }
}
