package io.millrace.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Short words for what most tests do. */
final class Records {
    static final PartitionName FIRST = new PartitionName("s", 0, 0);

    private Records() {}

    static Lines lines(String... records) {
        return Lines.of((String.join("\n", records) + "\n").getBytes(StandardCharsets.UTF_8), records.length);
    }

    /** Appends for client {@code c} without a key and returns the offset. */
    static long append(StreamWriter writer, String... records) throws LogException, InterruptedException {
        return ((AppendResult.Stored) writer.append(0, "c", null, lines(records))).offset();
    }

    /** Everything there is now, damage as {@code !OFFSET+LENGTH}, what is gone as {@code ?OFFSET-FIRST}. */
    static List<String> all(Log log, PartitionName partition) throws IOException, InterruptedException {
        return all(log, partition, new Start.Earliest(), 1 << 16);
    }

    static List<String> all(Log log, PartitionName partition, Start start, int maxBytes)
            throws IOException, InterruptedException {
        try (PartitionReader reader = log.reader(partition, start)) {
            return rest(reader, maxBytes);
        }
    }

    static List<String> rest(PartitionReader reader, int maxBytes) throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        while (true) {
            switch (reader.next(maxBytes, Duration.ZERO)) {
                case Stretch stretch -> found.addAll(lines(stretch));
                case Reading.Damaged(Damage damage, byte[] bytes) ->
                    found.add("!" + damage.offset() + "+" + damage.length());
                case Reading.Gone(long offset, long first) -> found.add("?" + offset + "-" + first);
                case Reading.Idle idle -> {
                    return found;
                }
                case Reading.Closed closed -> throw new AssertionError("closed");
            }
        }
    }

    static List<String> lines(Stretch stretch) {
        return new String(stretch.bytes(), stretch.from(), stretch.to() - stretch.from(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    static Path data(Path log, PartitionName partition, long start) {
        return Segments.data(partition.in(log), start);
    }

    static Path index(Path log, PartitionName partition, long start) {
        return Segments.index(partition.in(log), start);
    }

    static void flip(Path file, long at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) at] ^= 0x10;
        Files.write(file, bytes);
    }
}
