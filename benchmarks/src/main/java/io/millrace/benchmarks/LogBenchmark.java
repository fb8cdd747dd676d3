package io.millrace.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.log.Lines;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.PartitionName;
import io.millrace.log.PartitionReader;
import io.millrace.log.Reading;
import io.millrace.log.Start;
import io.millrace.log.StreamWriter;
import io.millrace.log.Stretch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the event log does in a second, and what processor time that takes: 128 virtual threads that each append and wait
 * until it is on disk, with one record an append and with 1,000; reading it again; and as the floor the same threads
 * copying the same bytes into an array in memory and yielding.
 *
 * <p>Not JMH, since what counts is the group that forms while many threads wait for one disk.
 *
 * <pre>
 *   java -Xmx1g -cp ... io.millrace.benchmarks.LogBenchmark FOLDER [SECONDS]
 * </pre>
 *
 * <p>{@code FOLDER} is made and emptied; on {@code /dev/shm} it shows the log without a disk.
 */
public final class LogBenchmark {
    private static final int THREADS = 128;
    private static final int WARM_UP_SECONDS = 2;
    private static final int MEMORY = 16 << 20;

    private final Path folder;
    private final int seconds;

    private LogBenchmark(Path folder, int seconds) {
        this.folder = folder;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        LogBenchmark benchmark = new LogBenchmark(
                Files.createDirectories(Path.of(args[0])).resolve("log-benchmark"),
                args.length > 1 ? Integer.parseInt(args[1]) : 5);
        for (int records : new int[] {1, 1000}) {
            benchmark.memory(records);
            benchmark.log(records);
        }
    }

    /** One append. */
    @FunctionalInterface
    private interface Append {
        void run() throws IOException, InterruptedException;
    }

    private static byte[] lines(int records) {
        return "{\"userId\":\"u123456\",\"name\":\"add_revenue\",\"value\":123}\n"
                .repeat(records)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @SuppressWarnings("ThreadPriorityCheck") // Yielding is what lets the threads take turns, as waiting does.
    private void memory(int records) throws InterruptedException {
        byte[] lines = lines(records);
        byte[] memory = new byte[MEMORY];
        int[] end = {0};
        measure("memory, " + records + " records", () -> {
            synchronized (memory) {
                end[0] = end[0] + lines.length > memory.length ? 0 : end[0];
                System.arraycopy(lines, 0, memory, end[0], lines.length);
                end[0] += lines.length;
            }
            Thread.yield();
        });
    }

    private void log(int records) throws IOException, InterruptedException {
        byte[] lines = lines(records);
        ScratchFolder.remove(folder);
        try (Log log = Log.openForWriting(
                        folder, LogOptions.DEFAULTS, InstantSource.system(), event -> System.out.println(event));
                StreamWriter writer = log.writer("benchmark", 1)) {
            measure("log, " + records + " records", () -> writer.append(0, "client", null, Lines.of(lines, records)));
            read(log, writer.name(0));
        } finally {
            ScratchFolder.remove(folder);
        }
    }

    private void read(Log log, PartitionName partition) throws IOException, InterruptedException {
        long bytes = 0;
        long start = System.nanoTime();
        try (PartitionReader reader = log.reader(partition, new Start.Earliest())) {
            while (true) {
                Reading reading = reader.next(1 << 20, Duration.ZERO);
                if (!(reading instanceof Stretch stretch)) {
                    break;
                }
                bytes += stretch.to() - stretch.from();
            }
        }
        double taken = (System.nanoTime() - start) / 1e9;
        System.out.printf("%-24s %,12.0f MB/s of %,d MB%n", "reading it", bytes / 1e6 / taken, bytes / 1_000_000);
    }

    private void measure(String name, Append append) throws InterruptedException {
        LongAdder appends = new LongAdder();
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    while (!stop.get()) {
                        append.run();
                        appends.increment();
                    }
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (int second = 0; second < WARM_UP_SECONDS + seconds; second++) {
            long count = appends.sum();
            long cpu = system.getProcessCpuTime();
            long start = System.nanoTime();
            Thread.sleep(Duration.ofSeconds(1));
            double taken = (System.nanoTime() - start) / 1e9;
            double cpuTaken = (system.getProcessCpuTime() - cpu) / 1e9;
            long done = appends.sum() - count;
            if (second >= WARM_UP_SECONDS) {
                System.out.printf(
                        "%-24s %,12.0f appends/s, %.2f cores, %6.2f us of processor each%n",
                        name, done / taken, cpuTaken / taken, 1e6 * cpuTaken / Math.max(done, 1));
            }
        }
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
