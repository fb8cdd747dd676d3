package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.Source;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.api.Type;
import io.millrace.testkit.Rows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Splits of the numbers from 0 on, each record one number {@code n} and the user {@code n % 7}. Every number that ends in
 * 99 can't be decoded.
 */
final class NumberSource implements Source {

    static final Projection FIELDS = new Projection(List.of(
            new Projection.Field(List.of("user"), Type.VARCHAR, false, false),
            new Projection.Field(List.of("n"), Type.BIGINT, false, false)));

    private final int splits;
    private final int perSplit;
    private final int batch;

    /** Called with the number at which each batch begins. */
    LongConsumer reading = n -> {};

    /** Splits that can't be read beyond their middle. */
    int brokenSplit = -1;

    NumberSource(int splits, int perSplit, int batch) {
        this.splits = splits;
        this.perSplit = perSplit;
        this.batch = batch;
    }

    static String user(long n) {
        return "user" + n % 7;
    }

    static boolean bad(long n) {
        return n % 100 == 99;
    }

    /** The split that a number is in. */
    String split(long n) {
        return "split-" + n / perSplit;
    }

    LongStream numbers() {
        return LongStream.range(0, (long) splits * perSplit);
    }

    @Override
    public List<Split> splits(Map<String, Offset> progress) {
        return IntStream.range(0, splits)
                .mapToObj(i -> new Split("split-" + i, perSplit))
                .filter(split -> position(progress.get(split.id())) < perSplit)
                .toList();
    }

    private static int position(@Nullable Offset offset) {
        return offset == null ? 0 : Integer.parseInt(offset.text());
    }

    @Override
    public SplitReader open(Split split, @Nullable Offset from, Projection projection) {
        int index = Integer.parseInt(split.id().substring("split-".length()));
        long first = (long) index * perSplit;
        return new SplitReader() {
            private int at = position(from);

            @Override
            public @Nullable RecordBatch next() throws IOException {
                if (index == brokenSplit && at >= perSplit / 2) {
                    throw new IOException("torn in the middle");
                }
                if (at >= perSplit) {
                    return null;
                }
                reading.accept(first + at);
                int until = Math.min(at + batch, perSplit);
                RecordBatch records = records(first + at, first + until, new Offset("" + until));
                at = until;
                return records;
            }

            @Override
            public void close() {}
        };
    }

    static RecordBatch records(long from, long to, Offset end) {
        long[] good = LongStream.range(from, to).filter(n -> !bad(n)).toArray();
        Column users = Rows.column(
                Type.VARCHAR, LongStream.of(good).mapToObj(NumberSource::user).toArray());
        Column numbers = Rows.column(Type.BIGINT, LongStream.of(good).boxed().toArray());
        List<Rejection> rejected = new ArrayList<>();
        LongStream.range(from, to)
                .filter(NumberSource::bad)
                .forEach(n -> rejected.add(
                        new Rejection(Rejection.Stage.DECODE, "bad", null, "ends in 99", "" + n, new byte[] {1})));
        return new RecordBatch(
                new Batch(FIELDS.schema(), new Column[] {users, numbers}, good.length, null),
                new RecordBatch.Origin() {
                    @Override
                    public String position(int row) {
                        return "" + good[row];
                    }

                    @Override
                    public byte[] raw(int row) {
                        return ("" + good[row]).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    }
                },
                rejected,
                end,
                to - from);
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public void close() {}
}
