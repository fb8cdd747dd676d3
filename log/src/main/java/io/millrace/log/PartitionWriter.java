package io.millrace.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Appends to one partition, with group commit: what arrives while a group is being forced to disk is the next group.
 *
 * <pre>
 *   callers --copy--> staging (filled)          staging (being written) --write, force--> segment
 *      \______________ wait for their group ________________/  then all are woken at once
 * </pre>
 *
 * <p>Thread-safe. One thread of its own, the committer, touches the files. After a failed group it cuts off what was
 * written. Where a reader of another process may have seen some of it, or a force failed, it goes on in a new segment
 * at an offset after the failed group: no offset ever stands for two different bytes.
 */
final class PartitionWriter {
    private static final int NOBODY = -1;

    /**
     * A group is gathered up to a part of those that append. With half of them the disk has one half while the other is
     * answered and comes again; a little less, since some will not come again.
     */
    private static final double GATHERED = 0.4;

    /** How long it is waited for at most: so many times what the last force took, and never more than this. */
    private static final int GATHER_FORCES = 2;

    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final PartitionName name;
    private final Path folder;
    private final LogOptions options;
    private final InstantSource clock;
    private final LogListener listener;
    private final ChannelOpener opener;
    private final Tail tail;
    private final IndexForcer indexForcer;
    private final Thread committer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition space = lock.newCondition();

    // Guarded by the lock.
    private Staging filling = new Staging();
    private @Nullable Staging spare = new Staging();
    private long waitingBytes;
    private int waitingForSpace;
    private boolean committerIdle;

    /** How many appends the group must have for the committer to be woken while it gathers. */
    private int wanted = NOBODY;

    private boolean endRequested;
    private boolean closing;

    // The committer's own.
    private @Nullable SegmentWriter segment;
    private int released;
    private long forceNanos;
    private Repair repair = Repair.NONE;
    private long follows;
    private long next;

    /** What must be done to the files before anything can be appended. */
    private enum Repair {
        NONE,
        /** The data file may have bytes beyond its end. */
        CUT_DATA,
        /** Both files may, and they can't be trusted for more. */
        CUT_AND_RENEW
    }

    private PartitionWriter(StreamWriter.Setting setting, PartitionName name) throws IOException {
        this.name = name;
        this.folder = name.in(setting.log());
        this.options = setting.options();
        this.clock = setting.clock();
        this.listener = setting.listener();
        this.opener = setting.opener();
        this.indexForcer = new IndexForcer("log-force-" + name);
        // Not a virtual one: it would wait for its turn behind all that it has woken, with nothing on the way to the
        // disk.
        this.committer = Thread.ofPlatform().daemon().name("log-commit-" + name).unstarted(this::run);
        Segments.createFolder(folder);
        Recovery.End end = new Recovery(name, folder, listener).recover();
        follows = end.follows();
        next = end.offset();
        tail = new Tail(follows);
        if (end.segment() >= 0) {
            segment = SegmentWriter.resume(
                    folder, end.segment(), indexForcer, opener, end.firstMicros() < 0 ? now() : end.firstMicros());
        }
    }

    /** Opens a partition, which is made where it does not exist, and cuts off what a crash left half written. */
    static PartitionWriter open(StreamWriter.Setting setting, PartitionName name) throws IOException {
        PartitionWriter writer = new PartitionWriter(setting, name);
        writer.indexForcer.start();
        writer.committer.start();
        return writer;
    }

    PartitionName name() {
        return name;
    }

    int maxAppendBytes() {
        return options.maxWaitingBytes();
    }

    Tail tail() {
        return tail;
    }

    private long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    /**
     * Takes space for bytes that {@link #stage} or {@link #release} will be called for.
     *
     * @return false where there was none in time
     */
    boolean reserve(long bytes, Deadline deadline) throws InterruptedException, LogException {
        lock.lockInterruptibly();
        try {
            return takeSpace(bytes, deadline);
        } finally {
            lock.unlock();
        }
    }

    private boolean takeSpace(long bytes, Deadline deadline) throws InterruptedException, LogException {
        if (bytes > options.maxWaitingBytes()) {
            throw new IllegalArgumentException("An append of " + bytes + " bytes to " + name + "; at most "
                    + options.maxWaitingBytes() + " are possible (maxWaitingBytes): split it at a line");
        }
        while (waitingBytes + bytes > options.maxWaitingBytes() && !closing) {
            waitingForSpace++;
            try {
                if (space.awaitNanos(deadline.left()) <= 0) {
                    return false;
                }
            } finally {
                waitingForSpace--;
            }
        }
        if (closing) {
            throw new LogException("Partition " + name + " is closed for writing");
        }
        waitingBytes += bytes;
        return true;
    }

    void release(long bytes) {
        lock.lock();
        try {
            waitingBytes -= bytes;
            space.signalAll();
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands over lines, once there is space for them.
     *
     * @return null where there was none in time
     */
    @Nullable
    Ticket submit(Lines lines, int client, Deadline deadline) throws InterruptedException, LogException {
        lock.lockInterruptibly();
        try {
            return takeSpace(lines.bytes(), deadline) ? enter(lines, client, 0, 0) : null;
        } finally {
            lock.unlock();
        }
    }

    /** Hands over lines for which space was reserved; where it throws, the space is free again. */
    Ticket stage(Lines lines, int client, long keyHigh, long keyLow) {
        lock.lock();
        try {
            return enter(lines, client, keyHigh, keyLow);
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. The lines are copied when it returns. */
    private Ticket enter(Lines lines, int client, long keyHigh, long keyLow) {
        boolean entered = false;
        try {
            filling.group.join(Thread.currentThread());
            int at = filling.add(lines, client, keyHigh, keyLow);
            entered = true;
            if (committerIdle || filling.group.size() == wanted) {
                committerIdle = false;
                work.signal();
            }
            return new Ticket(filling.group, at);
        } finally {
            if (!entered) {
                waitingBytes -= lines.bytes();
                space.signalAll();
            }
        }
    }

    /** Asks for the segment to be ended, so that retention can drop it; it is done soon, where it holds anything. */
    void endSegment() {
        lock.lock();
        try {
            endRequested = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more appends, writes those that are under way, and returns when all are on disk or have failed. */
    void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
            space.signalAll();
        } finally {
            lock.unlock();
        }
        IndexForcer.join(committer);
        indexForcer.close();
    }

    private void run() {
        Staging written = null;
        while (true) {
            Staging staging;
            boolean end;
            lock.lock();
            try {
                if (written != null) {
                    waitingBytes -= written.bytes();
                    written.clear();
                    spare = written;
                    if (waitingForSpace > 0) {
                        space.signalAll();
                    }
                }
                while (filling.isEmpty() && !endRequested && !(closing && waitingBytes == 0)) {
                    committerIdle = true;
                    work.awaitUninterruptibly();
                }
                committerIdle = false;
                gather();
                end = endRequested;
                endRequested = false;
                staging = filling;
                if (!staging.isEmpty()) {
                    filling = java.util.Objects.requireNonNull(spare);
                    spare = null;
                } else if (closing && waitingBytes == 0) {
                    break;
                }
            } finally {
                lock.unlock();
            }
            if (end) {
                endHere();
            }
            written = staging.isEmpty() ? null : staging;
            if (written != null) {
                commit(written);
            }
        }
        closeSegment();
    }

    /**
     * Waits a moment, with the lock held, where those of the last group are about to append again: small groups cost as
     * much as large ones, and with all appends in one group nothing would be left to do while it is forced.
     */
    private void gather() {
        wanted = (int) (GATHERED * (released + filling.group.size()));
        long left = Math.min(GATHER_FORCES * forceNanos, GATHER_NANOS);
        try {
            while (filling.group.size() < wanted && left > 0 && !closing && !endRequested) {
                left = work.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts the committer; if somebody did, the group would be a little smaller.
        }
        wanted = NOBODY;
        released = filling.group.size();
    }

    /** Never throws: whatever happens, the callers are told, and the partition goes on. */
    private void commit(Staging staging) {
        int bytes = staging.bytes();
        SegmentWriter.Progress progress = new SegmentWriter.Progress();
        try {
            long now = now();
            SegmentWriter target = ready(bytes, now);
            long start = System.nanoTime();
            target.append(staging, follows, now, progress);
            long took = System.nanoTime() - start;
            forceNanos = took;
            long base = next;
            next = target.end();
            follows = next;
            tail.publish(next);
            staging.group.stored(base);
            tellStored(bytes, took);
        } catch (IOException | RuntimeException | Error e) {
            staging.data.limit(staging.data.capacity()).position(bytes);
            staging.group.failed(failed(e, bytes, progress));
        }
    }

    /** The segment that a group of so many bytes goes to. */
    private SegmentWriter ready(int bytes, long nowMicros) throws IOException {
        repair();
        SegmentWriter current = segment;
        if (current != null && current.bytes() > 0) {
            long age = nowMicros - current.firstMicros();
            if (current.bytes() + bytes > options.segmentBytes()
                    || age > TimeUnit.MILLISECONDS.toMicros(options.segmentAge().toMillis())) {
                // All of it is on disk: where closing fails, the next group simply begins a new one.
                segment = null;
                current.close();
            }
        }
        if (segment == null) {
            segment = SegmentWriter.create(folder, next, indexForcer, opener, nowMicros);
        }
        return segment;
    }

    private void repair() throws IOException {
        SegmentWriter current = segment;
        if (current != null && repair == Repair.CUT_DATA) {
            current.cutData();
        } else if (current != null && repair == Repair.CUT_AND_RENEW) {
            current.cutAndClose();
            segment = null;
        }
        repair = Repair.NONE;
    }

    private LogException failed(Throwable cause, int bytes, SegmentWriter.Progress progress) {
        LogException told = Failures.explain(folder, bytes, name.toString(), cause);
        if (progress.indexTouched) {
            repair = Repair.CUT_AND_RENEW;
            next += bytes;
        } else if (repair == Repair.NONE) {
            repair = Repair.CUT_DATA;
        }
        boolean repaired = false;
        try {
            repair();
            repaired = true;
        } catch (IOException | RuntimeException e) {
            told.addSuppressed(e);
        }
        tell(new LogEvent.WriteFailed(name, told, repaired), told);
        return told;
    }

    private void tellStored(int bytes, long nanos) {
        try {
            listener.stored(name, bytes, nanos);
        } catch (RuntimeException e) {
            // The group is on disk and its callers know: what only counts it must not say otherwise.
            System.getLogger(PartitionWriter.class.getName())
                    .log(System.Logger.Level.WARNING, "The listener of " + name + " broke", e);
        }
    }

    /** A listener that throws must not end the committer, for which others wait. */
    private void tell(LogEvent event, Exception about) {
        try {
            listener.on(event);
        } catch (RuntimeException e) {
            about.addSuppressed(e);
        }
    }

    private void endHere() {
        SegmentWriter current = segment;
        if (current == null || current.bytes() == 0) {
            return;
        }
        try {
            repair();
            SegmentWriter fresh = SegmentWriter.create(folder, next, indexForcer, opener, now());
            if (segment != null) {
                segment.close();
            }
            segment = fresh;
        } catch (IOException e) {
            LogException told = Failures.explain(folder, 0, name.toString(), e);
            tell(new LogEvent.WriteFailed(name, told, false), told);
        }
    }

    private void closeSegment() {
        try {
            repair();
            if (segment != null) {
                segment.close();
            }
        } catch (IOException e) {
            tell(new LogEvent.CloseFailed(name, e), e);
        }
    }

    /**
     * A place in a group.
     *
     * @param at where the lines begin in it
     */
    record Ticket(Group group, int at) {
        /** @return the offset of the lines */
        long await() throws LogException {
            return group.await() + at;
        }
    }
}
