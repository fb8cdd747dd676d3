package io.millrace.server;

import io.millrace.api.Offset;
import io.millrace.connectors.http.HttpConfig;
import io.millrace.connectors.http.LogSplits;
import io.millrace.engine.live.PipelineStatus;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.log.Log;
import io.millrace.log.PartitionName;
import io.millrace.log.StreamWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The streams of the log that pipelines read, opened for writing when the first of them comes. A stream stays open when
 * the last of them is gone, for another may come with the next change of a file. Thread-safe.
 */
final class Streams {

    private final Log log;

    /** Guarded by this. */
    private final Map<String, StreamWriter> open = new HashMap<>();

    Streams(Log log) {
        this.log = log;
    }

    /** A path that clients post to, and the pipelines behind it. */
    record Inlet(HttpConfig config, StreamWriter writer, List<Pipeline> pipelines) {}

    /**
     * The inlets of some pipelines, by path.
     *
     * @throws IOException where a stream can't be opened
     */
    synchronized List<Inlet> inlets(List<Pipeline> pipelines) throws IOException {
        Map<String, Inlet> inlets = new TreeMap<>();
        for (Pipeline pipeline : pipelines) {
            if (pipeline.file().from().config() instanceof HttpConfig config) {
                Inlet inlet = inlets.get(config.path());
                if (inlet == null) {
                    inlet = new Inlet(config, writer(config), new ArrayList<>());
                    inlets.put(config.path(), inlet);
                }
                inlet.pipelines().add(pipeline);
            }
        }
        return List.copyOf(inlets.values());
    }

    private StreamWriter writer(HttpConfig config) throws IOException {
        StreamWriter writer = open.get(config.stream());
        if (writer != null && writer.partitions() != config.partitions()) {
            // What lies in the partitions that are left out is read all the same.
            writer.close();
            writer = null;
        }
        if (writer == null) {
            writer = log.writer(config.stream(), config.partitions());
            open.put(config.stream(), writer);
        }
        return writer;
    }

    /** How far a pipeline has loaded each partition of its stream, by {@code slot-partition}. */
    Map<String, Long> committed(PipelineStatus status, String stream) {
        Map<String, Long> committed = new TreeMap<>();
        try {
            for (PartitionName partition : log.partitions(stream)) {
                Offset offset = status.standing().offsets().get(LogSplits.id(log, partition));
                committed.put(
                        partition.slot() + "-" + partition.partition(),
                        offset == null ? 0 : LogSplits.position(offset));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return committed;
    }

    /**
     * The lowest offset needed of each partition of every stream; none of one that is missing.
     *
     * @param needs of all pipelines that read the log, in whatever process
     */
    Map<PartitionName, Long> needed(List<Needs.Need> needs) throws IOException {
        Map<PartitionName, Long> needed = new HashMap<>();
        for (String stream : log.streams()) {
            for (PartitionName partition : log.partitions(stream)) {
                needs.forEach(need -> needed.merge(partition, need.of(partition), Math::min));
            }
        }
        return needed;
    }
}
