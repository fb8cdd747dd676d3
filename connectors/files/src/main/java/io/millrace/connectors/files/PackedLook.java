package io.millrace.connectors.files;

import io.millrace.formats.Compression;
import io.millrace.formats.DamagedInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Looks into compressed files for what was read when it was not compressed yet. That takes unpacking, so it is done only
 * where the names already say that it is likely, and once: the offsets that follow have the compressed file's checksums.
 */
final class PackedLook {
    private PackedLook() {}

    /** Whether the unpacked bytes are those that a lineage was read from, at every offset of it. */
    static boolean holds(FoundFile file, Compression packing, Lineage lineage) throws IOException {
        List<FileOffset> offsets = lineage.offsets().values().stream()
                .sorted(Comparator.comparingLong(FileOffset::position))
                .toList();
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ);
                InputWindow window =
                        new InputWindow(new ByteInput.Unpacked(channel, packing), 0, Sizes.BUFFER, Sizes.BUFFER)) {
            for (FileOffset offset : offsets) {
                while (window.positionOf(window.filled()) < offset.position()) {
                    window.take(window.filled());
                    if (!window.fill(Sizes.BUFFER)) {
                        return false;
                    }
                }
                window.take(window.indexOf(offset.position()));
                if (window.fingerprint() != offset.check()) {
                    return false;
                }
            }
            return true;
        } catch (DamagedInputException e) {
            // Not all of it is there: it may be being written. Reading it will say so if it is still like that.
            return false;
        }
    }

    /** Whether a compressed file begins as a plain one does, as far as a window reaches or as much of it as is there. */
    static boolean beginsAs(FoundFile packed, Compression packing, FoundFile plain) throws IOException {
        byte[] bytes = new byte[Fingerprint.WINDOW];
        int length;
        try (FileChannel channel = FileChannel.open(plain.path(), StandardOpenOption.READ)) {
            length = Probe.read(channel, bytes, bytes.length, 0);
        }
        try (FileChannel channel = FileChannel.open(packed.path(), StandardOpenOption.READ);
                InputWindow window =
                        new InputWindow(new ByteInput.Unpacked(channel, packing), 0, length, Fingerprint.WINDOW)) {
            try {
                boolean more = true;
                while (more && window.filled() < length) {
                    more = window.fill(length - window.filled());
                }
            } catch (DamagedInputException e) {
                // It is being written just now: what there is of it is compared.
                return Arrays.equals(bytes, 0, window.filled(), window.bytes(), 0, window.filled());
            }
            return window.filled() == length && Arrays.equals(bytes, 0, length, window.bytes(), 0, length);
        }
    }
}
