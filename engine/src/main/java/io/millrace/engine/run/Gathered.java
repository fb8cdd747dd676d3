package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Account;
import io.millrace.api.Commit.Move;
import io.millrace.api.Rejection;
import io.millrace.api.Sink;
import io.millrace.sql.exec.Aggregator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Shares that become one commit.
 *
 * @param shares at least one; only one where its records stand or fall one by one
 */
record Gathered(List<Share> shares) {

    private static final int DRAINED_ROWS = 8192;

    /** So many are worth a thread: some milliseconds. */
    private static final int MANY_KEYS = 100_000;

    /**
     * Stages what the lanes have added up. The destination is spared the work of bringing their keys together: it would
     * take several times as long for it.
     */
    void addUp() {
        List<Aggregator> aggregators =
                shares.stream().map(Share::aggregator).filter(Objects::nonNull).toList();
        if (aggregators.isEmpty()) {
            return;
        }
        Aggregator whole = aggregators.getFirst();
        aggregators.stream().skip(1).forEach(whole::merge);
        whole.drain(DRAINED_ROWS, shares.getFirst().staging()::add);
    }

    List<Sink.Staging> staged() {
        return shares.stream().map(Share::staging).toList();
    }

    /**
     * The keys of all records that have rows, where they are remembered. Of many it is made while rows are added up.
     *
     * @param inOrder whether they are to have the order of the records, which stand or fall one by one
     */
    CompletableFuture<byte[]> keyBlock(boolean inOrder) {
        List<KeyList> keys = shares.stream().map(Share::keys).toList();
        if (inOrder) {
            return CompletableFuture.completedFuture(KeyList.block(keys));
        }
        int count = keys.stream().mapToInt(KeyList::size).sum();
        return count < MANY_KEYS
                ? CompletableFuture.completedFuture(KeyList.blockByStripe(keys))
                : CompletableFuture.supplyAsync(() -> KeyList.blockByStripe(keys));
    }

    /** Records that the destination has refused may come again. */
    void forget(List<Commit.Refused> refused, SeenKeys seen) {
        KeyList keys = shares.getFirst().keys();
        refused.forEach(record -> keys.forget(record.record(), seen));
    }

    long rows() {
        return shares.stream().mapToLong(share -> share.staging().rows()).sum();
    }

    /** The input that they cover. */
    long readBytes() {
        return shares.stream().mapToLong(Share::readBytes).sum();
    }

    /** One move a split, where a lane has two shares in one commit. */
    Account account() {
        Map<String, Move> moves = new LinkedHashMap<>();
        for (Share share : shares) {
            for (Move move : share.moves()) {
                moves.merge(move.split(), move, Gathered::join);
            }
        }
        return new Account(List.copyOf(moves.values()), List.of());
    }

    private static Move join(Move first, Move second) {
        List<Rejection> rejected = new ArrayList<>(first.rejected());
        rejected.addAll(second.rejected());
        return new Move(first.split(), first.from(), second.to(), first.counts().plus(second.counts()), rejected);
    }

    /** Finds the records that the destination refuses; null where they stand or fall together. */
    Suspects.@Nullable Sifted sifting(Account account) {
        return shares.size() == 1 ? shares.getFirst().sifting(account) : null;
    }

    static long received(Account account) {
        return account.moves().stream()
                .mapToLong(move -> move.counts().received())
                .sum();
    }

    static long quarantined(Account account) {
        return account.moves().stream()
                .mapToLong(move -> move.counts().quarantined())
                .sum();
    }
}
