package io.millrace.engine.run;

import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Source;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A live source of numbers as {@link NumberSource} makes them: split {@code s} holds 1,000,000 s and what follows. */
final class GrowingSource implements Source {

    private static final long APART = 1_000_000;
    private static final int BATCH = 100;

    /** How many numbers each split holds. Guarded by this. */
    private final Map<String, Integer> sizes = new TreeMap<>();
    /** Splits that can't be read just now. Guarded by this. */
    private final Set<String> broken = new HashSet<>();
    /** Splits that are not offered just now. Guarded by this. */
    private final Set<String> withheld = new HashSet<>();
    /** Guarded by this. */
    private int opened;

    synchronized void append(int split, int numbers) {
        sizes.merge(id(split), numbers, Integer::sum);
        notifyAll();
    }

    synchronized void setBroken(int split, boolean isBroken) {
        if (isBroken) {
            broken.add(id(split));
        } else {
            broken.remove(id(split));
        }
        notifyAll();
    }

    /** Offers a split no more, or again. */
    synchronized void setWithheld(int split, boolean isWithheld) {
        if (isWithheld) {
            withheld.add(id(split));
        } else {
            withheld.remove(id(split));
        }
    }

    synchronized int opened() {
        return opened;
    }

    synchronized LongStream numbers() {
        return sizes.entrySet().stream()
                .flatMapToLong(e -> LongStream.range(first(e.getKey()), first(e.getKey()) + e.getValue()));
    }

    private static String id(int split) {
        return "split-" + split;
    }

    private static long first(String split) {
        return Long.parseLong(split.substring("split-".length())) * APART;
    }

    @Override
    public synchronized List<Split> splits(Map<String, Offset> progress) {
        return sizes.keySet().stream()
                .filter(id -> !withheld.contains(id))
                .map(id -> new Split(id, -1))
                .toList();
    }

    @Override
    public boolean live() {
        return true;
    }

    @Override
    public SplitReader open(Split split, @Nullable Offset from, Projection projection) {
        GrowingSource source = this;
        synchronized (source) {
            opened++;
        }
        return new SplitReader() {
            private int at = from == null ? 0 : Integer.parseInt(from.text());

            @Override
            public @Nullable RecordBatch next() throws IOException {
                int until;
                synchronized (source) {
                    if (broken.contains(split.id())) {
                        throw new IOException("broken");
                    }
                    until = Math.min(at + BATCH, sizes.getOrDefault(split.id(), 0));
                }
                if (until == at) {
                    return null;
                }
                long first = first(split.id());
                RecordBatch records = NumberSource.records(first + at, first + until, new Offset("" + until));
                at = until;
                return records;
            }

            @Override
            public void await(Duration atMost) throws InterruptedException {
                synchronized (source) {
                    if (sizes.getOrDefault(split.id(), 0) == at && !broken.contains(split.id())) {
                        source.wait(Math.max(1, atMost.toMillis()));
                    }
                }
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public void close() {}
}
