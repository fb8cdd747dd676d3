package io.millrace.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that appends until it is killed, and prints every record once it is acknowledged. Arguments: the folder of the
 * log and a name for its records. The first line it prints is its slot.
 */
final class Appender {
    static final int THREADS = 16;
    static final int PARTITIONS = 2;

    private Appender() {}

    public static void main(String[] args) throws Exception {
        LogOptions options = LogOptions.DEFAULTS.withSegmentBytes(200_000);
        try (FileOutputStream out = new FileOutputStream(java.io.FileDescriptor.out);
                Log log = Log.openForWriting(Path.of(args[0]), options, InstantSource.system(), event -> {});
                StreamWriter writer = log.writer("s", PARTITIONS)) {
            print(out, Integer.toString(log.slot().orElseThrow()));
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                String name = args[1] + " " + t;
                int partition = t % PARTITIONS;
                threads.add(Thread.ofVirtual().start(() -> append(writer, partition, name, out)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void append(StreamWriter writer, int partition, String name, FileOutputStream out) {
        try {
            for (int i = 0; ; i++) {
                String record = name + " " + i;
                writer.append(partition, name, i % 3 == 0 ? "key " + i : null, Records.lines(record));
                print(out, record);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void print(FileOutputStream out, String line) throws IOException {
        // One write, so that lines of threads do not mix.
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
