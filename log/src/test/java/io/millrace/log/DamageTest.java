package io.millrace.log;

import static io.millrace.log.Records.FIRST;
import static io.millrace.log.Records.all;
import static io.millrace.log.Records.append;
import static io.millrace.log.Records.flip;
import static io.millrace.log.Records.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.Reading.Damaged;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage to what was on disk and acknowledged: told with its place, by readers and by verify, and read past. */
class DamageTest {
    @TempDir
    Path folder;

    /** Chunks at 0, 4, 12 and 16. */
    @BeforeEach
    void write() throws Exception {
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "aaa");
            append(writer, "bbb", "BBB");
            append(writer, "ccc");
            append(writer, "ddd");
        }
    }

    private Log open() throws Exception {
        return Log.openForWriting(folder, LogOptions.DEFAULTS, InstantSource.system(), new Events());
    }

    private Log reading() throws Exception {
        return Log.openForReading(folder, LogOptions.DEFAULTS, InstantSource.system());
    }

    private Path data() {
        return Records.data(folder, FIRST, 0);
    }

    private Path index() {
        return Records.index(folder, FIRST, 0);
    }

    /** As fuzzing found it: the tests' heap is smaller than what the entry claims. */
    @Test
    void anIndexEntryThatClaimsGigabytesIsDamageAndCostsNoMemory() throws Exception {
        rewrite(0, 0, Integer.MAX_VALUE);
        try (Log log = reading()) {
            assertThat(all(log, FIRST)).containsExactly("!0+4", "bbb", "BBB", "ccc", "ddd");
            assertThat(log.verify(FIRST).sound()).isFalse();
        }
    }

    /** As fuzzing found it: the reader could go no further. */
    @Test
    void anIndexEntryThatReachesIntoTheNextChunkIsDamageAndTheNextChunkIsRead() throws Exception {
        rewrite(1, 4, 10);
        try (Log log = reading()) {
            assertThat(all(log, FIRST)).containsExactly("aaa", "!4+8", "ccc", "ddd");
        }
    }

    private void rewrite(int at, long offset, int length) throws Exception {
        ByteBuffer entry = ByteBuffer.allocate(IndexEntry.BYTES);
        IndexEntry.put(entry, new CRC32C(), true, 0, offset, offset, 1, 0, 0, length, 1, 0);
        try (FileChannel index = FileChannel.open(index(), StandardOpenOption.WRITE)) {
            index.write(entry.flip(), (long) at * IndexEntry.BYTES);
        }
    }

    @Test
    void aDamagedChunkIsHandedOutAsSuchWithItsBytesAndCount() throws Exception {
        flip(data(), 6);
        try (Log log = reading();
                PartitionReader reader = log.reader(FIRST, new Start.At(4))) {
            Damaged damaged = (Damaged) reader.next(100, Duration.ZERO);
            assertThat(damaged.damage().offset()).isEqualTo(4);
            assertThat(damaged.damage().length()).isEqualTo(8);
            assertThat(damaged.damage().records()).isEqualTo(2);
            assertThat(damaged.damage().reason()).contains("CRC-32C");
            assertThat(new String(damaged.bytes(), StandardCharsets.UTF_8)).isEqualTo("bbr\nBBB\n");
            assertThat(Records.rest(reader, 100)).containsExactly("ccc", "ddd");
        }
    }

    @Test
    void readingGoesOnAfterTheDamageWhateverTheSizeAsked() throws Exception {
        flip(data(), 6);
        try (Log log = reading()) {
            for (int maxBytes : List.of(1, 4, 5, 20, 1000)) {
                assertThat(all(log, FIRST, new Start.Earliest(), maxBytes))
                        .containsExactly("aaa", "!4+8", "ccc", "ddd");
            }
            assertThat(log.verify(FIRST).damages())
                    .singleElement()
                    .satisfies(damage -> assertThat(damage.offset()).isEqualTo(4));
            assertThat(log.verify(FIRST).records()).isEqualTo(3);
        }
    }

    @Test
    void resumedInsideADamagedChunkTheRestOfItIsTold() throws Exception {
        flip(data(), 5);
        try (Log log = reading()) {
            assertThat(all(log, FIRST, new Start.At(8), 100)).containsExactly("!8+4", "ccc", "ddd");
        }
    }

    @Test
    void damagedIndexEntriesAreReadPastByTheNextSoundOne() throws Exception {
        flip(index(), IndexEntry.BYTES + 9);
        flip(index(), 2 * IndexEntry.BYTES + 50);
        try (Log log = reading()) {
            assertThat(all(log, FIRST)).containsExactly("aaa", "!4+12", "ddd");
            assertThat(log.verify(FIRST).damages())
                    .containsExactly(new Damage(FIRST, 4, 12, -1, "index entries have checksums that do not match"));
            assertThat(log.describe(FIRST).records()).isEqualTo(2);
        }
    }

    @Test
    void aDamagedFirstEntryIsFoundFromAnyStart() throws Exception {
        flip(index(), 1);
        try (Log log = reading()) {
            assertThat(all(log, FIRST)).containsExactly("!0+4", "bbb", "BBB", "ccc", "ddd");
            assertThat(all(log, FIRST, new Start.At(4), 10)).containsExactly("bbb", "BBB", "ccc", "ddd");
        }
    }

    @Test
    void aWrongCountIsFoundByVerify() throws Exception {
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1)) {
            writer.append(0, "c", null, Lines.of("one\ntwo\n".getBytes(StandardCharsets.UTF_8), 3));
            assertThat(log.verify(FIRST).damages())
                    .containsExactly(new Damage(FIRST, 20, 8, 3, "the index says 3 records, there are 2 lines"));
        }
    }

    @Test
    void aDamagedLastEntryIsToldWhileTheLogIsWrittenAndReadPast() throws Exception {
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1)) {
            flip(index(), 3 * IndexEntry.BYTES + 7);
            try (PartitionReader reader = log.reader(FIRST, new Start.Earliest());
                    Log reading = reading();
                    PartitionReader other = reading.reader(FIRST, new Start.Earliest())) {
                assertThat(Records.rest(reader, 100)).containsExactly("aaa", "bbb", "BBB", "ccc", "!16+4");
                // To another process the entry may be about to be written.
                assertThat(Records.rest(other, 100)).containsExactly("aaa", "bbb", "BBB", "ccc");
                append(writer, "eee");
                append(writer, "fff");
                assertThat(Records.rest(reader, 100)).containsExactly("eee", "fff");
                assertThat(Records.rest(other, 100)).containsExactly("!16+4", "eee", "fff");
            }
        }
    }

    @Test
    void segmentsThatLostTheirDataOrTheirIndexAreToldAsDamage() throws Exception {
        try (Log log = Log.openForWriting(
                        folder, LogOptions.DEFAULTS.withSegmentBytes(1), InstantSource.system(), new Events());
                StreamWriter writer = log.writer("s", 1)) {
            append(writer, "eee");
            append(writer, "fff");
            append(writer, "ggg");
            Files.delete(Records.index(folder, FIRST, 20));
            Files.delete(Records.data(folder, FIRST, 24));
            Files.delete(Records.index(folder, FIRST, 24));
            Path first = Records.data(folder, FIRST, 0);
            Files.write(first, Arrays.copyOf(Files.readAllBytes(first), 18));
            assertThat(all(log, FIRST)).containsExactly("aaa", "bbb", "BBB", "ccc", "!16+4", "!20+4", "!24+4", "ggg");
            assertThat(log.verify(FIRST).damages()).hasSize(3);
        }
    }

    @Test
    void bitFlipsAnywhereNeverMakeAReaderHandOutWhatWasNotWritten() throws Exception {
        byte[] data = Files.readAllBytes(data());
        byte[] index = Files.readAllBytes(index());
        List<String> written = List.of("aaa", "bbb", "BBB", "ccc", "ddd");
        try (Log log = reading()) {
            for (int bit = 0; bit < 8 * data.length; bit++) {
                byte[] flipped = data.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(data(), flipped);
                List<String> found = all(log, FIRST);
                assertThat(found).filteredOn(r -> r.startsWith("!")).hasSize(1);
                assertThat(written)
                        .containsSubsequence(
                                found.stream().filter(r -> !r.startsWith("!")).toList());
            }
            Files.write(data(), data);
            for (int bit = 0; bit < 8 * index.length; bit++) {
                byte[] flipped = index.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(index(), flipped);
                List<String> found = all(log, FIRST);
                assertThat(written)
                        .containsSubsequence(
                                found.stream().filter(r -> !r.startsWith("!")).toList());
                assertThat(found).hasSizeGreaterThanOrEqualTo(4).isNotEqualTo(written);
            }
        }
    }

    @Test
    void recordsBlankedInPlaceWithTheChecksumOfTheirChunkAreSound() throws Exception {
        // What an erasure will do: the layout allows it.
        byte[] data = Files.readAllBytes(data());
        Arrays.fill(data, 4, 7, (byte) ' ');
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(data, 4, 8);
        byte[] index = Files.readAllBytes(index());
        java.nio.ByteBuffer entry = java.nio.ByteBuffer.wrap(index, 64, 64).slice();
        entry.putInt(4, (int) crc.getValue());
        crc.reset();
        crc.update(index, 64, 60);
        entry.putInt(60, (int) crc.getValue());
        Files.write(data(), data);
        Files.write(index(), index);
        try (Log log = reading()) {
            assertThat(all(log, FIRST)).containsExactly("aaa", "   ", "BBB", "ccc", "ddd");
            assertThat(log.verify(FIRST).sound()).isTrue();
        }
    }

    @Test
    void aClientWhoseNameIsDamagedIsToldByItsNumberAndItsNumberIsNotGivenAgain() throws Exception {
        flip(folder.resolve("s/0.clients"), 3);
        try (Log log = open();
                StreamWriter writer = log.writer("s", 1);
                PartitionReader reader = log.reader(FIRST, new Start.Earliest())) {
            writer.append(0, "d", null, lines("eee"));
            Stretch stretch = (Stretch) reader.next(1000, Duration.ZERO);
            assertThat(stretch.client(0)).isEqualTo("client 1");
            assertThat(stretch.client(stretch.chunks() - 1)).isEqualTo("d");
        }
    }
}
