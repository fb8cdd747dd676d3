package io.millrace.connectors.files;

import io.millrace.api.Offset;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A position in a file, and what is needed to know the file again.
 *
 * <p>As text, with only those parts that there are:
 *
 * <pre>
 * 1048576+:9f2c0d1e2b3a4958:i0a1b2c3d:z5321.77aa66bb55cc44dd:s4096:hfe01ca...
 * |      | |                |         |                      |     checksums of the head (range 0 only)
 * |      | |                |         |                      bytes that an earlier generation had read
 * |      | |                |         compressed bytes that were read, their checksum; Z where that was all
 * |      | |                the file's identity on its disk
 * |      | checksum of the last bytes before the position
 * |      how the last line ended, see Ending
 * byte (unpacked) after the last record
 * </pre>
 *
 * @param position the byte after the last record; of the unpacked bytes where the file is compressed
 * @param ending how the input ended at the position
 * @param check the {@link Fingerprint} of the bytes before the position
 * @param identity a checksum of what the file system calls the file, which stays when the file is renamed
 * @param packed where a compressed file stood; null for a plain file
 * @param skip everything before this byte was read by an earlier generation; 0 where nothing was
 * @param head the {@link Fingerprint#head} of the file; empty where it is not kept
 */
record FileOffset(
        long position,
        Ending ending,
        long check,
        int identity,
        @Nullable Packed packed,
        long skip,
        String head) {

    /** How the bytes before a position end. */
    enum Ending {
        /** At the end of a line. */
        LINE(""),
        /** With a record that had no newline: what follows up to the next newline belongs to this split too. */
        OPEN("+"),
        /** In the middle of a record that was rejected for its length: its rest is to be passed over. */
        INSIDE(">");

        private final String sign;

        Ending(String sign) {
            this.sign = sign;
        }
    }

    /**
     * How far a compressed file was read.
     *
     * @param bytes compressed bytes that went into the decompressor
     * @param check the {@link Fingerprint} of the last of them
     * @param finished whether all that was in them was read
     */
    record Packed(long bytes, long check, boolean finished) {}

    private static final Pattern COLON = Pattern.compile(":");
    private static final HexFormat HEX = HexFormat.of();

    Offset toOffset() {
        StringBuilder text = new StringBuilder(96)
                .append(position)
                .append(ending.sign)
                .append(':')
                .append(HEX.toHexDigits(check))
                .append(":i")
                .append(HEX.toHexDigits(identity));
        if (packed != null) {
            text.append(packed.finished ? ":Z" : ":z")
                    .append(packed.bytes)
                    .append('.')
                    .append(HEX.toHexDigits(packed.check));
        }
        if (skip > 0) {
            text.append(":s").append(skip);
        }
        if (!head.isEmpty()) {
            text.append(":h").append(head);
        }
        return new Offset(text.toString());
    }

    /** @throws IllegalArgumentException where the text is not one that {@link #toOffset} makes */
    static FileOffset parse(Offset offset) {
        String[] parts = COLON.split(offset.text(), -1);
        if (parts.length < 3) {
            throw new IllegalArgumentException("not an offset of a file: " + offset);
        }
        String place = parts[0];
        Ending ending = place.endsWith("+") ? Ending.OPEN : place.endsWith(">") ? Ending.INSIDE : Ending.LINE;
        long position = Long.parseLong(place.substring(0, place.length() - ending.sign.length()));
        int identity = 0;
        Packed packed = null;
        long skip = 0;
        String head = "";
        for (int i = 2; i < parts.length; i++) {
            String value = parts[i].isEmpty() ? "" : parts[i].substring(1);
            switch (parts[i].isEmpty() ? ' ' : parts[i].charAt(0)) {
                case 'i' -> identity = HexFormat.fromHexDigits(value);
                case 'z', 'Z' -> {
                    int point = value.indexOf('.');
                    packed = new Packed(
                            Long.parseLong(value.substring(0, Math.max(point, 0))),
                            HexFormat.fromHexDigitsToLong(value.substring(point + 1)),
                            parts[i].charAt(0) == 'Z');
                }
                case 's' -> skip = Long.parseLong(value);
                case 'h' -> head = value;
                default -> throw new IllegalArgumentException("not an offset of a file: " + offset);
            }
        }
        return new FileOffset(position, ending, HexFormat.fromHexDigitsToLong(parts[1]), identity, packed, skip, head);
    }
}
