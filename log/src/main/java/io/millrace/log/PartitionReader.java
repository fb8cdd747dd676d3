package io.millrace.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition in order, and follows it while it grows. Hands out only what is on disk, so that what it has handed
 * out is there after any crash. Every chunk is checked against its checksum.
 *
 * <p>Used by one thread at a time; {@link #close} may be called from any. Where this process writes the partition, a
 * reader at its end is woken by the append; where another does, it looks every {@link LogOptions#pollInterval}.
 */
public final class PartitionReader implements Closeable {

    /** How much of a damaged stretch is handed out. */
    public static final int MAX_DAMAGED_BYTES = 16 << 20;

    private final PartitionName name;
    private final SegmentTrail trail;
    private final Supplier<@Nullable Tail> tails;
    private final long pollNanos;
    private final Stretch stretch;
    private final List<IndexEntry> taken = new ArrayList<>();
    private final CRC32C crc = new CRC32C();

    /** Held during {@link #next}; {@link #close} waits for it before it closes the files. */
    private final ReentrantLock inUse = new ReentrantLock();

    private volatile @Nullable Thread waiting;
    private volatile boolean closed;

    // Guarded by inUse.
    private long position;

    /** Whether the position is one that the reader came to by itself. */
    private boolean underWay;

    private PartitionReader(
            PartitionName name,
            Path folder,
            Supplier<@Nullable Tail> tails,
            Duration pollInterval,
            ClientNames.Lookup clients,
            long position) {
        this.name = name;
        this.trail = new SegmentTrail(name, folder);
        this.tails = tails;
        this.pollNanos = pollInterval.toNanos();
        this.stretch = new Stretch(clients);
        this.position = position;
    }

    /**
     * @param log the folder of the log
     * @param tails tells how far the partition is on disk; null where this process does not write it
     */
    static PartitionReader open(
            Path log, PartitionName name, Start start, Supplier<@Nullable Tail> tails, Duration pollInterval)
            throws IOException {
        Path folder = name.in(log);
        ClientNames.Lookup clients = new ClientNames.Lookup(ClientNames.path(log.resolve(name.stream()), name.slot()));
        long position = Positions.of(folder, start, tails.get());
        PartitionReader reader = new PartitionReader(name, folder, tails, pollInterval, clients, position);
        try {
            reader.trail.locate(position);
        } catch (IOException e) {
            reader.close();
            throw e;
        }
        return reader;
    }

    public PartitionName partition() {
        return name;
    }

    /**
     * The next lines, or what else there is.
     *
     * @param maxBytes how much to hand out at once; a longer line is handed out alone
     * @param timeout how long to wait where there is nothing
     * @throws LogException where the reader was opened at an offset inside a line
     */
    public Reading next(int maxBytes, Duration timeout) throws IOException, InterruptedException {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + "; it must be more than 0");
        }
        Deadline deadline = Deadline.in(timeout);
        inUse.lockInterruptibly();
        try {
            return next(maxBytes, deadline);
        } catch (IOException e) {
            // What was half read is read again from the position.
            stretch.prepare(position, 0, 0);
            trail.close();
            if (e instanceof ClosedByInterruptException && Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("Reading " + name).initCause(e);
            }
            throw e;
        } finally {
            inUse.unlock();
        }
    }

    private Reading next(int maxBytes, Deadline deadline) throws IOException, InterruptedException {
        waiting = Thread.currentThread();
        try {
            while (!closed) {
                if (stretch.isUsedUp()) {
                    Reading found = load(maxBytes);
                    if (found != null) {
                        return found;
                    }
                }
                if (!stretch.isUsedUp()) {
                    stretch.advance(maxBytes);
                    return stretch;
                }
                if (!await(deadline)) {
                    return new Reading.Idle();
                }
            }
            return new Reading.Closed();
        } finally {
            waiting = null;
        }
    }

    /** The next whole chunks, for who wants to see them as they are; nothing is waited for. */
    Reading nextChunks(int maxBytes) throws IOException, InterruptedException {
        Reading reading = next(maxBytes, Duration.ZERO);
        if (reading == stretch && !stretch.isUsedUp()) {
            stretch.skipTo(stretch.offset());
            stretch.advance(Integer.MAX_VALUE);
        }
        return reading;
    }

    /** Waits for more; false where the time is up. */
    private boolean await(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("Waiting for more of " + name);
        }
        long left = deadline.left();
        if (left <= 0) {
            return false;
        }
        Tail tail = tails.get();
        if (closed) {
            return true;
        }
        if (tail == null) {
            LockSupport.parkNanos(this, Math.min(left, pollNanos));
        } else {
            tail.await(position, left);
        }
        return true;
    }

    /** Loads the next sound chunks into the stretch, or says what is wrong at this place; does neither at the end. */
    private @Nullable Reading load(int maxBytes) throws IOException {
        while (true) {
            if (trail.current() == null) {
                trail.locate(position);
            }
            Reading.Gone gone = trail.takeGone();
            if (gone != null) {
                position = gone.first();
                return gone;
            }
            OpenSegment current = trail.current();
            if (current == null) {
                return null;
            }
            // In this order: whether it has ended, how far it is on disk, how many entries it has.
            boolean ended = current.ended;
            Tail tail = tails.get();
            long end = tail == null ? Long.MAX_VALUE : tail.end();
            long count = tail == null ? current.onDisk() : current.index.count();
            Damage damage = take(current, count, end, maxBytes);
            if (damage == null && !taken.isEmpty()) {
                return fill(current, maxBytes);
            }
            long next = current.next;
            if (damage == null && position < end && next < count) {
                damage = badEntries(current, count, end);
            }
            if (damage != null) {
                return damaged(current, damage);
            }
            if (current.next > next) {
                continue;
            }
            if (position >= end) {
                return null;
            }
            if (!ended) {
                if (!trail.isLast(current, position)) {
                    // Entries may have come between counting them and its end.
                    continue;
                }
                return tail == null || current.next < count
                        ? null
                        : damaged(current, damage(end, "the index has no entry for these bytes"));
            }
            if (current.next >= count) {
                if (position < current.dataEnd()) {
                    return damaged(current, damage(current.dataEnd(), "the index has no entry for these bytes"));
                }
                if (!trail.openNext(position)) {
                    return null;
                }
            }
        }
    }

    /** Takes the entries of chunks that lie one after the other; says where one is missing before the first. */
    private @Nullable Damage take(OpenSegment current, long count, long end, int maxBytes) throws IOException {
        taken.clear();
        long bytes = 0;
        for (long at = current.next; at < count; at++) {
            IndexEntry entry = current.index.entry(at);
            if (entry == null || entry.end() > end) {
                break;
            }
            if (taken.isEmpty()) {
                if (entry.end() <= position) {
                    current.next = at + 1;
                    continue;
                }
                if (entry.follows() > position) {
                    return damage(entry.follows(), "no index entry leads here; the next is for " + entry.offset());
                }
                position = Math.max(position, entry.offset());
            } else if (entry.offset() != taken.getLast().end() || bytes + entry.length() > maxBytes) {
                break;
            }
            taken.add(entry);
            bytes += entry.length();
        }
        return null;
    }

    /** Reads and checks the chunks taken; those before the first bad one are handed out, it comes alone next time. */
    private Reading.@Nullable Damaged fill(OpenSegment current, int maxBytes) throws IOException {
        long base = taken.getFirst().offset();
        int length = (int) (taken.getLast().end() - base);
        if ((length > maxBytes || base < current.start) && !current.holds(taken.getFirst())) {
            // Its checksum is right and what it says is not: memory for it is not worth asking for.
            current.next++;
            return damaged(
                    current,
                    damage(
                            current,
                            taken.getFirst(),
                            "the data file does not have the bytes that the index says it has"));
        }
        long next = current.next;
        byte[] bytes = stretch.prepare(base, length, maxBytes);
        int read = current.read(base, bytes, 0, length);
        int at = 0;
        for (int i = 0; i < taken.size(); i++) {
            IndexEntry entry = taken.get(i);
            String wrong = check(entry, bytes, at, read - at);
            if (wrong != null) {
                // Records may just be overwritten: what is on disk by now counts.
                IndexEntry again = current.index.reread(current.next);
                int reread = current.read(entry.offset(), bytes, at, entry.length());
                wrong = again == null ? wrong : check(again, bytes, at, reread);
            }
            if (wrong != null && i > 0) {
                break;
            }
            if (wrong != null) {
                current.next++;
                return damaged(current, damage(current, entry, wrong));
            }
            stretch.add(entry);
            current.next++;
            at += entry.length();
        }
        if (!stretch.skipTo(position)) {
            if (underWay) {
                current.next = next + 1;
                return damaged(
                        current, damage(taken.getFirst().end(), "index entries overlap, and not at the end of a line"));
            }
            throw new LogException(
                    "Offset " + position + " of " + name + " lies inside a line; a reader begins where a line does");
        }
        position = base + at;
        underWay = true;
        return null;
    }

    private @Nullable String check(IndexEntry entry, byte[] bytes, int at, int there) {
        if (there < entry.length()) {
            return "the data file ends " + (entry.length() - Math.max(there, 0)) + " bytes before the chunk does";
        }
        crc.reset();
        crc.update(bytes, at, entry.length());
        int found = (int) crc.getValue();
        return found == entry.crc()
                ? null
                : String.format("the bytes have CRC-32C %08x, the index says %08x", found, entry.crc());
    }

    /**
     * Goes past index entries that are not sound; null where they have no bytes of their own, or may still be about to be
     * written.
     */
    private @Nullable Damage badEntries(OpenSegment current, long count, long end) throws IOException {
        long sound = current.index.nextSound(current.next, count);
        IndexEntry entry = sound < count ? current.index.entry(sound) : null;
        long to;
        if (entry != null) {
            to = Math.min(entry.follows(), end);
            current.next = sound;
        } else if (current.ended) {
            to = current.dataEnd();
            current.next = count;
        } else if (end < Long.MAX_VALUE && trail.isLast(current, position)) {
            // How many of them stand for bytes on disk is not known: the next sound one will tell.
            to = end;
        } else {
            return null;
        }
        return to <= position ? null : damage(to, "index entries have checksums that do not match");
    }

    private Damage damage(long to, String reason) {
        return new Damage(name, position, to - position, -1, reason);
    }

    /** The chunk of an entry, as far as the next sound entry, which has begun to count already, does not lay claim to it. */
    private Damage damage(OpenSegment current, IndexEntry entry, String reason) throws IOException {
        long count = current.index.count();
        long sound = current.index.nextSound(current.next, count);
        IndexEntry after = sound < count ? current.index.entry(sound) : null;
        boolean overlaps = after != null && after.offset() > position && after.offset() < entry.end();
        if (after != null && overlaps) {
            return damage(after.offset(), reason);
        }
        int records = position == entry.offset() ? entry.records() : -1;
        return new Damage(name, position, entry.end() - position, records, reason);
    }

    private Reading.Damaged damaged(OpenSegment current, Damage damage) throws IOException {
        stretch.prepare(position, 0, 0);
        byte[] bytes = new byte[(int) Math.min(damage.length(), MAX_DAMAGED_BYTES)];
        int read = damage.offset() < current.start ? 0 : current.read(damage.offset(), bytes, 0, bytes.length);
        position = damage.offset() + damage.length();
        underWay = true;
        return new Reading.Damaged(damage, Arrays.copyOf(bytes, read));
    }

    /** Ends a call of {@link #next} that waits, which returns {@link Reading.Closed}, and closes the files. */
    @Override
    public void close() throws IOException {
        closed = true;
        Thread reader = waiting;
        if (reader != null) {
            LockSupport.unpark(reader);
        }
        inUse.lock();
        try {
            trail.close();
        } finally {
            inUse.unlock();
        }
    }
}
