package io.millrace.connectors.http;

import io.millrace.api.Doc;
import org.jspecify.annotations.Nullable;

/** What a pipeline file says under {@code http:}. */
@Doc("Records that clients post to a path. Each is on disk, in the log, before it is acknowledged.")
public record HttpConfig(
        @Doc("Where clients post, such as `/liveEvent`. Pipelines with the same path read the same stream.")
        String path,

        @Doc(
                value =
                        "Into how many partitions the stream is divided; each is read by a lane of its own. More than one "
                                + "pays off only where a single lane can't keep up, which is at millions of records a second.",
                byDefault = "1")
        int partitions,

        @Doc("The path of the field whose value decides the partition, so that records with the same value stay in "
                + "order. Without it, all records of a request go to one partition.")
        @Nullable
        String key,

        @Doc(
                value =
                        "Where a pipeline that has no progress yet begins: `earliest` or `latest` record, or a time such "
                                + "as 2026-11-21T10:00:00Z.",
                byDefault = "earliest")
        String start) {

    /** The name of the path's stream in the log. */
    public String stream() {
        return path.substring(1).replace("/", "__");
    }
}
