package io.millrace.testkit;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Commit.Move;
import io.millrace.api.Offset;
import io.millrace.api.Rejection;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A commit of records of the split {@code s} that stand or fall one by one. */
public final class SiftedRecords implements Commit.Sifting {

    private final @Nullable String from;
    private final String to;
    private final List<List<?>> rows = new ArrayList<>();
    private final List<Integer> first = new ArrayList<>();
    private final List<Integer> refused = new ArrayList<>();

    /**
     * @param from the offset at which the split is
     * @param to the offset at which it is then
     */
    public SiftedRecords(@Nullable String from, String to) {
        this.from = from;
        this.to = to;
    }

    /** Adds a record with its rows. */
    public void add(List<? extends List<?>> ofRecord) {
        first.add(rows.size());
        rows.addAll(ofRecord);
    }

    /** A commit of them that fails where one is refused. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public Commit unsifted(Sink sink, TableShape shape) {
        Sink.Staging staging = sink.stage(shape);
        staging.add(Rows.of(shape.schema(), rows.toArray(List[]::new)));
        return new Commit("run", List.of(staging), account(List.of()));
    }

    /** Commits them; returns what the sink says of them. */
    public Commit.Account commit(Sink sink, TableShape shape) throws SinkException, InterruptedException {
        return sink.commit(unsifted(sink, shape).with(this));
    }

    /** The records that were refused. */
    public List<Integer> refused() {
        return refused;
    }

    private Commit.Account account(List<Rejection> rejected) {
        Counts counts = new Counts(records(), records() - rejected.size(), 0, rejected.size());
        return new Commit.Account(
                List.of(new Move("s", from == null ? null : new Offset(from), new Offset(to), counts, rejected)),
                List.of());
    }

    @Override
    public int records() {
        return first.size();
    }

    @Override
    public int firstRow(int record) {
        return record == records() ? rows.size() : first.get(record);
    }

    @Override
    public Commit.Account without(List<Commit.Refused> those) {
        List<Rejection> rejected = new ArrayList<>();
        for (Commit.Refused record : those) {
            refused.add(record.record());
            rejected.add(new Rejection(
                    Rejection.Stage.LOAD,
                    record.code(),
                    record.field(),
                    record.message(),
                    to + "/" + record.record(),
                    Integer.toString(record.record()).getBytes(StandardCharsets.UTF_8)));
        }
        return account(rejected);
    }
}
