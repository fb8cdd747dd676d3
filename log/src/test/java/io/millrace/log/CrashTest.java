package io.millrace.log;

import static io.millrace.log.Records.FIRST;
import static io.millrace.log.Records.all;
import static io.millrace.log.Records.append;
import static io.millrace.log.Records.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there when a log is opened again after its last segment's files were cut or garbled at any byte. */
class CrashTest {
    private static final LogOptions OPTIONS = LogOptions.DEFAULTS;

    /** A log of groups of one append each, with where each ends. */
    private record Written(byte[] data, byte[] index, List<String> records, List<Integer> ends) {
        /** The records of the appends that end at or before a byte. */
        List<String> upTo(long byteOfData) {
            return records.subList(
                    0, (int) ends.stream().filter(end -> end <= byteOfData).count());
        }
    }

    private static Log open(Path folder, Events events) throws IOException {
        return Log.openForWriting(folder, OPTIONS, InstantSource.system(), events);
    }

    private static Written write(Path folder, List<Integer> lengths) throws Exception {
        List<String> records = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        try (Log log = open(folder, new Events());
                StreamWriter writer = log.writer("s", 1)) {
            for (int length : lengths) {
                String record = records.size() + "x".repeat(length);
                int at = (int) append(writer, record);
                records.add(record);
                ends.add(at + record.length() + 1);
            }
        }
        return new Written(
                Files.readAllBytes(Records.data(folder, FIRST, 0)),
                Files.readAllBytes(Records.index(folder, FIRST, 0)),
                records,
                ends);
    }

    /** Puts the files in place as a crash may have left them, opens the log, and appends to it. */
    private static List<String> reopen(Path folder, byte[] data, byte[] index, Events events) throws Exception {
        deleteKept(folder);
        Files.write(Records.data(folder, FIRST, 0), data);
        Files.write(Records.index(folder, FIRST, 0), index);
        try (Log log = open(folder, events);
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "after");
            List<String> found = all(log, FIRST);
            long bytes = Files.size(Records.data(folder, FIRST, 0));
            assertThat(log.describe(FIRST).bytes()).isEqualTo(bytes);
            return found;
        }
    }

    private static List<Path> kept(Path folder) throws IOException {
        try (var files = Files.list(FIRST.in(folder))) {
            return files.filter(f -> f.toString().contains(".torn")).sorted().toList();
        }
    }

    private static void deleteKept(Path folder) throws IOException {
        for (Path file : kept(folder)) {
            Files.delete(file);
        }
    }

    private static List<String> andAfter(List<String> records) {
        List<String> all = new ArrayList<>(records);
        all.add("after");
        return all;
    }

    @Test
    void dataCutAtAnyByteLoseNoWholeChunk(@TempDir(factory = Folders.class) Path folder) throws Exception {
        Written written = write(folder, List.of(3, 0, 40, 7));
        for (int cut = 0; cut < written.data.length; cut++) {
            Events events = new Events();
            List<String> found = reopen(folder, Arrays.copyOf(written.data, cut), written.index, events);
            assertThat(found).as("cut at %d", cut).isEqualTo(andAfter(written.upTo(cut)));
            assertThat(events.of(LogEvent.TornTail.class)).hasSize(1);
        }
    }

    @Test
    void anIndexCutAtAnyByteLosesNoWholeEntry(@TempDir(factory = Folders.class) Path folder) throws Exception {
        Written written = write(folder, List.of(3, 0, 40));
        for (int cut = 0; cut < written.index.length; cut++) {
            Events events = new Events();
            List<String> found = reopen(folder, written.data, Arrays.copyOf(written.index, cut), events);
            int entries = cut / IndexEntry.BYTES;
            assertThat(found).as("cut at %d", cut).isEqualTo(andAfter(written.records.subList(0, entries)));
            assertThat(events.of(LogEvent.TornTail.class)).hasSize(1);
        }
    }

    @Test
    void whatIsCutOffIsKeptInFilesNamedByTheOffset(@TempDir(factory = Folders.class) Path folder) throws Exception {
        Written written = write(folder, List.of(3, 4));
        byte[] torn = Arrays.copyOf(written.data, written.data.length - 2);
        Events events = new Events();
        reopen(folder, torn, written.index, events);
        Path data = FIRST.in(folder).resolve("00000000000000000005.torn");
        Path index = FIRST.in(folder).resolve("00000000000000000005.torn-index");
        assertThat(kept(folder)).containsExactly(data, index);
        assertThat(Files.readAllBytes(data)).isEqualTo(Arrays.copyOfRange(torn, 5, torn.length));
        assertThat(Files.readAllBytes(index)).isEqualTo(Arrays.copyOfRange(written.index, 64, 128));
        assertThat(events.of(LogEvent.TornTail.class)).singleElement().satisfies(tail -> {
            assertThat(tail.offset()).isEqualTo(5);
            assertThat(tail.bytes()).isEqualTo(4);
            assertThat(tail.indexBytes()).isEqualTo(64);
            assertThat(tail.keptIn()).containsExactly(data, index);
            assertThat(tail.reason()).isNotEmpty();
        });
    }

    @Test
    void aByteGarbledAnywhereInTheDataIsCutInTheLastGroupAndDamageBefore(@TempDir(factory = Folders.class) Path folder)
            throws Exception {
        Written written = write(folder, List.of(3, 0, 12));
        for (int at = 0; at < written.data.length; at++) {
            byte[] data = written.data.clone();
            data[at] ^= 1;
            List<String> found = reopen(folder, data, written.index, new Events());
            assertThat(found).as("garbled at %d", at).isEqualTo(andAfter(expected(written, at)));
        }
    }

    /** Sound chunks as they are, the garbled one as damage; nothing of it where it is the last. */
    private static List<String> expected(Written written, long garbled) {
        List<String> expected = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < written.records.size(); i++) {
            int end = written.ends.get(i);
            if (garbled < start || garbled >= end) {
                expected.add(written.records.get(i));
            } else if (i < written.records.size() - 1) {
                expected.add("!" + start + "+" + (end - start));
            }
            start = end;
        }
        return expected;
    }

    @Test
    void aByteGarbledAnywhereInTheIndexIsCutInTheLastGroupAndDamageBefore(@TempDir(factory = Folders.class) Path folder)
            throws Exception {
        Written written = write(folder, List.of(3, 0, 12));
        for (int at = 0; at < written.index.length; at++) {
            byte[] index = written.index.clone();
            index[at] ^= 1;
            int entry = at / IndexEntry.BYTES;
            List<String> found = reopen(folder, written.data, index, new Events());
            int inChunk = written.ends.get(entry) - 1;
            assertThat(found).as("garbled at %d", at).isEqualTo(andAfter(expected(written, inChunk)));
        }
    }

    @Test
    void aTornGroupOfSeveralChunksIsCutAtItsFirstTornChunk(@TempDir(factory = Folders.class) Path folder)
            throws Exception {
        BrakedDisk disk = new BrakedDisk();
        try (Log log = Log.openForWriting(folder, OPTIONS, InstantSource.system(), new Events(), disk);
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "0");
            GroupOf.chunks(disk, writer, "1", "2", "3", "4");
            assertThat(all(log, FIRST)).containsExactly("0", "x", "1", "2", "3", "4");
        }
        byte[] data = Files.readAllBytes(Records.data(folder, FIRST, 0));
        byte[] index = Files.readAllBytes(Records.index(folder, FIRST, 0));
        data[6] = 0; // in chunk "2": pages reach the disk in any order
        assertThat(reopen(folder, data, index, new Events())).containsExactly("0", "x", "1", "after");
        assertThat(kept(folder)).hasSize(2);
    }

    @Property(tries = 60)
    void anyCrashLeavesWhatWasAcknowledgedOnceInOrderAndNothingTorn(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 60) Integer> lengths,
            @ForAll @IntRange(max = 1000) int dataLeft,
            @ForAll @IntRange(max = 1000) int indexLeft,
            @ForAll @Size(max = 40) byte[] garbage)
            throws Exception {
        Path folder = Folders.create();
        try {
            Written written = write(folder, lengths);
            // The last append was under way: any part of its bytes may be there, and anything after them.
            int last = written.ends.size() < 2 ? 0 : written.ends.get(written.ends.size() - 2);
            int entries = (lengths.size() - 1) * IndexEntry.BYTES;
            byte[] data = join(Arrays.copyOf(written.data, part(last, written.data.length, dataLeft)), garbage);
            byte[] index = join(Arrays.copyOf(written.index, part(entries, written.index.length, indexLeft)), garbage);
            List<String> found = reopen(folder, data, index, new Events());
            boolean whole = dataLeft == 1000 && indexLeft == 1000;
            List<String> sure = written.records.subList(0, lengths.size() - (whole ? 0 : 1));
            assertThat(found).isEqualTo(andAfter(sure));
            assertThat(reopen(
                            folder,
                            Files.readAllBytes(Records.data(folder, FIRST, 0)),
                            Files.readAllBytes(Records.index(folder, FIRST, 0)),
                            new Events()))
                    .isEqualTo(andAfter(andAfter(sure)));
        } finally {
            Folders.delete(folder);
        }
    }

    private static int part(int from, int to, int thousandths) {
        return thousandths == 1000 ? to : from + (to - from) * thousandths / 1000;
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    @Test
    void aCrashWhileASegmentIsMadeLeavesAnIndexThatIsInNobodysWay(@TempDir(factory = Folders.class) Path folder)
            throws Exception {
        Written written = write(folder, List.of(3));
        Files.createFile(Records.index(folder, FIRST, written.data.length));
        try (Log log = Log.openForWriting(folder, OPTIONS.withSegmentBytes(1), InstantSource.system(), new Events());
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "after");
            assertThat(all(log, FIRST)).isEqualTo(andAfter(written.records));
        }
    }

    @Test
    void theNameOfAClientThatIsHalfWrittenIsCutOff(@TempDir(factory = Folders.class) Path folder) throws Exception {
        write(folder, List.of(3));
        Path names = folder.resolve("s/0.clients");
        Files.write(names, "2 0123".getBytes(StandardCharsets.UTF_8), java.nio.file.StandardOpenOption.APPEND);
        try (Log log = open(folder, new Events());
                StreamWriter writer = log.writer("s", 1)) {
            writer.append(0, "another one", null, lines("x"));
            assertThat(ClientNames.read(names))
                    .containsOnly(java.util.Map.entry(1, "c"), java.util.Map.entry(2, "another one"));
        }
    }
}
