package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.AppendResult.Stored;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {
    private static final int THREADS = 2000;
    private static final int EACH = 20;

    @TempDir
    Path folder;

    @Test
    void readersThatFollowSeeEveryAppendOnceAtItsOffset() throws Exception {
        LogOptions options = LogOptions.DEFAULTS.withSegmentBytes(100_000).withMaxWaitingBytes(10_000);
        Map<Stored, String> stored = new ConcurrentHashMap<>();
        try (Log log = Log.openForWriting(folder, options, InstantSource.system(), new Events());
                StreamWriter writer = log.writer("s", 2);
                Log reading = Log.openForReading(folder, options, InstantSource.system());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Map<Stored, String>>> followers = new ArrayList<>();
            for (Log from : List.of(log, log, reading)) {
                followers.add(threads.submit(() -> follow(from)));
            }
            List<Future<?>> appenders = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                appenders.add(threads.submit(() -> {
                    for (int i = 0; i < EACH; i++) {
                        String record = thread + "." + i;
                        String key = (thread + i) % 5 == 0 ? "key " + i : null;
                        Lines lines = Records.lines(record);
                        AppendResult result =
                                writer.append(thread % 2, "client " + thread % 7, key(key, thread), lines);
                        stored.put((Stored) result, record);
                    }
                    return null;
                }));
            }
            for (Future<?> appender : appenders) {
                appender.get();
            }
            assertThat(stored).hasSize(THREADS * EACH);
            for (Future<Map<Stored, String>> follower : followers) {
                assertThat(follower.get()).isEqualTo(stored);
            }
        }
    }

    private static @org.jspecify.annotations.Nullable String key(
            @org.jspecify.annotations.Nullable String key, int thread) {
        return key == null ? null : key + " of " + thread;
    }

    /** Reads both partitions until it has as many records as there will be. */
    private static Map<Stored, String> follow(Log log) throws Exception {
        Map<Stored, String> seen = new ConcurrentHashMap<>();
        PartitionName one = new PartitionName("s", 0, 0);
        PartitionName two = new PartitionName("s", 0, 1);
        try (PartitionReader first = log.reader(one, new Start.Earliest());
                PartitionReader second = log.reader(two, new Start.Earliest())) {
            while (seen.size() < THREADS * EACH) {
                collect(first, seen);
                collect(second, seen);
            }
        }
        return seen;
    }

    private static void collect(PartitionReader reader, Map<Stored, String> seen) throws Exception {
        if (reader.next(5_000, Duration.ofMillis(2)) instanceof Stretch stretch) {
            int start = stretch.from();
            for (int i = stretch.from(); i < stretch.to(); i++) {
                if (stretch.bytes()[i] == '\n') {
                    String record = new String(stretch.bytes(), start, i - start, StandardCharsets.UTF_8);
                    Stored at = new Stored(reader.partition(), stretch.offset() + start - stretch.from());
                    assertThat(seen.put(at, record)).as("seen before at %s", at).isNull();
                    start = i + 1;
                }
            }
        }
    }
}
