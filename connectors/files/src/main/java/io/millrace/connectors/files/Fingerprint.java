package io.millrace.connectors.files;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Checksums that tell an appended file from a replaced one.
 *
 * <p>{@link #of} covers the last bytes before an offset. It is made for every batch, so it is two cyclic redundancy
 * checks of different polynomials, both done by the processor, rather than a cryptographic hash: content differs by
 * accident here, not by attack.
 *
 * <p>{@link #head} covers the first bytes of a file at the ends of its first lines, so that a file that is shorter than
 * what was read of it can be told to be a beginning of it or something else.
 */
final class Fingerprint {
    /** How many bytes before an offset, and at the head of a file, are covered. */
    static final int WINDOW = 4096;

    private Fingerprint() {}

    /** The checksum of {@code bytes[from..to)}. */
    static long of(byte[] bytes, int from, int to) {
        CRC32C castagnoli = new CRC32C();
        castagnoli.update(bytes, from, to - from);
        CRC32 ieee = new CRC32();
        ieee.update(bytes, from, to - from);
        return castagnoli.getValue() << 32 | ieee.getValue();
    }

    /** What a head says about a shorter file. */
    enum Verdict {
        /** Every line of it that can be checked is what it was. */
        SAME,
        DIFFERENT,
        /** It is shorter than its first line: nothing can be checked. */
        UNKNOWN
    }

    /**
     * The checksums of the beginning of a file.
     *
     * @param read the first bytes of what was read of the file
     * @param length how many there are, at most {@link #WINDOW}
     */
    static String head(byte[] read, int length) {
        Lines lines = Lines.of(read, length);
        StringBuilder text = new StringBuilder();
        lines.marks.forEach(mark -> text.append(hex(mark)));
        if (length == WINDOW) {
            text.append('.').append(hex(lines.all));
        } else if (lines.restIsMarked) {
            text.append(hex(lines.all));
        }
        return text.toString();
    }

    /**
     * Compares a file that is shorter than what was read of it with what {@link #head} said then.
     *
     * @param now the first bytes of the file
     * @param length how many there are: {@link #WINDOW}, or fewer where the file has no more
     */
    static Verdict compare(String head, byte[] now, int length) {
        int point = head.indexOf('.');
        Lines lines = Lines.of(now, length);
        if (length == WINDOW && point >= 0) {
            return head.substring(point + 1).equals(hex(lines.all)) ? Verdict.SAME : Verdict.DIFFERENT;
        }
        String marks = point >= 0 ? head.substring(0, point) : head;
        boolean verified = false;
        int at = 0;
        for (int mark : lines.marks) {
            if (at == marks.length()) {
                // The split that keeps the head had not read on; what others read is checked by their offsets.
                break;
            }
            if (!marks.startsWith(hex(mark), at)) {
                return Verdict.DIFFERENT;
            }
            verified = true;
            at += DIGITS;
        }
        // A last line without a newline is either a whole line that lost it, or a part of one that no mark is for.
        if (lines.restIsMarked && marks.startsWith(hex(lines.all), at)) {
            verified = true;
        }
        return verified ? Verdict.SAME : Verdict.UNKNOWN;
    }

    private static final int DIGITS = 6;

    private static String hex(int mark) {
        return HexFormat.of().toHexDigits(mark, DIGITS);
    }

    /**
     * Checksums of everything before the end of line 1, 2, ... 8, 16, 32, 64 and so on, newlines at the end left out.
     *
     * @param marks of the lines that end in a newline
     * @param restIsMarked whether bytes follow the last newline, and their line is one of those that get a mark
     * @param all the checksum of all bytes
     */
    private record Lines(List<Integer> marks, boolean restIsMarked, int all) {
        static Lines of(byte[] bytes, int length) {
            CRC32C crc = new CRC32C();
            List<Integer> marks = new ArrayList<>();
            int line = 1;
            int covered = 0;
            for (int i = 0; i < length; i++) {
                if (bytes[i] == '\n') {
                    if (isMarked(line)) {
                        crc.update(bytes, covered, i - covered);
                        covered = i;
                        marks.add(value(crc));
                    }
                    line++;
                }
            }
            crc.update(bytes, covered, length - covered);
            boolean rest = length > 0 && bytes[length - 1] != '\n';
            return new Lines(marks, rest && isMarked(line), value(crc));
        }

        private static boolean isMarked(int line) {
            return line <= 8 || Integer.bitCount(line) == 1;
        }

        private static int value(CRC32C crc) {
            return (int) crc.getValue() & 0xffffff;
        }
    }
}
