package io.millrace.connectors.memory;

import io.millrace.api.Commit;
import io.millrace.api.Offset;
import io.millrace.api.Quarantine;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A pipeline's way into a {@link MemoryDatabase}. */
record MemorySink(MemoryDatabase database, String pipeline, String table) implements Sink {

    @Override
    public List<String> prepare(TableShape shape) throws SinkException {
        database.prepare(table, shape);
        return List.of();
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
        return database.commit(pipeline, table, commit);
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
