package io.millrace.connectors.memory;

import io.millrace.api.Commit;
import io.millrace.api.Evolution;
import io.millrace.api.EvolvedColumns;
import io.millrace.api.Offset;
import io.millrace.api.Quarantine;
import io.millrace.api.Schema;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pipeline's way into a {@link MemoryDatabase}. */
final class MemorySink implements Sink {

    private final MemoryDatabase database;
    private final String pipeline;
    private final String table;
    private final Set<Evolution> evolve;

    /** The evolved columns that were told last; null where they were not asked for. */
    private volatile @Nullable Set<String> known;

    MemorySink(MemoryDatabase database, String pipeline, String table, Set<Evolution> evolve) {
        this.database = database;
        this.pipeline = pipeline;
        this.table = table;
        this.evolve = evolve;
    }

    @Override
    public List<String> prepare(TableShape shape) throws SinkException {
        Set<String> evolved = known;
        return database.prepare(table, shape, evolve, evolved == null ? Set.of() : evolved);
    }

    @Override
    public EvolvedColumns evolved() {
        return new EvolvedColumns() {
            @Override
            public boolean possible(String name) {
                return StoredTable.possible(name);
            }

            @Override
            public List<Schema.Field> all() {
                List<Schema.Field> all = database.evolved(pipeline);
                known = all.stream().map(Schema.Field::name).collect(Collectors.toUnmodifiableSet());
                return all;
            }

            @Override
            public Added add(List<Schema.Field> wanted) {
                return database.evolve(pipeline, table, wanted);
            }
        };
    }

    @Override
    public Map<String, Offset> progress() {
        return database.progress(pipeline);
    }

    @Override
    public Staging stage(TableShape shape) {
        return new MemoryStaging(shape);
    }

    @Override
    public Commit.Account commit(Commit commit) throws SinkException {
        return database.commit(pipeline, table, commit, known);
    }

    @Override
    public void remembered(Duration within, KeyBlocks blocks) {
        database.remembered(pipeline, blocks);
    }

    @Override
    public Quarantine quarantine() {
        return new Quarantine() {
            @Override
            public List<Entry> page(Filter filter, Order order, @Nullable Long after, int limit) {
                return database.page(pipeline, filter, order, after, limit);
            }

            @Override
            public Optional<Entry> find(String split, String position) {
                return database.find(pipeline, split, position);
            }
        };
    }

    @Override
    public Set<String> lease(String holder, Duration time, Set<String> splits) {
        return database.lease(pipeline, holder, time, splits);
    }

    @Override
    public void release(String holder) {
        database.release(pipeline, holder);
    }

    /** The database stays. */
    @Override
    public void close() {}
}
