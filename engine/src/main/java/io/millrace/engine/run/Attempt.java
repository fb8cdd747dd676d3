package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Account;
import io.millrace.api.FencedException;
import io.millrace.api.Offset;
import io.millrace.api.RowsRefusedException;
import io.millrace.api.SinkException;
import io.millrace.api.Split;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the splits from where the destination stands: starts the lanes and, on the calling thread, commits what
 * they hand over. Ends when the splits are read, which those of a live source never are, when the run is stopped, or when
 * a commit shows that somebody else has moved the pipeline on; then nothing of it is left in memory and another attempt
 * may follow.
 *
 * <p>Shares that wait while a commit is under way are committed together (group commit), so that two lanes with the same
 * keys cost one merge in the destination and never lock each other out there.
 */
final class Attempt {

    /** How long a commit waits for the other lanes to add what they have; they look after every batch. */
    private static final long GATHER_MILLIS = 100;

    private static final long TIDY_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Evolved evolved;
    private final Job job;
    private final Tally tally;
    private final Destination destination;
    private final RunListener listener;
    private final InstantSource clock;
    private final Care care;
    /** Whether each record stands or falls by itself. */
    private final boolean careful;

    private final Leases leases;
    private final @Nullable SeenKeys seen;
    /** Open when {@link #seen} has what the destination remembers. */
    private final CountDownLatch keysAreRead;

    private final Pace pace;
    private final Job.@Nullable Following following;
    private final List<Thread> threads = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Where the destination stands. Guarded by lock. */
    private final Map<String, Offset> progress;
    /** Splits that no lane has taken yet. Guarded by lock. */
    private final Queue<Split> splits;
    /** The splits of a live source that have a lane. Guarded by lock. */
    private final Set<String> followed = new HashSet<>();
    /** Those of them that the source does not offer any more: their lanes end. Replaced, never changed. */
    private volatile Set<String> withdrawn = Set.of();
    /** Shares that wait for their commit, in the order of their arrival. Guarded by lock. */
    private final List<Share> pending = new ArrayList<>();
    /** Whether one of these is due, rather than the last of a lane that has nothing left to read. Guarded by lock. */
    private boolean due;
    /** Those at work. Guarded by lock. */
    private final Set<Lane> lanes = new HashSet<>();
    /** Guarded by lock. */
    private @Nullable Throwable broken;

    /** Set while a commit gathers the shares of all lanes. */
    private volatile boolean gathering;

    /** Whether nothing is being committed or waits for it. */
    private volatile boolean idle = true;

    private volatile long lastCommit = System.nanoTime();

    /** When that began: since then lanes fill the shares of the next. */
    private volatile long commitBegan = lastCommit;

    private volatile boolean abandoned;

    /** What is to become columns: what was read before is committed, and no more is read. The first of several. */
    private volatile @Nullable FieldsFound found;

    /** When the destination was last told to tidy up. Of the thread that runs. */
    private long tidied = System.nanoTime();

    Attempt(
            Evolved evolved,
            List<Split> splits,
            Map<String, Offset> progress,
            Leases leases,
            Destination destination,
            Tally tally,
            Care care,
            RunListener listener,
            InstantSource clock) {
        this.evolved = evolved;
        this.job = evolved.job();
        this.splits = new ArrayDeque<>(splits);
        this.progress = new HashMap<>(progress);
        this.leases = leases;
        Job.Dedupe dedupe = job.dedupe();
        this.seen = dedupe == null ? null : new SeenKeys(dedupe.within());
        this.keysAreRead = new CountDownLatch(seen == null ? 0 : 1);
        this.following = job.following();
        this.pace = new Pace(job.commit().every());
        this.destination = destination;
        this.tally = tally;
        this.listener = listener;
        this.clock = clock;
        this.care = care;
        this.careful = care.needed();
    }

    /**
     * Runs to the end.
     *
     * @return whether that is the end; false where it has been careful for long enough, and another attempt need not be
     * @throws FencedException where another instance has moved a split on
     * @throws RowsRefusedException where the destination refuses a row; the next attempt must be careful
     * @throws FieldsFound where records have fields that are to become columns
     */
    boolean run() throws SinkException, InterruptedException {
        boolean over;
        try {
            startLanes(Math.min(job.lanes(), splits.size()));
            // While the lanes read the first of what the first commit takes.
            destination.prepare(job.shape());
            readKeys();
            do {
                look();
                commitWhatIsDue();
                over = ended();
            } while (!over && !careEnded());
        } finally {
            abandoned = true;
            threads.forEach(Thread::interrupt);
            // None may outlive the attempt and read a source that is being closed.
            threads.forEach(ThreadEnd::await);
        }
        if (broken != null) {
            throw new IllegalStateException("a lane of pipeline " + job.pipeline() + " broke", broken);
        }
        FieldsFound fields = found;
        if (fields != null) {
            throw fields;
        }
        return over;
    }

    /** Lets the lanes go on with the first records that they have read. */
    private void readKeys() throws SinkException, InterruptedException {
        if (seen != null) {
            destination.remembered(seen);
            keysAreRead.countDown();
        }
    }

    private void startLanes(int count) {
        for (int i = 0; i < count; i++) {
            Lane lane = new Lane(evolved, this);
            lock.lock();
            try {
                lanes.add(lane);
            } finally {
                lock.unlock();
            }
            Thread thread = Thread.ofPlatform().name("lane-" + threads.size()).unstarted(lane);
            threads.add(thread);
            thread.start();
        }
    }

    /**
     * Looks after a run that goes on: keeps its leases, and starts a lane for each split of a live source that has none,
     * because it is new, its last reader failed, or the process that had it is gone. One that the source does not offer
     * any more is left to others.
     */
    private void look() throws SinkException, InterruptedException {
        if (following == null || stopping()) {
            return;
        }
        leases.renew();
        if (System.nanoTime() - tidied > TIDY_NANOS) {
            destination.tidy();
            tidied = System.nanoTime();
        }
        if (!job.source().live()) {
            return;
        }
        List<Split> wanted = splitsWithoutLane();
        List<Split> free = leases.take(wanted);
        if (free.isEmpty()) {
            if (!wanted.isEmpty()) {
                // Others have them: how far they are is asked for by those who wait for it.
                tally.standsAt(destination.progress());
            }
            return;
        }
        // What another process has committed since is known only after the lease is ours.
        Map<String, Offset> stands = destination.progress();
        tally.standsAt(stands);
        lock.lock();
        try {
            progress.putAll(stands);
            splits.addAll(free);
            free.forEach(split -> followed.add(split.id()));
        } finally {
            lock.unlock();
        }
        threads.removeIf(thread -> !thread.isAlive());
        startLanes(free.size());
    }

    private List<Split> splitsWithoutLane() throws SinkException, InterruptedException {
        List<Split> found;
        try {
            found = job.source().splits(tally.offsets());
            tally.sourceFound();
        } catch (IOException e) {
            tally.sourceFailed(e);
            return List.of();
        }
        Set<String> offered = new HashSet<>();
        found.forEach(split -> offered.add(split.id()));
        Set<String> leaving = leases.heldBeyond(offered);
        withdrawn = Set.copyOf(leaving);
        lock.lock();
        try {
            Set<String> busy = new HashSet<>(followed);
            // A lane that has just ended may have left a share: its splits wait until that is committed.
            pending.forEach(share -> share.moves().forEach(move -> busy.add(move.split())));
            leaving.removeAll(busy);
            found = found.stream().filter(split -> !busy.contains(split.id())).toList();
        } finally {
            lock.unlock();
        }
        leases.giveBack(leaving);
        return found;
    }

    /** Commits until the lanes have ended and nothing is left, or, in a run that goes on, until it is time to look. */
    private void commitWhatIsDue() throws SinkException, InterruptedException {
        long lookAt = following == null
                ? 0
                : System.nanoTime() + following.lookEvery().toNanos();
        for (List<Share> shares = take(lookAt); !shares.isEmpty(); shares = take(lookAt)) {
            if (careful) {
                for (Share share : shares) {
                    commit(new Gathered(List.of(share)));
                }
            } else {
                commit(new Gathered(shares));
            }
            if (careEnded()) {
                return;
            }
            shares.forEach(share -> share.lane().giveBack(share));
            if (following != null) {
                leases.renew();
                if (System.nanoTime() - lookAt >= 0) {
                    // Under load there is always something due.
                    return;
                }
            }
        }
    }

    /**
     * Whether what has not been read yet can be committed as one again. What has been read is committed with care all the
     * same where nothing more will be.
     */
    private boolean careEnded() {
        if (!careful || care.needed() || tally.ending()) {
            return false;
        }
        lock.lock();
        try {
            return !lanes.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private boolean ended() {
        lock.lock();
        try {
            return broken != null || (lanes.isEmpty() && (!job.source().live() || stopping()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for something to commit; empty when there is nothing and will be nothing, or when it is time to look.
     *
     * @param lookAt when that is, of a run that goes on
     */
    private List<Share> take(long lookAt) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            boolean late = false;
            while (!due
                    && broken == null
                    && !late
                    && (!lanes.isEmpty() || (job.source().live() && !stopping()))) {
                if (following == null) {
                    changed.await();
                } else {
                    late = changed.awaitNanos(lookAt - System.nanoTime()) <= 0;
                }
            }
            if (broken != null || (late && !due)) {
                return List.of();
            }
            gathering = true;
            long left = TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS);
            while (gathers() && left > 0) {
                left = changed.awaitNanos(left);
            }
            gathering = false;
            List<Share> shares = List.copyOf(pending);
            pending.clear();
            due = false;
            return shares;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether a lane at work is still to add its share to the commit that gathers: any that has none waiting, but of a live
     * source only one that has something to add. Called with the lock held.
     */
    private boolean gathers() {
        return lanes.stream()
                .anyMatch(lane ->
                        (!job.source().live() || lane.hasRows()) && (lane.hasHandedOverItsLast() || !shareWaits(lane)));
    }

    /** Called with the lock held. */
    private boolean shareWaits(Lane lane) {
        return pending.stream().anyMatch(share -> share.lane() == lane);
    }

    private void commit(Gathered gathered) throws SinkException, InterruptedException {
        long start = System.nanoTime();
        commitBegan = start;
        CompletableFuture<Commit.Keys> keys =
                seen == null ? null : gathered.keyBlock(careful).thenApply(seen::toCommit);
        gathered.addUp();
        Account given = gathered.account();
        Suspects.Sifted sifting = gathered.sifting(given);
        Commit commit = new Commit(tally.run(), gathered.staged(), given, sifting, keys == null ? null : keys.join());
        long rows = gathered.rows();
        long received = Gathered.received(given);
        Account account;
        try {
            account = destination.commit(commit);
        } catch (RowsRefusedException e) {
            if (careful) {
                throw new SinkException("The destination can't tell which rows it refuses: " + e.getMessage(), e);
            }
            care.refused(received);
            throw e;
        }
        lastCommit = System.nanoTime();
        pace.took(rows, lastCommit - start);
        long refused = Gathered.quarantined(account) - Gathered.quarantined(given);
        if (sifting != null && seen != null && refused > 0) {
            gathered.forget(sifting.refused(), seen);
        }
        care.committed(received, refused);
        tally.refused(refused);
        Commit made = commit.with(account);
        tally.committed(made, gathered.readBytes(), lastCommit - start);
        long brought = rows - (sifting == null || refused == 0 ? 0 : sifting.refusedRows());
        listener.committed(made, brought, Duration.ofNanos(lastCommit - start));
        lock.lock();
        try {
            idle = pending.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    // What lanes call

    InstantSource clock() {
        return clock;
    }

    /** The keys of records that were loaded, which {@link #awaitKeys} waits for; null where none are remembered. */
    @Nullable
    SeenKeys seen() {
        return seen;
    }

    /** Called by lanes with the first records that they have read. */
    void awaitKeys() throws InterruptedException {
        keysAreRead.await();
    }

    /** Whether each record is to stand or fall by itself. */
    boolean careful() {
        return careful;
    }

    boolean stopping() {
        return abandoned || found != null || tally.ending();
    }

    /** Whether a split is to be left to other processes. */
    boolean withdrawn(Split split) {
        return withdrawn.contains(split.id());
    }

    @Nullable
    Split nextSplit() {
        lock.lock();
        try {
            return splits.poll();
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Offset progressOf(Split split) {
        lock.lock();
        try {
            return progress.get(split.id());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether a lane of a live source should hand over what it has.
     *
     * @param rows how many rows that is
     * @param quiet whether nothing more seems to come
     */
    boolean dueForCommit(long rows, boolean quiet) {
        long now = System.nanoTime();
        return idle && (quiet || now - lastCommit >= pace.gap(rows, now - commitBegan));
    }

    /** Whether a commit is about to begin that this lane has not added to. */
    boolean shareWanted(Lane lane) {
        if (!gathering) {
            return false;
        }
        lock.lock();
        try {
            return gathering && !shareWaits(lane);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands over a share.
     *
     * @param urgent whether to commit it as soon as possible. The last of a lane waits for the next commit that is, or
     *     for the end: a commit of its own would bring in keys that the other lanes are about to bring in too
     */
    void submit(Share share, boolean urgent) {
        lock.lock();
        try {
            idle = false;
            pending.add(share);
            due |= urgent;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void read(Split split, long received, long rejected, long bytes) {
        tally.read(received, rejected, bytes);
        if (following != null) {
            tally.splitRead(split.id());
        }
    }

    void fieldsFound(FieldsFound fields) {
        lock.lock();
        try {
            found = found == null ? fields : found;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void splitFailed(Split split, IOException e) {
        tally.splitFailed(split, e);
    }

    void laneBroke(Throwable e) {
        lock.lock();
        try {
            if (broken == null) {
                broken = e;
            } else {
                broken.addSuppressed(e);
            }
            abandoned = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void laneEnded(Lane lane, List<String> read) {
        lock.lock();
        try {
            lanes.remove(lane);
            followed.removeAll(read);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
