package io.millrace.server.gateway;

import io.millrace.contract.ContractSchema;
import io.millrace.formats.Decoder;
import io.millrace.log.StreamWriter;
import io.millrace.server.http.Schema;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A path that takes events into a stream of the log: {@code POST path} takes them, {@code GET path/_progress} tells how
 * far they are loaded. Both need the scope {@code events:write}.
 *
 * @param path begins with a slash; no template
 * @param stream where the events go. Whoever opened it closes it, once the routes no longer name it
 * @param partitionBy the path of the field by whose value records are spread over the stream's partitions; empty where
 *     the order of records does not matter between connections
 * @param reject what a record must meet to be taken, for {@code on_violation: reject}; empty where all are taken
 * @param event what the pipelines that read the stream take for an event
 * @param example an event that fits
 * @param progress the pipelines that read the stream and how far each is; called for each request
 */
public record Intake(
        String path,
        StreamWriter stream,
        List<String> partitionBy,
        List<Demand> reject,
        Schema event,
        Map<String, Object> example,
        Supplier<List<Progress>> progress) {

    /**
     * How far a pipeline is.
     *
     * @param pipeline its name
     * @param failure why it has failed; null where it runs, or goes on by itself when its destination is back
     * @param committed for each partition of the log ({@code slot-partition}) the offset up to which records are loaded
     */
    public record Progress(String pipeline, @Nullable String failure, Map<String, Long> committed) {
        public Progress {
            committed = Map.copyOf(committed);
        }
    }

    /**
     * What one of the pipelines demands of a record.
     *
     * @param decoder makes decoders that tell records of which a field does not fit its column. Each is used by one thread
     *     at a time, again and again
     * @param schema what a record must fit, too; null where there is none
     */
    public record Demand(
            Supplier<Decoder> decoder, @Nullable ContractSchema schema) {}

    public Intake {
        partitionBy = List.copyOf(partitionBy);
        reject = List.copyOf(reject);
    }

    /** Takes any object for an event. */
    public Intake(
            String path,
            StreamWriter stream,
            List<String> partitionBy,
            List<Demand> reject,
            Supplier<List<Progress>> progress) {
        this(path, stream, partitionBy, reject, Schema.of("object"), Map.of("a", 1), progress);
    }

    /** Takes everything, in any partition. */
    public Intake(String path, StreamWriter stream) {
        this(path, stream, List.of(), List.of(), List::of);
    }
}
