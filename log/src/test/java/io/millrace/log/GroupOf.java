package io.millrace.log;

import static io.millrace.log.Records.lines;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;

/** Makes appends wait for each other, so that they are one group. */
final class GroupOf {
    private GroupOf() {}

    /** Appends {@code x}, and while that is forced each of the records, as a chunk of its own, in this order. */
    static void chunks(BrakedDisk disk, StreamWriter writer, String... records) throws InterruptedException {
        disk.hold();
        List<Thread> threads = new ArrayList<>();
        threads.add(later(writer, "x"));
        disk.awaitHeld();
        for (String record : records) {
            Thread thread = later(writer, record);
            threads.add(thread);
            await().until(() -> thread.getState() == Thread.State.WAITING);
        }
        disk.release();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static Thread later(StreamWriter writer, String record) {
        return Thread.ofPlatform().start(() -> {
            try {
                writer.append(0, "c", "key of " + record, lines(record));
            } catch (LogException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }
}
