package io.millrace.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What the index says of one chunk: records that one client appended in one go.
 *
 * <pre>
 *    0  'M' 'L' '1'             magic and version
 *    3  flags                   1: the first chunk of a group, that is of bytes forced to disk together
 *    4  CRC-32C of the data
 *    8  offset                  of the first byte in the partition
 *   16  follows                 where the chunk before ends; less than offset where a failed group lay between
 *   24  time received           microseconds since 1970
 *   32  idempotency key         upper half; the key is 0 where none was given
 *   40                          lower half
 *   48  length                  in bytes
 *   52  record count
 *   56  client                  number in the slot's file of clients
 *   60  CRC-32C of bytes 0 to 59
 * </pre>
 *
 * <p>Numbers are big-endian. An entry is {@value #BYTES} bytes at a multiple of that, so no entry lies across two
 * sectors, and one that is overwritten in place is the old or the new one after a crash: records can be blanked later
 * and the checksum of their chunk updated, while every offset stays as it is.
 *
 * @param follows never more than {@code offset}
 * @param firstOfGroup a crash can only have torn what comes from the last of these on: a group is written only when the
 *     one before is on disk
 */
record IndexEntry(
        long offset,
        long follows,
        int length,
        int records,
        long receivedMicros,
        int client,
        long keyHigh,
        long keyLow,
        int crc,
        boolean firstOfGroup) {

    static final int BYTES = 64;

    private static final int MAGIC = ('M' << 24) | ('L' << 16) | ('1' << 8);
    private static final int FIRST_OF_GROUP = 1;
    private static final int CHECKED = BYTES - Integer.BYTES;

    long end() {
        return offset + length;
    }

    boolean hasKey() {
        return (keyHigh | keyLow) != 0;
    }

    /** Writes at the buffer's position and moves it on; the arguments are as the components, with no object made. */
    static void put(
            ByteBuffer to,
            CRC32C crc,
            boolean firstOfGroup,
            int dataCrc,
            long offset,
            long follows,
            long receivedMicros,
            long keyHigh,
            long keyLow,
            int length,
            int records,
            int client) {
        int start = to.position();
        to.putInt(MAGIC | (firstOfGroup ? FIRST_OF_GROUP : 0))
                .putInt(dataCrc)
                .putLong(offset)
                .putLong(follows)
                .putLong(receivedMicros)
                .putLong(keyHigh)
                .putLong(keyLow)
                .putInt(length)
                .putInt(records)
                .putInt(client);
        int limit = to.limit();
        to.limit(start + CHECKED).position(start);
        crc.reset();
        crc.update(to);
        to.limit(limit).putInt((int) crc.getValue());
    }

    /** Reads the entry that begins at an index of an array; null where it is not sound. */
    static @Nullable IndexEntry get(ByteBuffer from, int at, CRC32C crc) {
        crc.reset();
        crc.update(from.array(), from.arrayOffset() + at, CHECKED);
        int first = from.getInt(at);
        if ((int) crc.getValue() != from.getInt(at + CHECKED) || (first & ~0xff) != MAGIC) {
            return null;
        }
        IndexEntry entry = new IndexEntry(
                from.getLong(at + 8),
                from.getLong(at + 16),
                from.getInt(at + 48),
                from.getInt(at + 52),
                from.getLong(at + 24),
                from.getInt(at + 56),
                from.getLong(at + 32),
                from.getLong(at + 40),
                from.getInt(at + 4),
                (first & FIRST_OF_GROUP) != 0);
        return entry.length > 0 && entry.follows <= entry.offset ? entry : null;
    }
}
