package io.millrace.connectors.postgres;

import io.millrace.api.Batch;
import io.millrace.api.Commit;
import io.millrace.api.Evolution;
import io.millrace.api.Offset;
import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A sink with one split that moves on by one with every commit; the table gives the pipeline its name. */
final class Pipeline implements AutoCloseable {

    static final String SPLIT = "events.jsonl";

    private final Sink sink;
    private final TableShape shape;
    private int offset;

    private Pipeline(Sink sink, TableShape shape) {
        this.sink = sink;
        this.shape = shape;
    }

    static Pipeline into(TestServer.Database database, String table, TableShape shape)
            throws SinkException, InterruptedException {
        return new Pipeline(open(database.url(), table, table), shape).prepared();
    }

    static Pipeline into(String url, String table, TableShape shape) throws SinkException, InterruptedException {
        return new Pipeline(open(url, table, table), shape).prepared();
    }

    /** @param copied whether rows are copied, however few they are */
    static Pipeline into(TestServer.Database database, String table, TableShape shape, boolean copied)
            throws SinkException, InterruptedException {
        return copied
                ? new Pipeline(openCopying(database.url(), table, table, Set.of()), shape).prepared()
                : into(database, table, shape);
    }

    private Pipeline prepared() throws SinkException, InterruptedException {
        sink.prepare(shape);
        return this;
    }

    /** A sink that copies its rows into a staging table, however few they are. */
    static Sink openCopying(String url, String pipeline, String table, Set<Evolution> evolve)
            throws SinkException, InterruptedException {
        return new PostgresSink(
                PostgresDestination.open(url, java.util.Map.of(), TestServer.HOME),
                pipeline,
                TableName.parse(table),
                evolve,
                0);
    }

    static Sink open(String url, String pipeline, String table) throws SinkException, InterruptedException {
        return open(url, pipeline, table, Set.of());
    }

    static Sink open(String url, String pipeline, String table, Set<Evolution> evolve)
            throws SinkException, InterruptedException {
        return new PostgresConnector()
                .open(
                        new PostgresConfig(table, List.of(), null, evolve, url),
                        new SinkConnector.Context(pipeline, TestServer.HOME, java.util.Map.of()));
    }

    Sink sink() {
        return sink;
    }

    /** Stages each batch on its own and commits them all. */
    void commit(Batch... batches) throws SinkException, InterruptedException {
        List<Sink.Staging> staged = new ArrayList<>();
        long rows = 0;
        for (Batch batch : batches) {
            Sink.Staging staging = sink.stage(shape);
            List<Sink.Refused> refused = staging.check(batch);
            if (!refused.isEmpty()) {
                throw new AssertionError("refused: " + refused);
            }
            staging.add(batch);
            rows += staging.rows();
            staged.add(staging);
        }
        sink.commit(new Commit("run", staged, List.of(move(new Commit.Counts(rows, rows, 0, 0)))));
        offset++;
    }

    /** The move of the next commit. */
    Commit.Move move(Commit.Counts counts) {
        @Nullable Offset from = offset == 0 ? null : new Offset(Integer.toString(offset));
        return new Commit.Move(SPLIT, from, new Offset(Integer.toString(offset + 1)), counts, List.of());
    }

    @Override
    public void close() {
        sink.close();
    }
}
