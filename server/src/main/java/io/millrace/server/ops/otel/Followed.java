package io.millrace.server.ops.otel;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which places of the log were written by requests that are followed. In memory only, and no more than so many, the oldest
 * are forgotten first: a restart, or a pipeline that is far behind, loses the end of a trace and nothing else. Thread-safe.
 */
final class Followed {

    private static final int MOST_APPENDS = 10_000;

    /** A commit may be known before the request that it has loaded is: so many of each pipeline and split are kept. */
    private static final int RECENT_COMMITS = 16;

    private static final int MOST_SPLITS = 256;

    /** An append of a request, by the split and the offset at which it ends. */
    record Append(Context request, SpanContext span, Instant at) {}

    /** A commit that moved one split. */
    record Load(String pipeline, long from, long to, Instant at) {}

    private record Place(String split, long end) {}

    private record Reader(String pipeline, String split) {}

    // Guarded by this.
    private final Map<String, TreeMap<Long, Append>> appends = new HashMap<>();
    private final ArrayDeque<Place> order = new ArrayDeque<>();
    private final LinkedHashMap<Reader, ArrayDeque<Load>> recent = new LinkedHashMap<>();

    /** Remembers an append; returns the loads of it that have taken place already. */
    synchronized List<Load> appended(String split, long end, Append append) {
        appends.computeIfAbsent(split, key -> new TreeMap<>()).put(end, append);
        order.addLast(new Place(split, end));
        if (order.size() > MOST_APPENDS) {
            Place oldest = order.removeFirst();
            TreeMap<Long, Append> ofSplit = appends.get(oldest.split());
            if (ofSplit != null) {
                ofSplit.remove(oldest.end());
                if (ofSplit.isEmpty()) {
                    appends.remove(oldest.split());
                }
            }
        }
        List<Load> loads = new ArrayList<>();
        recent.forEach((reader, ofReader) -> {
            if (reader.split().equals(split)) {
                for (Load load : ofReader) {
                    if (end > load.from() && end <= load.to()) {
                        loads.add(load);
                    }
                }
            }
        });
        return loads;
    }

    /** Remembers a load; returns the appends that ended within it. */
    synchronized List<Append> loaded(String split, Load load) {
        Reader reader = new Reader(load.pipeline(), split);
        ArrayDeque<Load> ofReader = recent.remove(reader);
        if (ofReader == null) {
            ofReader = new ArrayDeque<>();
        }
        ofReader.addLast(load);
        if (ofReader.size() > RECENT_COMMITS) {
            ofReader.removeFirst();
        }
        recent.put(reader, ofReader);
        if (recent.size() > MOST_SPLITS) {
            recent.pollFirstEntry();
        }
        TreeMap<Long, Append> ofSplit = appends.get(split);
        return ofSplit == null
                ? List.of()
                : List.copyOf(
                        ofSplit.subMap(load.from(), false, load.to(), true).values());
    }
}
