package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Tells records that repeat another by the value of their key. Each lane has its own over the {@link SeenKeys} of all.
 *
 * <p>A key is known by the first 128 bits of its SHA-256: two of ten million keys have the same by chance once in some
 * 10<sup>24</sup> years of trying, and nobody can make one that has.
 */
final class Dedupe {

    /** Times are seconds from here, so that they fit an int until 2088. 2020-01-01 UTC */
    private static final long EPOCH_SECONDS = 1_577_836_800L;

    private static final int MICROS = 1_000_000;

    private final int[] columns;
    private final SeenKeys seen;
    private final MessageDigest digest;
    private final byte[] hash = new byte[32];
    private final ByteBuffer numbers = ByteBuffer.wrap(new byte[16]);
    private final ByteBuffer halves = ByteBuffer.wrap(hash);

    /** @param columns the columns of a batch that make the key together */
    Dedupe(int[] columns, SeenKeys seen) {
        this.columns = columns.clone();
        this.seen = seen;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether a part of the key is null, so that there is nothing to know the record by. */
    boolean lacksKey(Batch records, int record) {
        for (int column : columns) {
            if (records.column(column).isNull(record)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a record is the first with its key; then the key is noted, and added to a list.
     *
     * @param receivedMicros when it was received, in microseconds since 1970 UTC
     */
    boolean first(Batch records, int record, long receivedMicros, KeyList added) {
        for (int column : columns) {
            take(records.column(column), record);
        }
        try {
            digest.digest(hash, 0, hash.length);
        } catch (java.security.DigestException e) {
            throw new IllegalStateException("the hash has room", e);
        }
        long high = halves.getLong(0);
        long low = halves.getLong(8);
        int second = Math.clamp(
                Math.floorDiv(receivedMicros, MICROS) - EPOCH_SECONDS, Integer.MIN_VALUE / 2, Integer.MAX_VALUE);
        if (!seen.first(high, low, second)) {
            return false;
        }
        added.add(high, low, second);
        return true;
    }

    private void take(Column column, int record) {
        switch (column) {
            case Column.Longs c -> number(c.values()[record]);
            case Column.Wides c -> {
                number(c.high()[record]);
                number(c.low()[record]);
            }
            case Column.Doubles c -> number(Double.doubleToLongBits(c.values()[record]));
            case Column.Texts c -> {
                // The length keeps ("ab", "c") apart from ("a", "bc").
                number(c.length()[record]);
                digest.update(c.data(), c.start()[record], c.length()[record]);
            }
            case Column.Arrays c -> throw new IllegalStateException("a list is no key");
        }
    }

    private void number(long value) {
        numbers.putLong(0, value);
        digest.update(numbers.array(), 0, Long.BYTES);
    }
}
