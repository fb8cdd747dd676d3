package io.millrace.fuzz;

import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.PartitionName;
import io.millrace.log.PartitionReader;
import io.millrace.log.Reading;
import io.millrace.log.Start;
import io.millrace.log.Stretch;
import io.millrace.log.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Any bytes as a segment and its index: the reader gives what is sound and says what is damaged, and comes to an end.
 *
 * <pre>
 *   0  mode     1: entries of the index get a right magic number and checksum; 2: those of the data, too
 *   1  length   of the data, up to 255 bytes
 *   2  data, then the index
 * </pre>
 */
public final class LogTarget {

    private static final int ENTRY = 64;
    private static final PartitionName PARTITION = new PartitionName("s", 0, 0);
    /** More than the bytes could ever make, and the reader goes in circles. */
    private static final int MAX_READINGS = 10_000;

    private static final Path FOLDER = Scratch.folder().resolve("log");
    private static final Log LOG;

    static {
        try {
            Log.openForWriting(FOLDER, LogOptions.DEFAULTS, InstantSource.system(), event -> {})
                    .close();
            Files.createDirectories(FOLDER.resolve("s/0-0"));
            LOG = Log.openForReading(FOLDER, LogOptions.DEFAULTS, InstantSource.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LogTarget() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException, InterruptedException {
        if (input.length < 2) {
            return;
        }
        int data = Math.min(input[1] & 0xff, input.length - 2);
        byte[] segment = Arrays.copyOfRange(input, 2, 2 + data);
        byte[] index = Arrays.copyOfRange(input, 2 + data, input.length);
        if ((input[0] & 1) != 0) {
            sign(index, segment, (input[0] & 2) != 0);
        }
        Path partition = FOLDER.resolve("s/0-0");
        String name = "00000000000000000000";
        Files.write(partition.resolve(name + ".ndjson"), segment);
        Files.write(partition.resolve(name + ".index"), index);
        Verification verification = LOG.verify(PARTITION);
        check(verification.records() >= 0 && verification.bytes() <= segment.length, "more than there is");
        LOG.describe(PARTITION);
        read(segment.length);
    }

    private static void read(int length) throws IOException, InterruptedException {
        long sound = 0;
        try (PartitionReader reader = LOG.reader(PARTITION, new Start.Earliest())) {
            for (int i = 0; i < MAX_READINGS; i++) {
                Reading reading = reader.next(1 << 16, Duration.ZERO);
                if (reading instanceof Reading.Idle) {
                    check(sound <= length, "more than there is");
                    return;
                }
                if (reading instanceof Reading.Damaged damaged) {
                    check(!damaged.damage().reason().isEmpty(), "damage without a reason");
                } else if (reading instanceof Stretch stretch) {
                    sound += stretch.to() - stretch.from();
                    for (int chunk = 0; chunk < stretch.chunks(); chunk++) {
                        stretch.client(chunk);
                    }
                }
            }
        }
        throw new AssertionError("the reader comes to no end");
    }

    /** Makes entries sound, so that what they say is believed. */
    private static void sign(byte[] index, byte[] segment, boolean dataToo) {
        CRC32C crc = new CRC32C();
        for (int from = 0; from + ENTRY <= index.length; from += ENTRY) {
            ByteBuffer entry = ByteBuffer.wrap(index, from, ENTRY).slice();
            entry.putInt(0, ('M' << 24) | ('L' << 16) | ('1' << 8) | (entry.get(3) & 1));
            long offset = entry.getLong(8);
            int length = entry.getInt(48);
            if (dataToo && offset >= 0 && length >= 0 && offset <= segment.length - (long) length) {
                crc.reset();
                crc.update(segment, (int) offset, length);
                entry.putInt(4, (int) crc.getValue());
            }
            crc.reset();
            crc.update(index, from, ENTRY - Integer.BYTES);
            entry.putInt(ENTRY - Integer.BYTES, (int) crc.getValue());
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
