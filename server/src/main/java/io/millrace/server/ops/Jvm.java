package io.millrace.server.ops;

import io.millrace.server.ops.Metric.Kind;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What there is to say of the Java process, by the names of OpenTelemetry's semantic conventions. */
final class Jvm {

    private Jvm() {}

    static List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(memory("jvm.memory.used", "Memory in use.", MemoryUsage::getUsed));
        metrics.add(memory("jvm.memory.committed", "Memory that the system has granted.", MemoryUsage::getCommitted));
        metrics.add(memory("jvm.memory.limit", "The most memory that a pool may take.", MemoryUsage::getMax));
        List<Metric.Point> collections = new ArrayList<>();
        List<Metric.Point> pauses = new ArrayList<>();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            Map<String, String> labels = Map.of("jvm.gc.name", collector.getName());
            collections.add(Metric.point(labels, Math.max(0, collector.getCollectionCount())));
            pauses.add(Metric.point(labels, Math.max(0, collector.getCollectionTime()) / 1e3));
        }
        metrics.add(new Metric(
                "millrace.jvm.gc.collections", "{collection}", "Garbage collections.", Kind.COUNTER, collections));
        metrics.add(
                new Metric("millrace.jvm.gc.time", "s", "Time spent in garbage collections.", Kind.COUNTER, pauses));
        metrics.add(one(
                "jvm.thread.count",
                "{thread}",
                "Platform threads.",
                Kind.GAUGE,
                ManagementFactory.getThreadMXBean().getThreadCount()));
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        metrics.add(one("jvm.class.count", "{class}", "Loaded classes.", Kind.GAUGE, classes.getLoadedClassCount()));
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        metrics.add(one("jvm.cpu.count", "{cpu}", "Processors.", Kind.GAUGE, system.getAvailableProcessors()));
        if (system instanceof com.sun.management.OperatingSystemMXBean sun) {
            metrics.add(new Metric(
                    "jvm.cpu.time",
                    "s",
                    "Processor time of the process.",
                    Kind.COUNTER,
                    List.of(Metric.point(Map.of(), Math.max(0, sun.getProcessCpuTime()) / 1e9))));
        }
        return metrics;
    }

    private static Metric one(String name, String unit, String description, Kind kind, long value) {
        return new Metric(name, unit, description, kind, List.of(Metric.point(Map.of(), value)));
    }

    private static Metric memory(String name, String description, ToLongFunction<MemoryUsage> of) {
        List<Metric.Point> points = new ArrayList<>();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getUsage();
            // A pool without a limit says -1.
            if (usage != null && of.applyAsLong(usage) >= 0) {
                points.add(Metric.point(
                        Map.of(
                                "jvm.memory.pool.name",
                                pool.getName(),
                                "jvm.memory.type",
                                pool.getType() == MemoryType.HEAP ? "heap" : "non_heap"),
                        of.applyAsLong(usage)));
            }
        }
        return new Metric(name, "By", description, Kind.GAUGE, points);
    }
}
