package io.millrace.log;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one partition of a log.
 *
 * @param stream the stream it belongs to: letters, digits, {@code _} and {@code -}, at most 100
 * @param slot the writer slot that it belongs to: only the process that holds the slot writes to it
 * @param partition its number within the slot, from 0
 */
public record PartitionName(String stream, int slot, int partition) implements Comparable<PartitionName> {

    private static final Pattern STREAM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,99}");
    private static final Pattern FOLDER = Pattern.compile("(\\d{1,6})-(\\d{1,6})");
    private static final Comparator<PartitionName> ORDER = Comparator.comparing(PartitionName::stream)
            .thenComparingInt(PartitionName::slot)
            .thenComparingInt(PartitionName::partition);

    public PartitionName {
        if (!isStream(stream)) {
            throw new IllegalArgumentException("'" + stream
                    + "' can't be the name of a stream: letters, digits, _ and - are possible, at most 100, and no -"
                    + " at the start");
        }
        if (slot < 0 || slot > 999_999 || partition < 0 || partition > 999_999) {
            throw new IllegalArgumentException(
                    "Slot " + slot + ", partition " + partition + ": both must lie between 0 and 999999");
        }
    }

    static boolean isStream(String name) {
        return STREAM.matcher(name).matches();
    }

    /** The partition whose folder, in the folder of its stream, has this name; empty where it is none's. */
    static Optional<PartitionName> ofFolder(String stream, String folder) {
        Matcher matcher = FOLDER.matcher(folder);
        return matcher.matches()
                ? Optional.of(new PartitionName(
                        stream, Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    Path in(Path log) {
        return log.resolve(stream).resolve(slot + "-" + partition);
    }

    @Override
    public int compareTo(PartitionName other) {
        return ORDER.compare(this, other);
    }

    /** As it stands in the file system: {@code stream/slot-partition}. */
    @Override
    public String toString() {
        return stream + "/" + slot + "-" + partition;
    }
}
