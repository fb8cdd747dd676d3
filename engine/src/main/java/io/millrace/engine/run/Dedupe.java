package io.millrace.engine.run;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells records that repeat another by the value of their key. Each lane has its own over the {@link SeenKeys} of all.
 *
 * <p>A key is known by 96 bits of a hash with a secret of the destination: where ten million keys are remembered, one of
 * 10<sup>21</sup> new ones has the hash of another by chance, and nobody who does not know the secret can make one that has.
 */
final class Dedupe {

    /** Times are seconds from here, so that they fit an int until 2088. 2020-01-01 UTC */
    private static final long EPOCH_SECONDS = 1_577_836_800L;

    private static final int MICROS = 1_000_000;

    private final int[] columns;
    private final SeenKeys seen;
    /** Null before the first record: the secret comes with the keys of the destination. */
    private @Nullable KeyHash hash;

    private final KeyQuestion question = new KeyQuestion();
    private int[] records = new int[64];
    /** When the last of them was received, and what that is in a key: most of a batch have the same. */
    private long askedMicros = EPOCH_SECONDS * MICROS;

    private int askedSecond;

    /** @param columns the columns of a batch that make the key together */
    Dedupe(int[] columns, SeenKeys seen) {
        this.columns = columns.clone();
        this.seen = seen;
    }

    /** Whether no record of a batch lacks its key. */
    boolean allHaveKeys(Batch batch) {
        return Arrays.stream(columns).allMatch(column -> batch.column(column).nulls() == null);
    }

    /** Whether a part of the key is null, so that there is nothing to know the record by. */
    boolean lacksKey(Batch batch, int record) {
        for (int column : columns) {
            if (batch.column(column).isNull(record)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Adds a record of a batch to those that are asked about. They are asked about together: to look one up is to wait for
     * memory, and a processor can wait for several at once.
     *
     * @param receivedMicros when it was received, in microseconds since 1970 UTC
     */
    void ask(Batch batch, int record, long receivedMicros) {
        KeyHash hasher = hash();
        hasher.begin();
        for (int column : columns) {
            take(batch.column(column), record, hasher);
        }
        hasher.end();
        if (receivedMicros != askedMicros) {
            askedMicros = receivedMicros;
            askedSecond = Math.clamp(
                    Math.floorDiv(receivedMicros, MICROS) - EPOCH_SECONDS, Integer.MIN_VALUE / 2, Integer.MAX_VALUE);
        }
        int asked = question.size();
        if (asked == records.length) {
            records = Arrays.copyOf(records, 2 * asked);
        }
        records[asked] = record;
        question.add(hasher.first(), SeenKeys.low(hasher.second(), askedSecond));
    }

    /** Which of the records that were asked about repeat another. The keys of the others are noted, and added to a list. */
    BitSet repeated(KeyList added) {
        BitSet repeated = new BitSet();
        seen.answer(question);
        for (int i = 0; i < question.size(); i++) {
            if (question.first(i)) {
                added.add(question.high(i), question.low(i));
            } else {
                repeated.set(records[i]);
            }
        }
        question.clear();
        return repeated;
    }

    private KeyHash hash() {
        KeyHash made = hash;
        if (made == null) {
            made = seen.hash();
            hash = made;
        }
        return made;
    }

    private static void take(Column column, int record, KeyHash hash) {
        switch (column) {
            case Column.Longs c -> hash.take(c.values()[record]);
            case Column.Wides c -> {
                hash.take(c.high()[record]);
                hash.take(c.low()[record]);
            }
            case Column.Doubles c -> hash.take(Double.doubleToLongBits(c.values()[record]));
            case Column.Texts c -> hash.take(c.data(), c.start()[record], c.length()[record]);
            case Column.Arrays c -> throw new IllegalStateException("a list is no key");
        }
    }
}
