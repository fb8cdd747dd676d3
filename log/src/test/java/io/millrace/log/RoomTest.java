package io.millrace.log;

import static io.millrace.log.Records.FIRST;
import static io.millrace.log.Records.all;
import static io.millrace.log.Records.append;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Room at the end of files that are appended to: nobody sees it, and no crash makes a torn tail or a record of it. */
class RoomTest {

    private static final int RECORDS = 400;

    private static Log open(Path folder, Events events) throws IOException {
        return Log.openForWriting(folder, LogOptions.DEFAULTS, InstantSource.system(), events);
    }

    private static Log reading(Path folder) throws IOException {
        return Log.openForReading(folder, LogOptions.DEFAULTS, InstantSource.system());
    }

    private static String record(int number) {
        return number + "-" + "x".repeat(300);
    }

    /** Enough for room in both files. */
    private static List<String> fill(StreamWriter writer) throws Exception {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            records.add(record(i));
            append(writer, record(i));
        }
        return records;
    }

    private static long bytes(List<String> records) {
        return records.stream().mapToLong(record -> record.length() + 1).sum();
    }

    /** What a crash at this moment leaves. */
    private static Path copy(Path folder, Path to) throws IOException {
        Files.createDirectories(FIRST.in(to));
        Files.copy(folder.resolve("log.id"), to.resolve("log.id"));
        Files.copy(Records.data(folder, FIRST, 0), Records.data(to, FIRST, 0));
        Files.copy(Records.index(folder, FIRST, 0), Records.index(to, FIRST, 0));
        return to;
    }

    private static List<String> and(List<String> records, String... more) {
        List<String> all = new ArrayList<>(records);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void aFileThatIsAppendedToHasRoomThatNobodySees(@TempDir(factory = Folders.class) Path folder) throws Exception {
        Path data = Records.data(folder, FIRST, 0);
        List<String> records;
        try (Log log = open(folder, new Events());
                StreamWriter writer = log.writer("s", 1);
                Log another = reading(folder)) {
            Backlog backlog = another.backlog(FIRST);
            records = fill(writer);
            assertThat(Files.size(data)).isGreaterThan(bytes(records));
            assertThat(Files.readAllLines(data).stream().filter(line -> !line.isEmpty()))
                    .isEqualTo(records);
            assertThat(Files.size(Records.index(folder, FIRST, 0))).isGreaterThan(RECORDS * (long) IndexEntry.BYTES);
            for (Log any : List.of(log, another)) {
                assertThat(all(any, FIRST)).isEqualTo(records);
                assertThat(any.describe(FIRST).bytes()).isEqualTo(bytes(records));
                assertThat(any.verify(FIRST).damages()).isEmpty();
            }
            assertThat(backlog.after(0))
                    .extracting(Backlog.Size::records, Backlog.Size::bytes)
                    .containsExactly((long) RECORDS, bytes(records));
            try (PartitionReader reader = another.reader(FIRST, new Start.Earliest())) {
                assertThat(Records.rest(reader, 1 << 20)).isEqualTo(records);
                append(writer, "one more");
                append(writer, "and more");
                assertThat(Records.rest(reader, 1 << 20)).containsExactly("one more", "and more");
            }
            assertThat(backlog.after(bytes(records)).records()).isEqualTo(2);
        }
        assertThat(Files.readString(data)).isEqualTo(String.join("\n", and(records, "one more", "and more")) + "\n");
        assertThat(Files.size(Records.index(folder, FIRST, 0))).isEqualTo((RECORDS + 2) * (long) IndexEntry.BYTES);
    }

    @Test
    void theRoomThatAKilledProcessLeavesIsNoTornTail(@TempDir(factory = Folders.class) Path folder) throws Exception {
        try (Log log = open(folder.resolve("a"), new Events());
                StreamWriter writer = log.writer("s", 1)) {
            List<String> records = fill(writer);
            Path left = copy(folder.resolve("a"), folder.resolve("b"));
            try (Log alone = reading(left)) {
                assertThat(all(alone, FIRST)).isEqualTo(records);
            }
            Events events = new Events();
            try (Log again = open(left, events);
                    StreamWriter more = again.writer("s", 1)) {
                assertThat(append(more, "after")).isEqualTo(bytes(records));
                assertThat(all(again, FIRST)).isEqualTo(and(records, "after"));
            }
            assertThat(events.of(LogEvent.TornTail.class)).isEmpty();
        }
    }

    @Property(tries = 40)
    void aGroupTornInsideTheRoomIsCutAndWhatWasAcknowledgedStays(
            @ForAll @IntRange(max = 306) int dataLeft,
            @ForAll @IntRange(max = 63) int indexLeft,
            @ForAll boolean zerosInData)
            throws Exception {
        Path folder = Folders.create();
        try {
            List<String> records;
            Path left;
            try (Log log = open(folder.resolve("a"), new Events());
                    StreamWriter writer = log.writer("s", 1)) {
                records = fill(writer);
                left = copy(folder.resolve("a"), folder.resolve("b"));
            }
            // The last append was under way: a part of it is there, and room where the rest was to be.
            int last = records.getLast().length() + 1;
            blank(Records.data(left, FIRST, 0), bytes(records) - last + dataLeft, zerosInData ? 0 : '\n');
            blank(Records.index(left, FIRST, 0), (RECORDS - 1L) * IndexEntry.BYTES + indexLeft, 0);
            List<String> sure = records.subList(0, RECORDS - 1);
            Events events = new Events();
            try (Log again = open(left, events);
                    StreamWriter more = again.writer("s", 1)) {
                assertThat(append(more, "after")).isEqualTo(bytes(sure));
                assertThat(all(again, FIRST)).isEqualTo(and(sure, "after"));
                assertThat(again.verify(FIRST).damages()).isEmpty();
            }
            assertThat(events.of(LogEvent.TornTail.class)).hasSize(dataLeft == 0 && indexLeft == 0 ? 0 : 1);
        } finally {
            Folders.delete(folder);
        }
    }

    /** Overwrites all from a byte on. */
    private static void blank(Path file, long from, int with) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, (int) from, bytes.length, (byte) with);
        Files.write(file, bytes);
    }

    @Test
    void roomThatWasNotTakenBackWhenASegmentEndedIsNoDamage(@TempDir(factory = Folders.class) Path folder)
            throws Exception {
        List<String> records;
        try (Log log = open(folder, new Events());
                StreamWriter writer = log.writer("s", 1)) {
            records = fill(writer);
        }
        byte[] room = new byte[100_000];
        Files.write(Records.index(folder, FIRST, 0), room, java.nio.file.StandardOpenOption.APPEND);
        Arrays.fill(room, (byte) '\n');
        Files.write(Records.data(folder, FIRST, 0), room, java.nio.file.StandardOpenOption.APPEND);
        Files.createFile(Records.index(folder, FIRST, bytes(records)));
        Files.createFile(Records.data(folder, FIRST, bytes(records)));
        try (Log log = open(folder, new Events());
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "after");
            assertThat(all(log, FIRST)).isEqualTo(and(records, "after"));
            assertThat(log.verify(FIRST).damages()).isEmpty();
            assertThat(log.describe(FIRST).segments())
                    .extracting(SegmentInfo::bytes)
                    .containsExactly(bytes(records), 6L);
        }
    }

    @Test
    void whereThereIsNoSpaceForRoomAppendsGoOnWithoutIt(@TempDir(factory = Folders.class) Path folder)
            throws Exception {
        ChannelOpener noRoom = (path, options) -> new ForwardingChannel(FileChannel.open(path, options)) {
            @Override
            public int write(ByteBuffer source, long position) throws IOException {
                if (source.remaining() >= 4 << 10) {
                    throw new IOException("No space left on device");
                }
                return super.write(source, position);
            }
        };
        Events events = new Events();
        try (Log log = Log.openForWriting(folder, LogOptions.DEFAULTS, InstantSource.system(), events, noRoom);
                StreamWriter writer = log.writer("s", 1)) {
            List<String> records = fill(writer);
            assertThat(Files.readString(Records.data(folder, FIRST, 0), StandardCharsets.UTF_8))
                    .isEqualTo(String.join("\n", records) + "\n");
            assertThat(all(log, FIRST)).isEqualTo(records);
        }
        assertThat(events.of(LogEvent.WriteFailed.class)).isEmpty();
    }
}
