package io.millrace.log;

import java.util.List;

/**
 * What there is of a partition.
 *
 * @param partition its name
 * @param segments in order; the last is being written, or was when its process ended
 */
public record PartitionInfo(PartitionName partition, List<SegmentInfo> segments) {

    public PartitionInfo {
        segments = List.copyOf(segments);
    }

    /** Bytes of records, without their index. */
    public long bytes() {
        return segments.stream().mapToLong(SegmentInfo::bytes).sum();
    }

    public long records() {
        return segments.stream().mapToLong(SegmentInfo::records).sum();
    }
}
