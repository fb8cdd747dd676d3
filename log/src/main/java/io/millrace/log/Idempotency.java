package io.millrace.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that what comes again under the same idempotency key is not stored again. One for each stream that is
 * written; keys are told apart by client and, since the parts of one append share a key, remembered by the number of the partition.
 *
 * <p>How long ago a key was used is measured by {@link System#nanoTime}: a clock that is set forward must not make all keys
 * be forgotten at once, just when clients repeat what was under way.
 *
 * <p>Thread-safe. Its monitor guards the table and the set of keys under way.
 */
final class Idempotency {
    private static final long FORGOTTEN_EVERY_MICROS = 1_000_000;

    private final String stream;
    private final LogListener listener;
    private final LongSupplier nanoTime;
    private final IdempotencyTable table;
    private final Set<Key> underWay = new HashSet<>();
    private long forgottenTold;
    private long forgottenToldAtMicros;

    /** How many partitions a key may have been used for, by their highest number. */
    private int partitions;

    /** @param partitions how many are written to now */
    Idempotency(String stream, int partitions, LogOptions options, LogListener listener, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.stream = stream;
        this.partitions = partitions;
        this.listener = listener;
        this.table = new IdempotencyTable(options.idempotencyWindow().toNanos() / 1000, options.maxIdempotencyKeys());
    }

    /** The key of a client, hashed. SHA-256, since clients choose keys and must not be able to meet another's. */
    record Key(long high, long low) {
        static Key of(String client, String key) {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                byte[] name = client.getBytes(StandardCharsets.UTF_8);
                digest.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(name.length).flip());
                digest.update(name);
                ByteBuffer hash = ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
                return new Key(hash.getLong(), hash.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("Every JDK has SHA-256", e);
            }
        }

        /** The key within one partition, for what is in memory; files hold the key itself. */
        Key in(int partition) {
            // An odd multiplier, so that no two partitions share a value.
            return new Key(high, low ^ (partition + 1L) * 0x9E3779B97F4A7C15L);
        }
    }

    /**
     * What is known of one part of an append.
     *
     * @param known where its records are, {@link AppendResult.Repeated} or {@link AppendResult.Conflict}; null where they
     *     are to be stored, and {@link #stored} or {@link #release} is to be called
     */
    record Claim(Key key, @Nullable AppendResult known) {}

    /**
     * Claims the key for every part of an append that is not stored yet; waits while another append under the same key
     * is under way. Where any part is in conflict, nothing is claimed. So it is where the key was used for a partition
     * that no part goes to, unless it is the one part that went there before: the number of partitions has changed then.
     *
     * @param crcs of each part's bytes
     * @return null where the time was up
     */
    synchronized @Nullable List<Claim> claim(Key key, List<StreamWriter.Part> parts, int[] crcs, Deadline deadline)
            throws InterruptedException {
        while (true) {
            long nowMicros = micros();
            List<Claim> claims = new java.util.ArrayList<>(parts.size());
            boolean conflict = false;
            boolean wait = false;
            for (int i = 0; i < parts.size(); i++) {
                StreamWriter.Part part = parts.get(i);
                Key mine = key.in(part.partition());
                int found = table.find(mine.high(), mine.low(), nowMicros);
                AppendResult known =
                        found < 0 ? null : known(found, (int) part.lines().bytes(), crcs[i]);
                conflict |= known instanceof AppendResult.Conflict;
                wait |= underWay.contains(mine);
                claims.add(new Claim(mine, known));
            }
            for (int partition = 0; partition < partitions && !conflict; partition++) {
                Key other = key.in(partition);
                if (isAmong(parts, partition)) {
                    continue;
                }
                wait |= underWay.contains(other);
                int found = table.find(other.high(), other.low(), nowMicros);
                if (found >= 0 && claims.getFirst().known() == null) {
                    AppendResult known =
                            known(found, (int) parts.getFirst().lines().bytes(), crcs[0]);
                    boolean moved = known instanceof AppendResult.Repeated && parts.size() == 1;
                    claims.set(0, new Claim(other, moved ? known : conflict(found)));
                    conflict |= !moved;
                }
            }
            if (conflict) {
                return claims;
            }
            if (!wait) {
                for (Claim claim : claims) {
                    if (claim.known() == null) {
                        underWay.add(claim.key());
                    }
                }
                return claims;
            }
            if (!deadline.await(this)) {
                return null;
            }
        }
    }

    private static boolean isAmong(List<StreamWriter.Part> parts, int partition) {
        for (StreamWriter.Part part : parts) {
            if (part.partition() == partition) {
                return true;
            }
        }
        return false;
    }

    private AppendResult known(int found, int bytes, int crc) {
        return table.matches(found, bytes, crc)
                ? new AppendResult.Repeated(partition(found), table.offset(found))
                : conflict(found);
    }

    private AppendResult conflict(int found) {
        return new AppendResult.Conflict(partition(found), table.offset(found));
    }

    private PartitionName partition(int found) {
        long place = table.place(found);
        return new PartitionName(stream, (int) (place >>> 32), (int) place);
    }

    /** Says that a claimed part is stored. */
    synchronized void stored(Key key, PartitionName partition, long offset, int bytes, int crc) {
        remember(key, partition, 0, offset, bytes, crc);
        release(key);
        long nowMicros = micros();
        long forgotten = table.forgottenEarly();
        if (forgotten > forgottenTold
                && (forgottenTold == 0 || nowMicros - forgottenToldAtMicros >= FORGOTTEN_EVERY_MICROS)) {
            forgottenTold = forgotten;
            forgottenToldAtMicros = nowMicros;
            listener.on(new LogEvent.KeysForgotten(stream, forgotten));
        }
    }

    /** Takes back the claim of a part that was not stored: whoever waits for it is the first now. */
    synchronized void release(Key key) {
        underWay.remove(key);
        notifyAll();
    }

    /** @param ageMicros how long ago the key was used */
    synchronized void remember(Key key, PartitionName partition, long ageMicros, long offset, int bytes, int crc) {
        long nowMicros = micros();
        long place = ((long) partition.slot() << 32) | partition.partition();
        partitions = Math.max(partitions, partition.partition() + 1);
        table.add(key.high(), key.low(), nowMicros - ageMicros, nowMicros, offset, place, bytes, crc);
    }

    private long micros() {
        return nanoTime.getAsLong() / 1000;
    }

    synchronized int remembered() {
        return table.size();
    }

    synchronized long forgottenEarly() {
        return table.forgottenEarly();
    }
}
