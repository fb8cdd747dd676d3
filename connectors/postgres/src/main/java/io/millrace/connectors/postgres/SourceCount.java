package io.millrace.connectors.postgres;

import io.millrace.api.Offset;
import io.millrace.api.RecordIndex;
import io.millrace.api.SinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The records of one split that the ledger says were received, against those that the source has. */
public sealed interface SourceCount {

    /** The split. */
    String split();

    /**
     * They were compared.
     *
     * @param from the offset from which on; null for the beginning
     * @param to the committed offset
     * @param received how many the ledger says were received between
     * @param found how many the source has there
     */
    record Compared(String split, @Nullable Offset from, Offset to, long received, long found) implements SourceCount {

        public boolean equal() {
            return received == found;
        }

        /** In words that can follow a number of records. */
        public String range() {
            return (from == null ? "" : "from offset " + from + " ") + "up to offset " + to;
        }
    }

    /**
     * They were not.
     *
     * @param why in words that go on after "not compared: "
     */
    record NotCompared(String split, String why) implements SourceCount {}

    /** Compares every split of a pipeline that the ledger has, in the order of their names. */
    static List<SourceCount> of(PostgresDestination destination, String pipeline, RecordIndex index)
            throws SinkException, IOException, InterruptedException {
        Map<String, List<Ledger.Entry>> moves = new TreeMap<>();
        Ledger.entries(destination, pipeline, entry -> {
            if (entry.to() != null) {
                moves.computeIfAbsent(entry.split(), split -> new ArrayList<>()).add(entry);
            }
        });
        List<SourceCount> counts = new ArrayList<>();
        for (Map.Entry<String, List<Ledger.Entry>> split : moves.entrySet()) {
            counts.add(of(split.getKey(), split.getValue(), index));
        }
        return counts;
    }

    private static SourceCount of(String split, List<Ledger.Entry> entries, RecordIndex index)
            throws IOException, InterruptedException {
        if (!index.knows(split)) {
            return new NotCompared(split, "it is none of the pipeline's source, as that is now and here");
        }
        int first = firstReached(split, entries, index);
        Offset to = offset(entries.getLast().to());
        if (first == entries.size() || to == null) {
            return new NotCompared(
                    split,
                    "what the pipeline has received is gone from the log, by its retention, or"
                            + " came all with its first commit, whose beginning is written down nowhere");
        }
        Offset from = offset(entries.get(first).from());
        long received = entries.subList(first, entries.size()).stream()
                .mapToLong(entry -> entry.counts().received())
                .sum();
        OptionalLong found = index.records(split, from, to);
        if (found.isEmpty()) {
            return new NotCompared(split, "the log's index is damaged there; millrace log verify tells more");
        }
        Compared compared = new Compared(split, from, to, received, found.getAsLong());
        return compared.equal() || index.sound(split, from, to)
                ? compared
                : new NotCompared(
                        split,
                        "the log is damaged there, so that the pipeline could not tell how many records it had; millrace"
                                + " log verify tells more");
    }

    /** What is gone is gone from the beginning, so the first entry that is still there can be searched for by halves. */
    private static int firstReached(String split, List<Ledger.Entry> entries, RecordIndex index) throws IOException {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (index.reaches(split, offset(entries.get(middle).from()))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static @Nullable Offset offset(@Nullable String text) {
        return text == null ? null : new Offset(text);
    }
}
