package io.millrace.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/** The kernel's account of time and memory, from {@code /proc}. */
final class Kernel {

    /** Of {@code /proc}, the same on every Linux whatever the kernel's own. */
    private static final double TICKS_PER_SECOND = 100;

    private Kernel() {}

    /** CPU seconds of all children of this process that have ended and been waited for, with theirs. */
    static double secondsOfEndedChildren() throws IOException {
        long[] times = times(Path.of("/proc/self/stat"));
        return (times[2] + times[3]) / TICKS_PER_SECOND;
    }

    /** CPU seconds of this process alone. */
    static double ownSeconds() throws IOException {
        long[] times = times(Path.of("/proc/self/stat"));
        return (times[0] + times[1]) / TICKS_PER_SECOND;
    }

    /** CPU seconds of a process, its children that have ended and those that run. */
    static double secondsOfFamily(ProcessHandle parent) throws IOException {
        while (true) {
            long[] before = times(stat(parent));
            long ticks = before[0] + before[1] + before[2] + before[3];
            boolean complete = true;
            for (ProcessHandle child : parent.children().toList()) {
                try {
                    long[] times = times(stat(child));
                    ticks += times[0] + times[1];
                } catch (IOException e) {
                    complete = false;
                }
            }
            // A child that ended meanwhile has moved from its own account to its parent's: then all is read again.
            long[] after = times(stat(parent));
            if (complete && before[2] == after[2] && before[3] == after[3]) {
                return ticks / TICKS_PER_SECOND;
            }
        }
    }

    /** CPU seconds that all processors together were busy since the machine started, stolen time included. */
    static double busySeconds() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            String[] fields = lines.findFirst().orElseThrow().trim().split("\\s+", -1);
            // cpu user nice system idle iowait irq softirq steal
            long busy = 0;
            for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
                busy += Long.parseLong(fields[field]);
            }
            return busy / TICKS_PER_SECOND;
        }
    }

    /** The most memory that a process has had resident; empty where it has ended. */
    static OptionalLong peakRssBytes(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }

    /** One line on the machine. */
    static String machine() throws IOException {
        String processor = field("/proc/cpuinfo", "model name");
        double gibibytes = Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1048576.0;
        return String.format(
                Locale.ROOT,
                "%d cores of %s, %.0f GiB, Linux %s",
                Runtime.getRuntime().availableProcessors(),
                processor,
                gibibytes,
                System.getProperty("os.version"));
    }

    private static String field(String file, String name) throws IOException {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown " + name);
        }
    }

    private static Path stat(ProcessHandle process) {
        return Path.of("/proc/" + process.pid() + "/stat");
    }

    /** User and system ticks, own and then of ended children. */
    private static long[] times(Path stat) throws IOException {
        String line = Files.readString(stat);
        // The program's name comes in parentheses and may hold anything.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return new long[] {
            Long.parseLong(fields[11]),
            Long.parseLong(fields[12]),
            Long.parseLong(fields[13]),
            Long.parseLong(fields[14])
        };
    }
}
