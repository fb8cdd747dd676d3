package io.millrace.log;

import static io.millrace.log.Records.FIRST;
import static io.millrace.log.Records.all;
import static io.millrace.log.Records.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full: a small file system in memory. */
class FullDiskTest {

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void aFullDiskRefusesWhatDoesNotFitAndTakesMoreWhenThereIsSpace(@TempDir Path mountPoint) throws Exception {
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mountPoint.toString()) == 0;
        assumeTrue(mounted, "Mounting a small tmpfs is not permitted here");
        try {
            Path ballast = mountPoint.resolve("ballast");
            Files.write(ballast, new byte[1 << 20]);
            fillAndGoOn(mountPoint.resolve("log"), ballast);
        } finally {
            run("umount", "-l", mountPoint.toString());
        }
    }

    private static void fillAndGoOn(Path folder, Path ballast) throws Exception {
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger refused = new AtomicInteger();
        LogOptions options = LogOptions.DEFAULTS.withSegmentBytes(300_000);
        try (Log log = Log.openForWriting(folder, options, InstantSource.system(), new Events());
                StreamWriter writer = log.writer("s", 1)) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                String name = "thread " + t;
                threads.add(Thread.ofVirtual().start(() -> appendUntilRefused(writer, name, acknowledged, refused)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(refused).hasValue(8 * 20);
            assertThat(acknowledged).hasSizeGreaterThan(100);
            assertThat(all(log, FIRST)).containsExactlyInAnyOrderElementsOf(acknowledged);

            Files.delete(ballast);
            for (int i = 0; i < 100; i++) {
                writer.append(0, "c", null, lines("after " + i));
                acknowledged.add("after " + i);
            }
            assertThat(all(log, FIRST)).containsExactlyInAnyOrderElementsOf(acknowledged);
            assertThat(log.verify(FIRST).damages()).isEmpty();
        }
        try (Log log = Log.openForWriting(folder, options, InstantSource.system(), new Events());
                StreamWriter writer = log.writer("s", 1)) {
            assertThat(writer.append(0, "c", null, lines("reopened"))).isInstanceOf(AppendResult.Stored.class);
            acknowledged.add("reopened");
            assertThat(all(log, FIRST)).containsExactlyInAnyOrderElementsOf(acknowledged);
        }
    }

    private static void appendUntilRefused(
            StreamWriter writer, String name, List<String> acknowledged, AtomicInteger refused) {
        int refusals = 0;
        for (int i = 0; refusals < 20; i++) {
            String record = name + " record " + i + "x".repeat(i * 37 % 3000);
            try {
                writer.append(0, "c", null, lines(record));
                acknowledged.add(record);
            } catch (LogFullException e) {
                refusals++;
                refused.incrementAndGet();
            } catch (LogException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
