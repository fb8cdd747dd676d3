package io.millrace.connectors.http;

import io.millrace.api.Offset;
import io.millrace.log.Log;
import io.millrace.log.PartitionName;

/**
 * How splits and offsets of a log are written.
 *
 * <pre>
 * split:  first 8 digits of the log's id / stream / slot-partition    3f2a90c1/liveEvent/0-0
 * offset: bytes from the beginning of the partition                   123456
 * </pre>
 *
 * <p>The id keeps logs of several machines apart that feed one database.
 */
public final class LogSplits {

    private static final int ID_DIGITS = 8;

    private LogSplits() {}

    /** The split of a partition. */
    public static String id(Log log, PartitionName partition) {
        return log.id().toString().substring(0, ID_DIGITS) + "/" + partition;
    }

    static PartitionName partition(Log log, String split) {
        String[] parts = split.split("/", -1);
        String[] numbers = parts.length == 3 ? parts[2].split("-", -1) : new String[0];
        if (numbers.length != 2) {
            throw new IllegalArgumentException("\"" + split + "\" is no split of a log");
        }
        PartitionName partition =
                new PartitionName(parts[1], Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
        if (!id(log, partition).equals(split)) {
            throw new IllegalArgumentException("\"" + split + "\" is a split of another log");
        }
        return partition;
    }

    /** Bytes from the beginning of the partition. */
    public static long position(Offset offset) {
        return Long.parseLong(offset.text());
    }

    static Offset offset(long position) {
        return new Offset(Long.toString(position));
    }
}
